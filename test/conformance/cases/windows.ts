import { expect } from 'vitest'
import type { Outcome } from '../../support/outcome.js'
import { runFft } from '../../support/run-fft.js'
import { type Case, expectCounts, type Lab, nodeOf, proving, sparing } from '../lab.js'

const config =
  "materialized='incremental', strategy='time_range', event_time='ts', begin='2024-01-01', batch_size='day'"
const select = "select id, v, ts from {{ source('raw', 'events') }}"

const first = [
  "1, 10, timestamp '2024-01-01 01:00:00'",
  "2, 20, timestamp '2024-01-01 23:59:59'",
  "3, 30, timestamp '2024-01-02 00:00:00'",
]

const windowedSource = 'version: 2\nsources: [{name: raw, tables: [{name: events, config: {event_time: ts}}]}]\n'

function events(lab: Lab): Promise<void> {
  return lab.table('events', `id integer, v integer, ts ${lab.types.timestamp}`, first)
}

async function start(lab: Lab, more = '', body = select): Promise<void> {
  await events(lab)
  await lab.model('m', config + more, body)
}

/** A run at a moment of the test's own. */
function runAt(lab: Lab, now: string, ...flags: readonly string[]): Promise<Outcome> {
  return runFft(['run', ...flags], lab.folder.dir, { FFT_NOW: now })
}

async function goodAt(lab: Lab, now: string, ...flags: readonly string[]) {
  const outcome = await runAt(lab, now, ...flags)
  expect(outcome.code, outcome.stderr).toBe(0)
  return nodeOf(outcome, 'm')
}

const cases: readonly Case[] = [
  {
    title: 'time_range: a story of a first run, missed days, a late row, an open window and a full refresh',
    run: async (lab) => {
      await start(lab)
      expectCounts(await goodAt(lab, '2024-01-02T12:00'), 3)
      await lab.add(
        'events',
        "4, 40, timestamp '2024-01-02 13:00:00'",
        "5, 50, timestamp '2024-01-04 00:00:00'",
        "6, 60, timestamp '2024-01-01 12:00:00'",
      )
      // The second day was not over; the first one was, so its late row waits for a lookback or a range.
      expectCounts(await goodAt(lab, '2024-01-05T00:00'), 2)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3'], ['4'], ['5']])
      expectCounts(await goodAt(lab, '2024-01-05T10:00'), 0)
      const again = await goodAt(lab, '2024-01-05T10:00', '--start', '2024-01-01', '--end', '2024-01-02')
      expectCounts(again, 1)
      const all = await lab.rows('m')
      await lab.sql('delete from {events} where id = 1')
      expectCounts(await goodAt(lab, '2024-01-05T10:00'), 0)
      expect(await lab.rows('m')).toEqual(all)
      expectCounts(await goodAt(lab, '2024-01-05T10:00', '--full-refresh'), 5)
      expect(await lab.rows('m')).toEqual(await lab.rows('events'))
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'time_range: a failed window is retried alone, the others stay',
    run: async (lab) => {
      const bad = `select id, v, ts, cast(case when v < 0 then 'bad' else '1' end as integer) as n from {{ source('raw', 'events') }}`
      await start(lab, '', bad)
      await goodAt(lab, '2024-01-01T12:00')
      await lab.add('events', "4, -1, timestamp '2024-01-03 00:00:00'", "5, 50, timestamp '2024-01-04 00:00:00'")
      const failed = await runAt(lab, '2024-01-05T00:00')
      expect([failed.code, nodeOf(failed, 'm').status]).toEqual([1, 'partial success'])
      expect(failed.stderr).toContain('window 2024-01-03')
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3'], ['5']])
      // The window of that day only: nothing else is missing but the open one.
      await lab.sql('update {events} set v = 40 where id = 4')
      await lab.sql('delete from {events} where id = 3')
      expectCounts(await goodAt(lab, '2024-01-05T10:00'), 1)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3'], ['4'], ['5']])
    },
  },
  {
    title: 'time_range: a lookback does the last windows again',
    run: async (lab) => {
      await start(lab, ', lookback=1')
      await goodAt(lab, '2024-01-03T12:00')
      await lab.add('events', "4, 40, timestamp '2024-01-02 13:00:00'", "6, 60, timestamp '2024-01-01 12:00:00'")
      expectCounts(await goodAt(lab, '2024-01-03T13:00'), 1)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3'], ['4']])
    },
  },
  {
    title: 'time_range: rows that change, come and go in a window are counted, with a key as updates',
    run: async (lab) => {
      await start(lab, ", unique_key='id'")
      await goodAt(lab, '2024-01-02T12:00')
      await lab.sql('update {events} set v = 31 where id = 3')
      await lab.add('events', "4, 40, timestamp '2024-01-02 13:00:00'")
      expectCounts(await goodAt(lab, '2024-01-02T13:00'), 1, 1)
      await lab.sql('delete from {events} where id = 3')
      expectCounts(await goodAt(lab, '2024-01-02T14:00'), 0, 0, 1)
      expect(await lab.rows('m')).toEqual(await lab.rows('events'))
    },
  },
  {
    title: 'time_range: keys are those of a window, in a build of all windows too',
    run: async (lab) => {
      await start(lab, ", unique_key='id'")
      await lab.add('events', "1, 11, timestamp '2024-01-03 00:00:00'")
      expectCounts(await goodAt(lab, '2024-01-03T12:00'), 4)
      await lab.add('events', "7, 70, timestamp '2024-01-03 01:00:00'", "7, 71, timestamp '2024-01-03 02:00:00'")
      const failed = await runAt(lab, '2024-01-03T13:00')
      expect([failed.code, nodeOf(failed, 'm').code]).toEqual([1, 'duplicate-key'])
      expect((await lab.rows('m')).length).toBe(4)
      const refused = await runAt(lab, '2024-01-03T13:00', '--full-refresh')
      expect([refused.code, nodeOf(refused, 'm').code]).toEqual([1, 'duplicate-key'])
      expect((await lab.rows('m')).length).toBe(4)
    },
  },
  {
    title: 'time_range: a row without a time is refused, rows before begin and after the last window are in none',
    run: async (lab) => {
      await start(lab)
      await lab.add('events', "8, 80, timestamp '2023-12-31 23:59:59'", "9, 90, timestamp '2024-01-03 00:00:00'")
      expectCounts(await goodAt(lab, '2024-01-02T12:00'), 3)
      await lab.add('events', '10, 100, null')
      for (const flags of [[], ['--full-refresh']]) {
        const failed = await runAt(lab, '2024-01-02T13:00', ...flags)
        expect([failed.code, nodeOf(failed, 'm').code]).toEqual([1, 'null-event-time'])
      }
      // An input that is read by window does not hide such a row.
      await lab.folder.write({ 'sources.yml': windowedSource })
      const hidden = await runAt(lab, '2024-01-02T14:00')
      expect([hidden.code, nodeOf(hidden, 'm').code]).toEqual([1, 'null-event-time'])
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3']])
    },
  },
  {
    title:
      'time_range: the output is filtered to the window, whatever the SELECT does; batch and inputs with event_time',
    run: async (lab) => {
      await lab.table('events', `id integer, v integer, ts ${lab.types.timestamp}`, first)
      await lab.folder.write({ 'sources.yml': windowedSource })
      await lab.model(
        'm',
        config,
        "select id, ts, (select count(*) from {{ source('raw', 'events') }}) as seen from {{ source('raw', 'events').render() }} where ts < {{ batch.end }} or '{{ batch.start }}' = 'x'",
      )
      await goodAt(lab, '2024-01-01T12:00')
      await goodAt(lab, '2024-01-02T12:00', '--batches')
      expect(await lab.rows('m', 'id, seen')).toEqual([
        ['1', '2'],
        ['2', '2'],
        ['3', '1'],
      ])
    },
  },
  {
    title: 'time_range: batch by batch gives the same rows; a table that is there is adopted',
    run: async (lab) => {
      await start(lab)
      await lab.add('events', "4, 40, timestamp '2024-01-03 10:00:00'")
      expectCounts(await goodAt(lab, '2024-01-04T12:00', '--batches'), 4)
      expect(await lab.rows('m')).toEqual(await lab.rows('events'))
      expectCounts(await goodAt(lab, '2024-01-04T12:00', '--batches', '--full-refresh'), 4)
      expect(await lab.rows('m')).toEqual(await lab.rows('events'))
      await lab.tableAs('n', 'select id, v, ts from {events} where id < 4')
      await lab.model('n', config, select)
      await lab.add('events', "5, 50, timestamp '2024-01-01 10:00:00'")
      const outcome = await runAt(lab, '2024-01-04T13:00', '--select', 'n')
      expect(outcome.code, outcome.stderr).toBe(0)
      expect(outcome.stderr).toContain('adopted')
      expect(await lab.rows('n', 'id')).toEqual([['1'], ['2'], ['3'], ['4']])
    },
  },
  {
    title: 'time_range: a new column comes with the first of several windows, a reset does all windows again',
    run: async (lab) => {
      await start(lab, ", on_schema_change='append_new_columns'")
      await goodAt(lab, '2024-01-01T12:00')
      await lab.model('m', `${config}, on_schema_change='append_new_columns'`, select.replace('v,', 'v, v + 1 as w,'))
      await goodAt(lab, '2024-01-03T12:00', '--batches')
      expect(await lab.rows('m', 'id, w')).toEqual([
        ['1', '11'],
        ['2', '21'],
        ['3', '31'],
      ])
      await lab.add('events', "6, 60, timestamp '2024-01-01 12:00:00'")
      expectCounts(await goodAt(lab, '2024-01-03T12:30'), 0)
      expect((await lab.fft('state', 'reset', 'm', '--yes')).code).toBe(0)
      expectCounts(await goodAt(lab, '2024-01-03T13:00'), 1)
    },
  },
  {
    title: 'time_range: dates, weeks, months; hours refuse dates',
    run: async (lab) => {
      await lab.table('days', 'id integer, day date', [
        "1, date '2024-01-31'",
        "2, date '2024-02-01'",
        "3, date '2024-02-29'",
      ])
      const of = (size: string) =>
        `materialized='incremental', strategy='microbatch', event_time='day', begin='2024-01-01', batch_size='${size}'`
      const body = "select id, day from {{ source('raw', 'days') }}"
      await lab.model('m', of('month'), body)
      await lab.model('weeks', of('week'), body)
      expectCounts(await goodAt(lab, '2024-02-10T00:00'), 3)
      expect(await lab.rows('weeks', 'id')).toEqual([['1'], ['2']])
      await lab.add('days', "4, date '2024-02-05'")
      expectCounts(await goodAt(lab, '2024-03-10T00:00'), 1)
      expect(await lab.rows('weeks')).toEqual(await lab.rows('days'))
      await lab.model('m', of('hour'), body)
      const refused = await runAt(lab, '2024-03-10T01:00')
      expect(refused.code).toBe(1)
      expect(nodeOf(refused, 'm').code).toBe('event-time-type')
    },
  },
]

const codeOptions =
  "strategy: 'time_range', event_time: 'ts', begin: '2024-01-01', batch_size: 'day', deps: ['base'], name: 'm'"

/** A code model over `base`, whose `event_time` lets each call read its own windows. */
async function startCode(lab: Lab, build: string, baseConfig = ", event_time='ts'"): Promise<void> {
  await lab.model('base', `materialized='view'${baseConfig}`, select)
  await lab.folder.write({
    'models/m.ff.ts': `import { model, sql } from 'fastflowtransform'\nexport default model({ ${codeOptions} }, ${build})\n`,
  })
}

const ofCode: readonly Case[] = [
  {
    title: 'time_range in TypeScript: each call reads its windows, knows their ends, and writes no others',
    run: async (lab) => {
      await events(lab)
      // A row of another window, which is none of this one's business.
      const stray = "{ id: 99, ts: '2023-06-01T00:00:00', seen: 0n, days: 0 }"
      await startCode(
        lab,
        `async ({ base }, { batch }) => {
          const rows = await base.rows().toArray()
          const days = (batch.end.getTime() - batch.start.getTime()) / 86_400_000
          return [...rows.map(({ id, ts }) => ({ id, ts, seen: BigInt(rows.length), days })), ${stray}]
        }`,
      )
      expectCounts(await goodAt(lab, '2024-01-02T12:00'), 3)
      await lab.add('events', "4, 40, timestamp '2024-01-04 13:00:00'", "5, 50, timestamp '2024-01-05 00:00:00'")
      // The third row is written anew with what its window knows now.
      expectCounts(await goodAt(lab, '2024-01-05T12:00'), 2, 1)
      expect(await lab.rows('m', 'id, seen, days')).toEqual([
        ['1', '3', '2'],
        ['2', '3', '2'],
        ['3', '3', '4'],
        ['4', '3', '4'],
        ['5', '3', '4'],
      ])
      expectCounts(await goodAt(lab, '2024-01-05T13:00'), 0, 1)
      await lab.add('events', '6, 60, null')
      const failed = await runAt(lab, '2024-01-05T14:00')
      expect([failed.code, nodeOf(failed, 'm').code]).toEqual([1, 'null-event-time'])
    },
  },
  {
    title: 'time_range in TypeScript: a function that reads batch.id is called for each window; one may be empty',
    run: async (lab) => {
      await events(lab)
      await startCode(
        lab,
        `async ({ base }, { batch }) => {
          const name = batch.id
          return (await base.rows().toArray()).map(({ id, ts }) => ({ name, ts, id }))
        }`,
      )
      // The first two of four windows, and one in between, have no row.
      await lab.sql('delete from {events} where id < 3')
      await lab.add('events', "4, 40, timestamp '2024-01-04 13:00:00'")
      expectCounts(await goodAt(lab, '2024-01-04T15:00'), 2)
      await lab.add('events', "5, 50, timestamp '2024-01-05 13:00:00'", "6, 60, timestamp '2024-01-06 13:00:00'")
      expectCounts(await goodAt(lab, '2024-01-06T15:00'), 2)
      const named = [
        ['3', '20240102'],
        ['4', '20240104'],
        ['5', '20240105'],
        ['6', '20240106'],
      ]
      expect(await lab.rows('m', 'id, name')).toEqual(named)
      for (const flags of [['--full-refresh'], ['--full-refresh', '--batches']]) {
        expectCounts(await goodAt(lab, '2024-01-06T16:00', ...flags), 4)
        expect(await lab.rows('m', 'id, name')).toEqual(named)
      }
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'time_range in TypeScript: SQL of a function is filtered to the window, a window that throws fails alone',
    run: async (lab) => {
      await events(lab)
      await startCode(lab, `({ base }) => sql\`select id, v, ts from \${base}\``, '')
      expectCounts(await goodAt(lab, '2024-01-01T12:00'), 2)
      expectCounts(await goodAt(lab, '2024-01-03T12:00'), 1)
      expect(await lab.rows('m')).toEqual(await lab.rows('events'))
      await startCode(
        lab,
        `({ base }, { batch }) => {
          if (batch.id === '20240105') throw new Error('no such day')
          return base
        }`,
      )
      await lab.add('events', "5, 50, timestamp '2024-01-05 13:00:00'", "6, 60, timestamp '2024-01-06 13:00:00'")
      const failed = await runAt(lab, '2024-01-07T00:00')
      expect([failed.code, nodeOf(failed, 'm').status]).toEqual([1, 'partial success'])
      expect(failed.stderr).toContain('window 2024-01-05')
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2'], ['3'], ['6']])
    },
  },
]

const atOnce: readonly Case[] = [
  {
    title:
      'time_range: concurrent_batches does each window by itself, at once where the engine can; a bad one fails alone',
    run: async (lab) => {
      const bad = `select id, v, ts, cast(case when v < 0 then 'bad' else '1' end as integer) as n from {{ source('raw', 'events') }}`
      await start(lab, ', concurrent_batches=true', bad)
      await goodAt(lab, '2024-01-02T12:00')
      const days = Array.from(
        { length: 12 },
        (_, day) =>
          `${day + 10}, ${day === 5 ? -1 : day}, timestamp '2024-01-${String(day + 3).padStart(2, '0')} 01:00:00'`,
      )
      await lab.add('events', ...days)
      const failed = await runAt(lab, '2024-01-15T00:00', '--jobs', '4')
      expect([failed.code, nodeOf(failed, 'm').status]).toEqual([1, 'partial success'])
      expect(failed.stderr).toContain('window 2024-01-08')
      expect(nodeOf(failed, 'm').detail).toBe('13 of 14 windows done')
      expect((await lab.rows('m', 'id')).length).toBe(14)
      await lab.sql('update {events} set v = 5 where id = 15')
      expectCounts(await goodAt(lab, '2024-01-15T10:00', '--jobs', '4'), 1)
      expect(await lab.rows('m', 'id, v, ts')).toEqual(await lab.rows('events'))
      expect(await lab.state()).toEqual(['m ts 2024-01-14 01:00:00'])
      expectCounts(await goodAt(lab, '2024-01-15T11:00', '--batches', '--full-refresh', '--jobs', '4'), 15)
      await lab.sql('drop table {m}')
      expectCounts(await goodAt(lab, '2024-01-15T12:00', '--batches', '--jobs', '4'), 15)
      expect(await lab.rows('m', 'id, v, ts')).toEqual(await lab.rows('events'))
      expectCounts(await goodAt(lab, '2024-01-15T13:00', '--start', '2024-01-01', '--batches', '--jobs', '4'), 0)
      expect(await lab.rows('m', 'id, v, ts')).toEqual(await lab.rows('events'))
    },
  },
  {
    title: 'concurrent_batches is for strategies with windows',
    run: async (lab) => {
      await lab.table('events', 'id integer', ['1'])
      await lab.model(
        'm',
        "materialized='incremental', unique_key='id', concurrent_batches=true",
        "select * from {{ source('raw', 'events') }}",
      )
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code }) => code)]).toEqual([2, ['not-of-strategy']])
    },
  },
]

/** Windows of time and their ledger. */
export const windows = proving(
  'windows',
  sparing(
    [...cases, ...ofCode, ...atOnce],
    /a story|failed window|key as updates/,
    'the story of the windows tells most of it in fewer statements',
  ),
)
