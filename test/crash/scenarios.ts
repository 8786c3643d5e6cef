import type { Words } from '../conformance/engines/index.js'

/** How a scenario's SQL and files name what is in its database. */
export interface Place {
  readonly words: Words
  /** A relation of the models' schema, quoted. */
  name(identifier: string): string
}

type Files = Readonly<Record<string, string>>
type Sql = (at: Place) => readonly string[]

/** A way through a strategy: how the database is before, and the project that is then run and killed. */
export interface Scenario {
  readonly title: string
  /** Files of the first run, which ends well; undefined: the run that is killed is the first one. */
  readonly first: ((at: Place) => Files) | undefined
  /** Statements before the first run, and between it and the one that is killed. */
  readonly before: Sql
  readonly between: Sql
  /** Files of the run that is killed. */
  readonly files: (at: Place) => Files
  readonly fullRefresh: boolean
  readonly types: readonly ('model' | 'seed')[]
  readonly relation: string
  /** Whether a call that fails once may do no harm: its windows are tried again one by one. */
  readonly recovers?: boolean
  /** Whether it stands for its strategy where statements are slow. */
  readonly isEssential?: boolean
}

const select = "select * from {{ source('raw', 'src') }}"
const merge = "materialized='incremental', unique_key='id', updated_at='t'"
const grow = `${merge}, on_schema_change='append_new_columns'`
const replace = "materialized='incremental', strategy='delete+insert', unique_key='id'"
const overwrite = "materialized='incremental', strategy='insert_overwrite', partition_by='t'"
const daily = "materialized='incremental', strategy='snapshot_date', partition_by='day'"
const remember = `${merge}, strategy='scd3', history_columns={'v': 'old_v'}`
const byTime = "materialized='incremental', strategy='scd2', unique_key='id', updated_at='t'"
const yearly =
  "materialized='incremental', strategy='time_range', event_time='ts', begin='2024-01-01', batch_size='year', lookback=2"
const late = `${merge}, late_rows='quarantine'`
const append = "materialized='incremental', strategy='append', updated_at='t'"

const sources = { 'sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: src}]}]\n' }
const model =
  (config: string | ((at: Place) => string), body = select) =>
  (at: Place) => ({
    ...sources,
    'models/m.ff.sql': `{{ config(${typeof config === 'string' ? config : config(at)}) }}\n${body}\n`,
  })

const source: Sql = ({ words, name }) => [
  words.createTable(name('src'), `id integer, v ${words.types.text}, t integer`),
  `insert into ${name('src')} select i, 'old', 1 from ${words.range(0, 40)}`,
]
const changes: Sql = ({ words, name }) => [
  `update ${name('src')} set v = 'new', t = 2 where id % 5 = 0`,
  `insert into ${name('src')} select i, 'added', 2 from ${words.range(40, 50)}`,
]
const removals: Sql = (at) => [...changes(at), `delete from ${at.name('src')} where id % 7 = 0`]
const flagged: Sql = (at) => [...source(at), `update ${at.name('src')} set v = 'new' where id % 3 = 0`]
const duplicates: Sql = (at) => [
  ...changes(at),
  `insert into ${at.name('src')} select i, 'newest', 3 from ${at.words.range(45, 47)}`,
  `insert into ${at.name('src')} select * from ${at.name('src')} where id < 3`,
]
const retable =
  (columns: string): Sql =>
  (at) => [...changes(at), ...at.words.replaceTable(at.name('src'), `select ${columns} from ${at.name('src')}`)]

// Rows of two years that are over.
const years =
  "select id, v, case when t = 1 then timestamp '2024-05-01 00:00:00' else timestamp '2025-05-01 00:00:00' end as ts from {{ source('raw', 'src') }}"
const byBatch = years.replace('id, v,', "id, v, '{{ batch.id }}' as batch,")
const newer: Sql = (at) => [...source(at), `update ${at.name('src')} set t = 9 where id = 1`]

const byEvent = "materialized='incremental', strategy='cdc', unique_key='id', cdc={'op': 'op', 'sequence': 't'}"
const changeEvents = `select id, case when v = 'old' then 'c' else 'u' end as op, t, v from {{ source('raw', 'src') }}`
const badEvents = changeEvents
  .replace("else 'u' end", "when id % 2 = 0 then 'd' when id = 45 then 'x' else 'u' end")
  .replace(', v from', ', v, t + 1 as extra from')

// Each run is of the newest date.
const day = "select id, v, max(t) over () as day from {{ source('raw', 'src') }}"

const base = { before: source, between: changes, fullRefresh: false, types: ['model'], relation: 'm' } as const

const delta = (title: string, config: string, body = select): Scenario => ({
  ...base,
  title,
  first: model(config, body),
  files: model(config, body),
})

const create = (title: string, config: string): Scenario => ({
  ...base,
  title,
  first: undefined,
  between: config === replace ? changes : duplicates,
  files: model(config),
})

const hooks = (create: (at: Place) => string) => (at: Place) =>
  `pre_hook=[${create(at)}], post_hook="${escaped(`insert into ${at.name('hooked')} values (1)`)}"`
const anew = ({ words, name }: Place) =>
  `"drop table if exists ${escaped(name('hooked'))}", "${escaped(words.createTable(name('hooked'), 'n integer'))}"`

/** For a Jinja string in double quotes. */
function escaped(sql: string): string {
  return sql.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}

/** Every strategy that is built, along every branch of its plan. */
export const scenarios: readonly Scenario[] = [
  { ...create('merge, first run with duplicates', merge), isEssential: true },
  create('append, first run', append),
  create('delete+insert, first run', replace),
  { ...delta('merge, delta of the whole SELECT', merge), isEssential: true },
  { ...delta('merge, filtered delta with duplicates', `${merge}, delta={'watermark': 't'}`), between: duplicates },
  {
    ...delta('merge, new and widened columns, and one that left', grow),
    between: retable("cast(id as bigint) as id, t, case when t = 2 then 'x' end as extra"),
  },
  {
    ...delta('merge, columns synchronised', `${merge}, on_schema_change='sync_all_columns'`),
    between: retable("id, t, 'x' as extra"),
  },
  { ...delta('append past the watermark', append, `${select} where v <> 'new'`), isEssential: true },
  delta('append by key', `${append}, unique_key='id'`, `${select} where v <> 'new'`),
  { ...delta('delete+insert', replace), isEssential: true },
  {
    ...delta('delete+insert, a column left', `${replace}, on_schema_change='append_new_columns'`),
    between: retable('id, t'),
  },
  { ...delta('merge, flagged deletions', `${merge}, deletes={'when': "v = 'new'"}`), isEssential: true },
  { ...delta('merge, missing keys deleted', `${merge}, deletes={'missing': True}`), between: removals },
  delta('merge, predicates and update_when', `${merge}, predicates=['target.t < 9'], update_when='delta.t > target.t'`),
  delta('merge, some columns', `${merge}, update_columns=['v']`),
  { ...create('merge, first run with flagged deletions', `${merge}, deletes={'when': "v = 'new'"}`), before: flagged },
  { ...delta('insert_overwrite', overwrite), isEssential: true },
  { ...create('insert_overwrite, first run', `${overwrite}, unique_key='id'`), between: changes },
  { ...delta('snapshot_date', daily, day), isEssential: true },
  { ...create('snapshot_date, first run', daily), between: changes, files: model(daily, day) },
  { ...delta('scd3', remember), isEssential: true },
  {
    ...delta('scd3, a column that widens and one that comes', `${remember}, on_schema_change='append_new_columns'`),
    first: model(grow),
    between: retable("cast(id as bigint) as id, v, t, 'x' as extra"),
  },
  create('scd3, first run', remember),
  { ...delta('scd2, versions by time', byTime), isEssential: true },
  delta('scd2, versions by values', `${byTime}, check_cols=['v']`),
  { ...create('scd2, first run', byTime), between: changes },
  { ...delta('cdc', byEvent, changeEvents), between: duplicates, isEssential: true },
  {
    ...delta('cdc, bad events and a column that comes', `${byEvent}, on_schema_change='append_new_columns'`, badEvents),
    first: model(byEvent, changeEvents),
  },
  { ...create('cdc, first run', byEvent), between: changes, files: model(byEvent, badEvents) },
  { ...delta('time_range', yearly, years), isEssential: true, recovers: true },
  {
    ...delta(
      'time_range, a key and a column that comes',
      `${yearly}, unique_key='id', on_schema_change='append_new_columns'`,
      years,
    ),
    recovers: true,
  },
  { ...create('time_range, first run', yearly), between: changes, files: model(yearly, years) },
  { ...create('time_range, first run by batch.id', yearly), between: changes, files: model(yearly, byBatch) },
  { ...delta('merge, late rows set aside', late), before: newer, between: changes, isEssential: true },
  { ...delta('merge, duplicate rows set aside', `${merge}, duplicate_rows='quarantine'`), between: duplicates },
  { ...delta('merge, full refresh', merge), fullRefresh: true, between: duplicates },
  { ...delta('from a view to an incremental model', merge), first: model("materialized='view'") },
  { ...delta('from an incremental model to a view', merge), files: model("materialized='view'") },
  {
    ...delta('from an incremental model to a table, with hooks', merge),
    files: model((at) => `materialized='table', ${hooks(anew)(at)}`),
  },
  {
    ...delta('merge with hooks', merge),
    files: model((at) => `${merge}, ${hooks(anew)(at)}`),
  },
  {
    ...base,
    title: 'a seed that is loaded again',
    before: () => [],
    between: () => [],
    first: () => ({ 'seeds/m.csv': 'id,v,t\n1,old,1\n' }),
    files: () => ({ 'seeds/m.csv': 'id,v,t\n1,new,2\n2,added,2\n' }),
    types: ['seed'],
  },
]
