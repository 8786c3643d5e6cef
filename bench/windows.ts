import { fft, run } from './measure.js'
import { compareWays, ourWay, staged } from './one-delta.js'
import { createProject } from './projects.js'
import type { Bench } from './rows.js'

/** Thirty days without a run, of 100,000 rows, after three hundred; beside one range that is replaced by hand. */
export const windowsOnDuckDb: Bench = async (rounds) => {
  const config = `materialized='incremental', strategy='time_range', event_time='moment', begin='2024-01-01', batch_size='day'`
  const dir = createProject('windows', {
    'models/source.ff.sql': `{{ config(materialized='table') }}\n${rows}\n`,
    'models/target.ff.sql': `{{ config(${config}) }}\nselect * from {{ ref('source') }}\n`,
  })
  run({ ...fft(dir, 'run'), environment: { FFT_NOW: '2024-10-27' } })
  const ours = ourWay(dir, { FFT_NOW: '2024-11-26' })
  const delta = `select * from source where moment >= timestamp '${from}' and moment < timestamp '${to}'`
  // The same result, so the same ledger.
  const records = ours
    .filter(({ purpose }) => purpose === 'record')
    .map(({ sql }) => sql.replace(/"temp".*?_stage_\w+"/, 'delta'))
  const ways = {
    ours,
    'one range': staged(delta, [...replaceRange, ...records]),
    unchecked: staged(delta, replaceRange.slice(1)),
  }
  const bars = { 'one range': 1.3, unchecked: undefined }
  return compareWays({ title: 'DuckDB: 30 missed days, 1 M', dir, ways, fingerprint, bars }, rounds)
}

const [from, to] = ['2024-10-27 00:00:00', '2024-11-26 00:00:00']

// 3,334 rows a day.
const rows = `select i as id, concat('name ', i) as name, cast(i * 1.5 as decimal(18, 2)) as amount,
  timestamp '2024-01-01' + i * interval '25914 milliseconds' as moment from range(1100000) as r(i)`

const replaceRange = [
  'select count(*) - count(moment) from delta',
  `delete from target where moment >= timestamp '${from}' and moment < timestamp '${to}'`,
  'insert into target (id, name, amount, moment) select id, name, amount, moment from delta',
]

const fingerprint =
  "select concat_ws(' ', count(*), sum(id), sum(length(name)), sum(amount), sum(epoch_ms(moment))) from target"
