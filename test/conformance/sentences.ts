import type { PromiseName } from './promises.js'

/** A sentence of what incremental models promise, and the promises or suites whose tests show it. */
export interface Sentence {
  readonly says: string
  readonly shown: readonly (PromiseName | `test/${string}`)[]
}

const crash = ['test/crash/kill.test.ts', 'test/crash/fault.test.ts', 'test/crash/session.test.ts'] as const

/** Sentence by sentence, by what they are about. */
export const sentences: Readonly<Record<string, readonly Sentence[]>> = {
  'declaring one': [
    {
      says: 'The incremental demo runs as it is written, in both of its spellings.',
      shown: ['test/examples/incremental-demo.test.ts'],
    },
    { says: 'A file contradicts itself: an error at its place.', shown: ['test/errors/project-faults.test.ts'] },
    { says: 'A delta in a YAML file is a template whose refs are dependencies.', shown: ['delta-sources'] },
    { says: 'A column is found by its exact name, else by the only one in another case.', shown: ['key-columns'] },
  ],
  'which rows': [
    { says: 'The delta is its own SQL, the body, a filter on the watermark, or everything.', shown: ['delta-sources'] },
    {
      says: 'A filter keeps ties at the watermark and rows without a time.',
      shown: ['append', 'test/law/law.test.ts'],
    },
    { says: 'append without any way to tell new rows is refused.', shown: ['refusals'] },
    { says: "watermark('col') is a literal of the engine, with the lookback subtracted.", shown: ['lookback'] },
    { says: 'A watermark of every type is kept without loss.', shown: ['watermark-types'] },
    { says: 'The newest row wins against a filtered delta, the delta when it is whole.', shown: ['winners'] },
  ],
  'the steps': [
    { says: 'Columns are matched by name, never by position.', shown: ['strategies'] },
    { says: 'All of it is one transaction, taken back on any error.', shown: ['failures', ...crash] },
    { says: 'A test that blocks keeps rows and watermark as they were.', shown: ['failures'] },
    { says: 'Readers see the old rows until the new ones are complete.', shown: ['readers'] },
    { says: 'Views, grants, comments and indexes survive.', shown: ['attachments'] },
    { says: 'view, table and incremental model become one another.', shown: ['kinds'] },
    { says: 'A table without state is adopted; a dropped one is a first run.', shown: ['adoption'] },
    { says: 'Leftovers of a killed run go with the next one.', shown: ['adoption', ...crash] },
    {
      says: 'A second run waits for the first one, and is planned anew.',
      shown: ['test/crash/interrupt.test.ts', 'test/crash/two-writers.test.ts'],
    },
    { says: '--full-refresh, --rebuild and a change of kind are refused for protected models.', shown: ['refusals'] },
    { says: '--full-refresh passes over what its source no longer holds.', shown: ['history-kept'] },
    { says: '--empty and --sample leave tables alone that are there.', shown: ['test/cli/sample.test.ts'] },
  ],
  strategies: [
    { says: 'merge updates what matches and differs, and inserts the rest.', shown: ['strategies', 'any-type'] },
    { says: 'append adds what is not there; a rerun adds nothing.', shown: ['append'] },
    { says: 'delete+insert replaces the set of rows of each key.', shown: ['strategies', 'test/law/law.test.ts'] },
    { says: 'insert_overwrite replaces the partitions in the delta.', shown: ['partitions'] },
    { says: 'snapshot_date replaces its own date.', shown: ['snapshot-date'] },
    { says: 'scd3 keeps what was before the last change.', shown: ['remembered'] },
    { says: 'predicates never let a row in beside the old one.', shown: ['predicates'] },
    {
      says: 'update_columns, exclude_columns and update_when limit an update.',
      shown: ['update-columns', 'update-when'],
    },
    { says: 'deletes takes flagged or missing keys away.', shown: ['deletes'] },
  ],
  keys: [
    { says: 'Of a key the newest row stays, or the run is refused with the rows.', shown: ['duplicate-keys'] },
    { says: 'Rows that are left out are counted, and written down when asked for.', shown: ['duplicate-rows'] },
    { says: 'NULL in a key is refused, matched or dropped.', shown: ['null-keys'] },
    { says: 'Keys are tuples; any column name does.', shown: ['key-columns', 'identifiers'] },
  ],
  'watermarks and windows': [
    { says: 'The watermark is the newest value of what was applied, and never goes back.', shown: ['state'] },
    { says: 'A watermark ahead of the table is not believed.', shown: ['state', 'test/law/law.test.ts'] },
    { says: 'Late rows are counted, and merged, set aside, left out or refused.', shown: ['late-rows'] },
    {
      says: 'A run does the windows that are missing, open, looked back at or asked for.',
      shown: ['windows', 'test/law/windows.test.ts'],
    },
    { says: 'A window that fails fails alone.', shown: ['windows'] },
    { says: 'Windows run at once where the engine can.', shown: ['windows'] },
    { says: 'The output is filtered to the window, in SQL and TypeScript.', shown: ['windows'] },
    { says: 'Gaps and completeness are tests, and listed.', shown: ['gaps', 'completeness', 'state-gaps'] },
    { says: 'What was recorded can be read.', shown: ['state-history'] },
  ],
  'change events': [
    {
      says: 'The last event of each key is applied, in whatever order, batch or number the events come.',
      shown: ['events', 'test/law/events.test.ts', ...crash],
    },
    {
      says: 'A deletion is remembered; the view has the rows that are alive.',
      shown: ['events', 'test/law/events.test.ts'],
    },
    { says: 'A row that was only read gives way to every change.', shown: ['events', 'test/law/events.test.ts'] },
    { says: 'Debezium and Maxwell are read with the columns of their rows.', shown: ['packed-events'] },
    {
      says: 'What cannot be read, or contradicts what was, is written down or fails the run.',
      shown: ['bad-events', 'packed-events'],
    },
  ],
  'table formats': [
    {
      says: 'A commit of Delta carries run and watermark; state is repaired from it.',
      shown: ['test/databricks/commits.test.ts'],
    },
    {
      says: 'A session that refuses the settings is replayable all the same.',
      shown: ['test/databricks/refused-settings.test.ts'],
    },
    { says: 'A lost connection loses and doubles nothing.', shown: ['test/databricks/faults.test.ts'] },
  ],
  'schema change': [
    { says: 'Each mode of on_schema_change, with an empty delta too.', shown: ['schema-added'] },
    { says: 'Types widen without loss, or the run is refused.', shown: ['schema-retyped'] },
    { says: 'A key column is never dropped; new columns can be filled.', shown: ['schema-guards'] },
  ],
  'what is checked': [
    {
      says: 'Every strategy by every way, and a kill around each statement.',
      shown: ['strategies', ...crash],
    },
    {
      says: 'Running day by day leaves the rows that a full refresh leaves.',
      shown: ['test/law/law.test.ts', 'test/law/windows.test.ts'],
    },
  ],
}
