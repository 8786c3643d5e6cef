/** A way through a strategy: how the database is before, and the project that is then run and killed. */
export interface Scenario {
  readonly title: string
  /** Files of the first run, which ends well; undefined: the run that is killed is the first one. */
  readonly first: Readonly<Record<string, string>> | undefined
  /** Statements before the first run, and between it and the one that is killed. */
  readonly before: readonly string[]
  readonly between: readonly string[]
  /** Files of the run that is killed. */
  readonly files: Readonly<Record<string, string>>
  readonly fullRefresh: boolean
  readonly types: readonly ('model' | 'seed')[]
  readonly relation: string
}

const select = 'select * from main.src'
const merge = "materialized='incremental', unique_key='id', updated_at='t'"
const grow = `${merge}, on_schema_change='append_new_columns'`
const replace = "materialized='incremental', strategy='delete+insert', unique_key='id'"
const append = "materialized='incremental', strategy='append', updated_at='t'"

const model = (config: string, body = select) => ({ 'models/m.ff.sql': `{{ config(${config}) }}\n${body}\n` })
const source = [
  'create table main.src (id integer, v varchar, t integer)',
  "insert into main.src select i, 'old', 1 from range(40) r(i)",
]
const changes = [
  "update main.src set v = 'new', t = 2 where id % 5 = 0",
  "insert into main.src select i, 'added', 2 from range(40, 50) r(i)",
]
const duplicates = [
  ...changes,
  "insert into main.src select i, 'newest', 3 from range(45, 47) r(i)",
  'insert into main.src select * from main.src where id < 3',
]

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
  between: duplicates.slice(0, config === replace ? 2 : undefined),
  files: model(config),
})

/** Every strategy that is built, along every branch of its plan. */
export const scenarios: readonly Scenario[] = [
  create('merge, first run with duplicates', merge),
  create('append, first run', append),
  create('delete+insert, first run', replace),
  delta('merge, delta of the whole SELECT', merge),
  { ...delta('merge, filtered delta with duplicates', `${merge}, delta={'watermark': 't'}`), between: duplicates },
  {
    ...delta('merge, new and widened columns, and one that left', grow),
    between: [
      ...changes,
      "create or replace table main.src as select id::bigint as id, t, case when t = 2 then 'x' end as extra from main.src",
    ],
  },
  {
    ...delta('merge, columns synchronised', `${merge}, on_schema_change='sync_all_columns'`),
    between: [...changes, "create or replace table main.src as select id, t, 'x' as extra from main.src"],
  },
  delta('append past the watermark', append, "select * from main.src where v <> 'new'"),
  delta('append by key', `${append}, unique_key='id'`, "select * from main.src where v <> 'new'"),
  delta('delete+insert', replace),
  {
    ...delta('delete+insert, a column left', `${replace}, on_schema_change='append_new_columns'`),
    between: [...changes, 'create or replace table main.src as select id, t from main.src'],
  },
  { ...delta('merge, full refresh', merge), fullRefresh: true, between: duplicates },
  { ...delta('from a view to an incremental model', merge), first: model("materialized='view'") },
  { ...delta('from an incremental model to a view', merge), files: model("materialized='view'") },
  {
    ...delta('from an incremental model to a table, with hooks', merge),
    files: model(
      "materialized='table', pre_hook='create table if not exists main.hooked (n integer)', post_hook='insert into main.hooked values (1)'",
    ),
  },
  {
    ...delta('merge with hooks', merge),
    files: model(
      `${merge}, pre_hook='create or replace table main.hooked (n integer)', post_hook='insert into main.hooked values (1)'`,
    ),
  },
  {
    ...base,
    title: 'a seed that is loaded again',
    before: [],
    between: [],
    first: { 'seeds/m.csv': 'id,v,t\n1,old,1\n' },
    files: { 'seeds/m.csv': 'id,v,t\n1,new,2\n2,added,2\n' },
    types: ['seed'],
  },
]
