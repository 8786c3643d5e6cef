import { fft, run } from './measure.js'
import { compareWays, ourWay, staged } from './one-delta.js'
import { createProject } from './projects.js'
import type { Bench } from './rows.js'

const columns = 'id, name, amount, updated_at, valid_from, valid_to, is_current'

/** 100,000 versions, two thirds of known keys, into a history of a million, beside SQL by hand; the engine's time alone. */
export const historyOnDuckDb: Bench = async (rounds) => {
  const full = rowsSql('i', 'i', '2024-01-01', 1_000_000)
  const id = '(case when i < 66666 then i * 15 else 1000000 + i end)'
  const delta = rowsSql(id, '(i + 1)', '2034-01-01', 100_000)
  const config = "materialized='incremental', strategy='scd2', unique_key='id', updated_at='updated_at'"
  const body = `{% if is_incremental() %}\n${delta}\n{% else %}\n${full}\n{% endif %}`
  const dir = createProject('history', { 'models/target.ff.sql': `{{ config(${config}) }}\n${body}\n` })
  run(fft(dir, 'run'))
  const ways = { ours: ourWay(dir), rebuild: staged(delta, rebuild), 'in order only': staged(delta, inOrder) }
  // Closing and inserting goes wrong when a version comes late: it is shown, and no bar.
  const bars = { rebuild: 1.25, 'in order only': undefined }
  return compareWays({ title: 'DuckDB: scd2, 1 M', dir, ways, fingerprint, bars }, rounds)
}

function rowsSql(id: string, value: string, from: string, count: number): string {
  return `select cast(${id} as bigint) as id, concat('name ', ${value}) as name, cast(${value} * 1.5 as decimal(18, 2)) as amount,
  timestamp '${from}' + i * interval '1 second' as updated_at from range(${count}) as r(i)`
}

const checks = [
  'select count(*) - count(id), count(updated_at) from delta',
  'select count(*) from (select id, updated_at from delta group by all having count(*) > 1)',
]
const source = 'id, name, amount, updated_at'
const ends = 'lead(updated_at) over (partition by id order by updated_at) as valid_to'
const insert = (from: string) =>
  `insert into target (${columns}) select ${source}, valid_from, valid_to, valid_to is null from ${from}`

const rebuild = [
  ...checks,
  `create temp table built as with events as (select ${source} from target where id in (select id from delta)
  and not exists (select 1 from delta where delta.id = target.id and delta.updated_at = target.valid_from)
  union all select ${source} from delta) select *, updated_at as valid_from, ${ends} from events`,
  'delete from target where id in (select id from delta)',
  insert('built'),
  'drop table built',
]

const inOrder = [
  ...checks,
  `create temp table news as select *, updated_at as valid_from, ${ends} from delta
  where not exists (select 1 from target where target.id = delta.id and target.valid_from = delta.updated_at)`,
  `update target set valid_to = news.began, is_current = false
  from (select id, min(valid_from) as began from news group by id) as news where target.id = news.id and target.valid_to is null`,
  insert('news'),
  'drop table news',
]

const fingerprint = `select concat_ws(' ', count(*), sum(id), sum(length(name)), sum(amount), sum(epoch(valid_from)),
  sum(epoch(valid_to)), count(*) filter (is_current)) from target`
