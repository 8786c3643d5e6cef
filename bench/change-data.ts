import { fft, run } from './measure.js'
import { compareWays, ourWay, staged } from './one-delta.js'
import { createProject } from './projects.js'
import type { Bench } from './rows.js'

/** 100,000 change events, two thirds of known keys, into a table of a million, beside SQL by hand; the engine's time alone. */
export const changeDataOnDuckDb: Bench = async (rounds) => {
  const full = eventsSql('i', "'c'", 'i', 1_000_000)
  const id = '(case when i < 66666 then i * 15 else 1000000 + i end)'
  const delta = eventsSql(id, "(case when i % 10 = 0 then 'd' else 'u' end)", '(2000000 + i)', 100_000)
  const config = "materialized='incremental', strategy='cdc', unique_key='id', cdc={'op': 'op', 'sequence': 'lsn'}"
  const body = `{% if is_incremental() %}\n${delta}\n{% else %}\n${full}\n{% endif %}`
  const dir = createProject('change-data', { 'models/target.ff.sql': `{{ config(${config}) }}\n${body}\n` })
  run(fft(dir, 'run'))
  const ways = { ours: ourWay(dir), checked: staged(delta, [...checks, ...apply]), unchecked: staged(delta, apply) }
  const bars = { checked: 1.25, unchecked: undefined }
  return compareWays({ title: 'DuckDB: cdc, 1 M', dir, ways, fingerprint, bars }, rounds)
}

function eventsSql(id: string, op: string, lsn: string, count: number): string {
  return `select cast(${id} as bigint) as id, ${op} as op, cast(${lsn} as bigint) as lsn, concat('name ', i) as name,
  cast(i * 1.5 as decimal(18, 2)) as amount, timestamp '2024-01-01' + i * interval '1 second' as moment from range(${count}) as r(i)`
}

/** What our checks see: operations, keys, events that come twice, and those that contradict what was applied. */
const checks = [
  "select count(*) - count(id), count(*) filter (where op not in ('c', 'u', 'd', 'r')), count(*) - count(lsn) from delta",
  'select count(*) - count(distinct (id, lsn)) from delta',
  `select count(*) from delta join target__cdc as target on delta.id = target.id and delta.lsn = target._fft_seq
  where (delta.name, delta.amount, delta.moment) is distinct from (target.name, target.amount, target.moment)`,
]

const columns = 'id, name, amount, moment, _fft_seq, _fft_op, _fft_deleted'

const apply = [
  `create temp table latest as select id, name, amount, moment, lsn as _fft_seq, op as _fft_op, op = 'd' as _fft_deleted
  from delta qualify row_number() over (partition by id order by lsn desc) = 1`,
  'delete from latest using target__cdc as target where latest.id = target.id and target._fft_seq >= latest._fft_seq',
  'delete from target__cdc as target using latest where latest.id = target.id',
  `insert into target__cdc (${columns}) select ${columns} from latest`,
  'drop table latest',
]

const fingerprint = `select concat_ws(' ', count(*), sum(id), sum(length(name)), sum(amount), sum(epoch(moment)), sum(_fft_seq),
  count(*) filter (_fft_deleted)) from target__cdc`
