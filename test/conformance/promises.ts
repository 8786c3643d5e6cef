/**
 * What the product promises of a warehouse, one sentence each: every one needs a case, and every engine runs one or
 * says why it cannot (`promises.test.ts`).
 */
export const promises = {
  strategies: 'every strategy by every way: first run, second run, rerun, empty delta, reordered columns',
  'any-type': 'a column of any type is compared, kept and changed',
  identifiers: 'any name does as a column, a key and a relation',
  'long-names': 'a name that the engine would cut is refused or shortened without a clash',
  'delta-sources': 'the delta is its own SQL, a YAML file, the body, a filter on the watermark or the whole SELECT',
  winners: 'the newer row wins against a filtered delta, the delta wins when it is whole',
  append: 'append adds what is not there, and nothing twice',
  'duplicate-keys': 'duplicate keys collapse, the newest stays, or the run is refused with the rows at fault',
  'null-keys': 'NULL in a key is refused, matched or dropped',
  'key-columns': 'keys are tuples of columns, compared by the equality of the engine',
  'schema-added': 'a column that came or went, in every mode of on_schema_change',
  'schema-retyped': 'types widen without loss, or the run is refused',
  'schema-guards': 'a key column is never dropped, a protected model drops nothing, new columns can be filled',
  kinds: 'view, table and incremental model become one another',
  adoption: 'what is there before a run: tables of others, stale state, leftovers, doubled rows',
  'watermark-types': 'a watermark of every type is kept without loss',
  state: 'the state can be shown, set, reset; it never goes back, and follows rows that were deleted by hand',
  together: 'many models at once keep their own watermarks',
  windows: 'windows of time: those that are missing, open, looked back at or asked for, each replaced by itself',
  lookback: 'a lookback is subtracted from the watermark, for numbers and durations',
  refusals: 'what may not run is refused before anything runs',
  failures: 'a node that fails keeps its old rows and its old state',
  hooks: 'hooks run with their node, and their writes are kept or lost with it where the engine can',
  ephemeral: 'ephemeral models are part of the SQL of their children',
  seeds: 'seeds have the types of their values over the whole file, and a malformed file keeps the old table',
  'data-tests': 'data tests count the rows at fault',
  'code-models': 'rows, iterables, batches and SQL of a `.ff.ts` model are written, and merged incrementally',
  values: 'values go through query, stream and load without loss',
  literals: 'a literal of any type is read back as it was written',
  cancellation: 'a running statement is cancelled, and its connection can be used again',
  readers: 'a reader during a rebuild sees the old rows or the new ones',
  introspection: 'a thousand relations are read in a few statements',
  attachments: 'views, grants, comments and indexes that hang at a table are there after it was rebuilt',
  templates: 'the functions of the template library give SQL of the engine',
} as const

export type PromiseName = keyof typeof promises
