import { expect } from 'vitest'
import { runFft } from '../../support/run-fft.js'
import { type Case, type Lab, proving, sparing } from '../lab.js'

const config =
  "materialized='incremental', strategy='time_range', event_time='ts', begin='2024-01-01', batch_size='day'"
const select = "select id, v, ts from {{ source('raw', 'events') }}"

async function start(lab: Lab, body = select): Promise<void> {
  await lab.table('events', `id integer, v integer, ts ${lab.types.timestamp}`, [
    "1, 10, timestamp '2024-01-01 01:00:00'",
    "2, 20, timestamp '2024-01-02 10:00:00'",
  ])
  await lab.model('m', config, body)
}

/** A command at a moment of the test's own. */
function at(lab: Lab, now: string, ...argv: readonly string[]) {
  return runFft(argv, lab.folder.dir, { FFT_NOW: now })
}

async function gapsAt(lab: Lab, now: string, ...models: readonly string[]): Promise<unknown> {
  const outcome = await at(lab, now, 'state', 'gaps', ...models, '--json')
  expect(outcome.code, outcome.stderr).toBe(0)
  return JSON.parse(outcome.stdout)
}

async function historyOf(lab: Lab, ...argv: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const outcome = await lab.fft('state', 'history', ...argv, '--json')
  expect(outcome.code, outcome.stderr).toBe(0)
  const entries = JSON.parse(outcome.stdout) as readonly Record<string, unknown>[]
  // The state may be shared with other tests, whose schemas are other ones.
  return entries.filter(({ relation }) => String(relation).includes(lab.database.schema))
}

const day = (n: number) => `2024-01-0${n}T00:00:00Z`

const gapCases: readonly Case[] = [
  {
    title: 'state gaps: windows that are over and not done, from begin on, until runs have done them',
    run: async (lab) => {
      const bad = `select id, v, ts, cast(case when v < 0 then 'bad' else '1' end as integer) as n from {{ source('raw', 'events') }}`
      await start(lab, bad)
      expect(await gapsAt(lab, '2024-01-03T12:00')).toEqual([{ model: 'm', start: day(1), end: day(3) }])
      expect((await at(lab, '2024-01-02T12:00', 'run')).code).toBe(0)
      // The window that was open then is not done when it is over.
      expect(await gapsAt(lab, '2024-01-02T13:00')).toEqual([])
      expect(await gapsAt(lab, '2024-01-03T00:00', 'm.ff')).toEqual([{ model: 'm', start: day(2), end: day(3) }])
      await lab.add('events', "4, -1, timestamp '2024-01-04 00:00:00'", "5, -5, timestamp '2024-01-06 00:00:00'")
      const failed = await at(lab, '2024-01-07T12:00', 'run')
      expect(failed.code).toBe(1)
      const missing = [
        { model: 'm', start: day(4), end: day(5) },
        { model: 'm', start: day(6), end: day(7) },
      ]
      expect(await gapsAt(lab, '2024-01-07T12:00')).toEqual(missing)
      const strict = await at(lab, '2024-01-07T12:00', 'state', 'gaps', '--fail')
      expect([strict.code, strict.stdout.split('\n').length]).toEqual([1, 5])
      await lab.sql('update {events} set v = 1 where v < 0')
      expect((await at(lab, '2024-01-07T12:00', 'run')).code).toBe(0)
      const whole = await at(lab, '2024-01-07T12:00', 'state', 'gaps', '--fail')
      expect([whole.code, whole.stdout]).toEqual([0, 'no gaps\n'])
      expect((await lab.fft('state', 'reset', 'm', '--yes')).code).toBe(0)
      expect(await gapsAt(lab, '2024-01-03T12:00')).toEqual([{ model: 'm', start: day(1), end: day(3) }])
    },
  },
  {
    title: 'state gaps: what tests no_gaps find in models of any kind, times and numbers; others are named',
    run: async (lab) => {
      await start(lab)
      await lab.add('events', "7, 70, timestamp '2024-01-05 00:00:00'")
      await lab.model('m', "materialized='view'", select)
      await lab.model('keyed', "materialized='incremental', unique_key='id'", select)
      await lab.model('later', "materialized='table'", select)
      await lab.folder.write({
        'models/m.yml': `version: 2
models:
  - name: m
    columns:
      - {name: id, tests: [{no_gaps: {step: 1}}]}
      - {name: ts, tests: [{no_gaps: {every: 1 day}}, {no_gaps: {every: 1 day, name: again, severity: warn}}]}
  - {name: later, columns: [{name: id, tests: [{no_gaps: {step: 1}}]}]}
`,
      })
      expect((await lab.run('--select', 'm', 'keyed')).code).toBe(0)
      const outcome = await lab.fft('state', 'gaps', '--json')
      expect(JSON.parse(outcome.stdout)).toEqual([
        { model: 'm', start: day(3), end: day(5) },
        { model: 'm', start: 3, end: 7 },
      ])
      expect(outcome.stderr).toContain('later is passed over')
      const keyed = await lab.fft('state', 'gaps', 'keyed', '--json')
      expect([keyed.code, keyed.stdout]).toEqual([0, '[]\n'])
      expect(keyed.stderr).toContain('neither windows')
    },
  },
]

const historyCases: readonly Case[] = [
  {
    title: 'state history: every version of watermarks, newest first, with what was set and reset',
    run: async (lab) => {
      await start(lab)
      await lab.model('m', "materialized='incremental', unique_key='id', updated_at='ts'", select)
      expect(await historyOf(lab)).toEqual([])
      await lab.good('m')
      await lab.good('m')
      await lab.add('events', "3, 30, timestamp '2024-01-03 00:00:00'")
      await lab.good('m')
      await lab.fft('state', 'set', 'm', 'ts=2024-01-02 00:00:00')
      await lab.fft('state', 'reset', 'm', '--yes')
      const entries = await historyOf(lab)
      const watermarks = entries.filter((entry) => 'column' in entry)
      expect(watermarks.map(({ model, action, column, value }) => [model, action, column, value])).toEqual([
        ['m', 'reset', 'ts', null],
        ['m', 'set', 'ts', '2024-01-02 00:00:00'],
        ['m', 'run', 'ts', '2024-01-03 00:00:00'],
        ['m', 'full_refresh', 'ts', '2024-01-02 10:00:00'],
      ])
      expect(Object.keys(watermarks[0] ?? {})).toEqual([
        'model',
        'relation',
        'run_id',
        'action',
        'recorded_at',
        'column',
        'value',
      ])
      const newest = await historyOf(lab, 'm', '--limit', '2')
      expect(newest).toEqual(entries.slice(0, 2))
      const table = await lab.fft('state', 'history', 'm')
      expect(table.stdout).toContain('ts = 2024-01-03 00:00:00')
    },
  },
  {
    title: 'state history: the windows that each run did',
    run: async (lab) => {
      await start(lab)
      await at(lab, '2024-01-02T12:00', 'run')
      await at(lab, '2024-01-03T12:00', 'run')
      const windows = (await historyOf(lab, 'm')).filter((entry) => 'status' in entry)
      expect(windows.map(({ recorded_at, start, end, status }) => [recorded_at, start, end, status])).toEqual([
        ['2024-01-03T12:00:00.000Z', day(2), day(3), 'done'],
        ['2024-01-03T12:00:00.000Z', day(3), day(4), 'open'],
        ['2024-01-02T12:00:00.000Z', day(1), day(2), 'done'],
        ['2024-01-02T12:00:00.000Z', day(2), day(3), 'open'],
      ])
    },
  },
]

/** What is missing, as a command tells it. */
export const stateGaps = proving(
  'state-gaps',
  sparing(gapCases, /over and not done/, 'no_gaps has cases of its own there'),
)

const runCases: readonly Case[] = [
  {
    title: 'state history --runs: what each run did to the rows of each model, those that failed too',
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.text}`, ["1, 'a'", "2, 'b'"])
      await lab.model('m', "materialized='incremental', unique_key='id'", "select * from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.sql("update {src} set v = 'A' where id = 1")
      await lab.add('src', "3, 'c'")
      await lab.good('m')
      await lab.add('src', "3, 'other'")
      await lab.bad('m', 'duplicate-key')
      const { code, stdout } = await lab.fft('state', 'history', 'm', '--runs', '--json')
      const runs = JSON.parse(stdout) as readonly Record<string, unknown>[]
      expect(code).toBe(0)
      const told = runs.map(({ model, status, inserted, updated, unchanged }) => [
        model,
        status,
        inserted,
        updated,
        unchanged,
      ])
      if (lab.warehouse.dialect.runs === undefined) return expect(told).toEqual([])
      expect(told).toEqual([
        ['m', 'error', null, null, null],
        ['m', 'success', 1, 1, 1],
        ['m', 'success', 2, 0, 0],
      ])
      const table = lab.warehouse.dialect.relation({ schema: lab.database.stateSchema, identifier: 'runs' })
      const ids = runs.map(({ run_id: id }) => `'${id}'`).join(', ')
      expect(await lab.query(`select command, status from ${table} where run_id in (${ids})`)).toEqual([
        ['run', 'error'],
        ['run', 'success'],
        ['run', 'success'],
      ])
    },
  },
]

/** What was recorded. */
export const stateHistory = proving(
  'state-history',
  sparing([...historyCases, ...runCases], /every version/, 'windows are read like watermarks'),
)
