import * as v from 'valibot'
import { indexSchema } from './constraints.js'
import { closestEngine } from './profile-schema.js'
import { materializations, strategies } from './types.js'
import { either, fields, filledText, flag, key, list, map, mapOf, names, number, oneOf, text } from './values.js'

/** What a configuration belongs to; a few keys exist for one of them only. */
export type ConfiguredResource = 'model' | 'seed' | 'snapshot' | 'source'

/** One key of a configuration: everything that fft knows of it. */
export interface ConfigKey {
  readonly schema: v.GenericSchema
  readonly description: string
  readonly aliases?: readonly string[]
  /** May also stand under `incremental: {…}`, under `meta` beside `meta.incremental`, and in a delta file. */
  readonly incremental?: true
  /** Its presence makes a model without `materialized` incremental. */
  readonly implies?: true
  /** Checked and shown in the manifest, but nothing in the warehouse follows from it yet. */
  readonly isPending?: true
  /** Default: models and snapshots. */
  readonly on?: readonly ConfiguredResource[]
}

/** Other names of strategies: dbt's and the warehouse textbooks'. */
export const strategyAliases = { microbatch: 'time_range', scd1: 'merge' } as const

/** Strategies of `materialized='snapshot'`. */
export const snapshotStrategies = ['timestamp', 'check'] as const

/** Engines that fft does not speak may be named; a name that is nearly one that it speaks is a slip of the hand. */
const engine = v.pipe(
  text,
  v.check(
    (name) => closestEngine(name) === undefined,
    ({ input }) => `an engine\ndid you mean '${closestEngine(input)}'?`,
  ),
)
const engineList = v.union([engine, v.array(engine, 'a list of names')], 'a name or a list of names')

const everywhere = ['model', 'seed', 'snapshot', 'source'] as const
const relations = ['model', 'seed', 'snapshot'] as const

const hook = either(
  'an SQL text or {sql, transaction}',
  text,
  fields({
    sql: key('The statement.', text),
    transaction: key("Whether it runs inside the model's transaction.", flag),
  }),
)

const durationPattern = /^\s*\d+(\.\d+)?\s*(second|minute|hour|day|week)s?\s*$/i
const duration = v.pipe(text, v.regex(durationPattern, "a number or a duration such as '3 days'"))

/** The closed list of keys of a model's configuration (contract §4), each said once. */
export const modelKeys = {
  materialized: {
    schema: oneOf(materializations),
    description: 'What the model becomes in the warehouse; `table` by default.',
  },
  tags: { schema: names, description: 'Words to select the node by; layers add up.', on: everywhere },
  engines: { schema: engineList, description: 'The engines that the model is for; all by default.', aliases: ['only'] },
  enabled: { schema: flag, description: 'Whether the node exists at all.', on: everywhere },
  alias: { schema: filledText, description: "The relation's name, where it differs from the model's.", on: relations },
  schema: {
    schema: filledText,
    description: "The relation's schema, put behind the profile's as in dbt.",
    on: relations,
  },
  database: { schema: filledText, description: "The relation's database or catalog.", on: relations },
  description: { schema: text, description: 'What the node holds, for people.', on: relations },
  docs: { schema: map, description: 'How the documentation shows the node: `{show, node_color}`.', on: relations },
  group: { schema: text, description: 'The group that owns the node.', on: relations },
  access: { schema: oneOf(['private', 'protected', 'public']), description: 'Who may reference the model.' },
  meta: {
    schema: map,
    description: 'Anything; with `incremental` in it, incremental keys too. Layers are merged.',
    on: everywhere,
  },
  pre_hook: {
    schema: either('an SQL text or a list of them', hook, list(hook)),
    description: 'SQL to run before the node; layers add up.',
    aliases: ['pre-hook'],
    on: relations,
  },
  post_hook: {
    schema: either('an SQL text or a list of them', hook, list(hook)),
    description: 'SQL to run after the node; layers add up.',
    aliases: ['post-hook'],
    on: relations,
  },
  grants: {
    schema: mapOf(names),
    description: 'Privileges and who gets them: `{select: [reporter]}`.',
    on: relations,
  },
  contract: {
    schema: fields({
      enforced: key('Whether the declared columns are enforced.', flag),
      alias_types: key('Whether type names are translated to the engine.', flag),
    }),
    description: 'Whether the columns must be the declared ones.',
  },
  persist_docs: {
    schema: fields({
      relation: key("Write the node's description as a comment.", flag),
      columns: key("Write the columns' descriptions as comments.", flag),
    }),
    description: 'Which descriptions become comments in the warehouse.',
    on: relations,
  },
  quoting: {
    schema: fields({
      database: key('Quote the database.', flag),
      schema: key('Quote the schema.', flag),
      identifier: key('Quote the name.', flag),
    }),
    description: 'Which parts of the name are quoted.',
    on: relations,
  },
  storage: {
    schema: fields({
      path: key('Where the files are.', text),
      format: key('The file format.', text),
      options: key('Options of the format.', map),
    }),
    description: 'Where and how Spark stores the table.',
    on: relations,
  },
  indexes: {
    schema: list(indexSchema),
    description: 'Indexes of the table, on engines that have them.',
    on: relations,
  },
  on_error: {
    schema: oneOf(['skip_children', 'continue']),
    description: 'What becomes of the children when the node fails.',
  },
  http: { schema: map, description: 'Settings of HTTP requests that a code model makes.', isPending: true },

  event_time: {
    schema: filledText,
    description: 'The column that says when a row happened.',
    incremental: true,
    on: everywhere,
  },
  begin: {
    schema: filledText,
    description: 'The first window starts here (date or ISO timestamp, UTC).',
    incremental: true,
  },
  batch_size: {
    schema: oneOf(['hour', 'day', 'week', 'month', 'year']),
    description: 'The length of a window.',
    incremental: true,
  },
  concurrent_batches: { schema: flag, description: 'Whether windows run at the same time.', incremental: true },
  incremental: {
    schema: either(
      'true, false or a map',
      flag,
      v.lazy(() => incrementalMap),
    ),
    description: 'Switches the incremental way on or off, or holds its keys.',
  },
  unique_key: {
    schema: names,
    description: 'The column or columns that identify a row.',
    aliases: ['primary_key'],
    incremental: true,
    implies: true,
  },
  updated_at: {
    schema: filledText,
    description: 'The column that says when a row last changed.',
    aliases: ['updated_at_column'],
    incremental: true,
    implies: true,
  },
  strategy: {
    schema: oneOf([...strategies, 'microbatch', 'scd1', ...snapshotStrategies]),
    description: 'What a delta does to the table: `merge` with a key, else `append`, by default.',
    aliases: ['incremental_strategy'],
    incremental: true,
    implies: true,
  },
  delta: {
    schema: fields({
      sql: key('The SELECT that gives the new and changed rows.', filledText),
      watermark: key("The column whose stored maximum filters the model's SELECT.", filledText),
    }),
    description: 'Which rows the next run applies.',
    incremental: true,
  },
  delta_sql: { schema: filledText, description: 'The same as `delta: {sql: …}`.', incremental: true },
  delta_config: {
    schema: filledText,
    description: 'A YAML file with the delta, from the project folder.',
    incremental: true,
  },
  on_schema_change: {
    schema: oneOf(['fail', 'ignore', 'append_new_columns', 'sync_all_columns']),
    description: "What happens when the SELECT's columns are not the table's.",
    incremental: true,
  },
  on_duplicate_keys: {
    schema: oneOf(['error', 'latest', 'any']),
    description: 'What happens when a key occurs twice in the delta.',
    incremental: true,
  },
  duplicate_rows: {
    schema: oneOf(['drop', 'quarantine']),
    description: 'What happens to rows that a merge leaves out because another row of their key stays.',
    incremental: true,
  },
  on_null_keys: {
    schema: oneOf(['error', 'match', 'drop']),
    description: 'What happens to rows with a NULL in the key.',
    incremental: true,
  },
  lookback: {
    schema: either("a number or a duration such as '3 days'", number, duration),
    description: 'How far behind the watermark a run looks again.',
    incremental: true,
  },
  late_rows: {
    schema: oneOf(['merge', 'quarantine', 'ignore', 'fail']),
    description: 'What happens to rows below the watermark.',
    incremental: true,
  },
  watermark_source: {
    schema: oneOf(['checked', 'state']),
    description: "Whether the stored watermark is checked against the table's maximum.",
    incremental: true,
  },
  partition_by: { schema: names, description: 'The columns whose values name a partition.', incremental: true },
  predicates: {
    schema: names,
    description: 'Conditions on `delta` and `target` that limit which rows of the table are written over.',
    aliases: ['incremental_predicates'],
    incremental: true,
    implies: true,
  },
  update_columns: {
    schema: names,
    description: 'The only columns that a merge updates.',
    aliases: ['merge_update_columns'],
    incremental: true,
    implies: true,
  },
  exclude_columns: {
    schema: names,
    description: 'Columns that a merge leaves as they are.',
    aliases: ['merge_exclude_columns'],
    incremental: true,
    implies: true,
  },
  update_when: {
    schema: filledText,
    description: 'The condition on `delta` and `target` under which a merge updates a row.',
    incremental: true,
    implies: true,
  },
  full_refresh: {
    schema: flag,
    description: '`false` forbids `--full-refresh`, `true` allows it for a model that keeps a history.',
    incremental: true,
    on: relations,
  },
  deletes: {
    schema: fields({
      when: key('The condition that marks a delta row as a deletion.', filledText),
      missing: key('Whether keys missing from a full delta are removed.', flag),
      allow_empty: key('Whether an empty SELECT may remove every row.', flag),
    }),
    description: 'How rows are removed.',
    incremental: true,
    implies: true,
  },
  cdc: {
    schema: fields({
      format: key('How change events are written.', oneOf(['raw', 'debezium', 'maxwell'])),
      op: key('The column with the operation.', filledText),
      sequence: key('The column or columns that order the events.', names),
      ts: key('The column with the time of the event.', filledText),
      column: key('The column with the JSON text of the event.', filledText),
      on_bad_event: key('What happens to events that cannot be read.', oneOf(['dead_letter', 'fail'])),
    }),
    description: 'How change events are read.',
    incremental: true,
    implies: true,
  },
  protected: { schema: flag, description: 'Forbids whatever drops rows or columns.', incremental: true },

  check_cols: {
    schema: names,
    description: 'The columns whose change makes a new version, or `all`.',
    incremental: true,
  },
  hard_deletes: {
    schema: oneOf(['ignore', 'close', 'new_record', 'invalidate']),
    description: 'What becomes of rows that left the source.',
    incremental: true,
  },
  invalidate_hard_deletes: {
    schema: flag,
    description: "dbt's older spelling of `hard_deletes: close`.",
    incremental: true,
  },
  history_names: {
    aliases: ['snapshot_meta_column_names'],
    schema: either('default, upstream, dbt or a map', oneOf(['default', 'upstream', 'dbt']), mapOf(text)),
    description: 'How the columns of the history are called.',
    incremental: true,
  },
  history_columns: {
    schema: mapOf(text),
    description: 'Columns that keep the value before the last change: `{status: prev_status}`.',
    incremental: true,
    implies: true,
  },
  views: { schema: flag, description: 'Whether the views of current rows and history are made.', incremental: true },
  snapshot: { schema: v.lazy(() => snapshotMap), description: 'Keys of a snapshot in one place.' },

  column_types: { schema: mapOf(text), description: 'Types of columns of the file.', on: ['seed'] },
  delimiter: { schema: filledText, description: 'What separates the columns of the file.', on: ['seed'] },
  meta_columns: { schema: flag, description: 'Whether `_ff_loaded_at` and its like are added.', on: ['seed'] },
} satisfies Readonly<Record<string, ConfigKey>>

export type ModelKey = keyof typeof modelKeys

const allKeys: readonly (readonly [ModelKey, ConfigKey])[] = Object.entries(modelKeys) as [ModelKey, ConfigKey][]

const keyOfSpelling: ReadonlyMap<string, ModelKey> = new Map(
  allKeys.flatMap(([name, { aliases = [] }]) => [name, ...aliases].map((spelling) => [spelling, name] as const)),
)

/** The one name of a key that has several spellings; undefined for an unknown key. */
export function canonicalKey(spelling: string): ModelKey | undefined {
  return keyOfSpelling.get(spelling)
}

/** Keys that are accepted and have no effect yet: a warning says so. */
export const pendingKeys: readonly ModelKey[] = allKeys.flatMap(([name, each]) => (each.isPending ? [name] : []))

export function configKey(name: ModelKey): ConfigKey {
  return modelKeys[name]
}

/** Every spelling of the keys that fit: what may stand in a map. */
export function spellings(fits: (key: ConfigKey) => boolean): readonly string[] {
  return allKeys.flatMap(([name, each]) => (fits(each) ? [name, ...(each.aliases ?? [])] : []))
}

/** Spellings that may stand under `incremental`, under `meta` and in a delta file. */
export const incrementalSpellings: readonly string[] = spellings((each) => each.incremental === true)

const configSchemas = new Map<ConfiguredResource, v.GenericSchema<Record<string, unknown>>>()

/** The schema of `config(…)` or `config:` of a model, seed, snapshot or source. */
export function configSchema(resource: ConfiguredResource): v.GenericSchema<Record<string, unknown>> {
  const known = configSchemas.get(resource) ?? fields(configEntries(resource))
  configSchemas.set(resource, known)
  return known
}

/** The entries of the schema of a resource's configuration. */
export function configEntries(resource: ConfiguredResource): v.ObjectEntries {
  const known = entryLists.get(resource) ?? entries((each) => allowedOn(each, resource))
  entryLists.set(resource, known)
  return known
}

const entryLists = new Map<ConfiguredResource, v.ObjectEntries>()

/** The entries of a schema for the keys that fit, aliases included. */
export function entries(fits: (key: ConfigKey) => boolean): v.ObjectEntries {
  const found: [string, v.GenericSchema][] = []
  for (const [name, each] of allKeys) {
    if (!fits(each)) continue
    found.push([name, key(each.description, each.schema)])
    for (const alias of each.aliases ?? []) found.push([alias, key(`The same as \`${name}\`.`, each.schema)])
  }
  return Object.fromEntries(found)
}

function allowedOn(each: ConfigKey, resource: ConfiguredResource): boolean {
  return each.on === undefined ? resource === 'model' || resource === 'snapshot' : each.on.includes(resource)
}

const incrementalMap: v.GenericSchema = fields({
  enabled: key('Whether the model is incremental.', flag),
  ...entries((each) => each.incremental === true),
})

const snapshotMap: v.GenericSchema = fields(entries((each) => each.incremental === true))
