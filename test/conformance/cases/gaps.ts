import { expect } from 'vitest'
import type { Outcome } from '../../support/outcome.js'
import { runFft } from '../../support/run-fft.js'
import { type Case, type Lab, proving, type Row, sparing } from '../lab.js'

function fftAt(lab: Lab, now: string, ...argv: readonly string[]): Promise<Outcome> {
  return runFft(argv, lab.folder.dir, { FFT_NOW: now })
}

/** A table of moments and numbers with tests, by the tests' names. */
async function tested(lab: Lab, tests: Readonly<Record<string, string>>): Promise<void> {
  const list = Object.entries(tests).map(([name, test]) => `      - ${test.replace(/\}$/, `, name: ${name}}`)}`)
  await lab.folder.write({
    'models/m.yml': `version: 2\nmodels:\n  - name: m\n    tests:\n${list.join('\n')}\n`,
  })
}

async function moments(lab: Lab, values: readonly (string | null)[]): Promise<void> {
  const rows = values.map((at, n) => `${n}, ${at === null ? 'null' : `timestamp '${at}'`}`)
  await lab.table('events', `id integer, ts ${lab.types.timestamp}`, rows)
  await lab.model('m', "materialized='view'", "select id, ts from {{ source('raw', 'events') }}")
  await lab.good('m')
}

/** The gaps that each test finds, `from … to`; a test without one must pass. */
function found(outcome: Outcome): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.values(outcome.nodes)
      .filter(({ status }) => status !== 'success')
      .map((node) => {
        const rows = (node.rows?.rows ?? []) as readonly Row[]
        if (rows.length === 0) expect(node.status, outcome.stderr).toBe('pass')
        return [String(node.name), rows.map((row) => row.map(short).join(' … '))]
      }),
  )
}

/** The seconds of a whole minute are not shown. */
function short(cell: string | null): string {
  return (cell ?? 'NULL').replace(/ 00:00:00$|(?<=:\d\d):00$/, '')
}

const cases: readonly Case[] = [
  {
    title: 'no_gaps: days without a row are one gap a stretch; NULL is no value, where limits the rows',
    run: async (lab) => {
      await moments(lab, [
        '2024-01-01 05:00:00',
        '2024-01-02 23:59:59',
        '2024-01-05 00:00:00',
        '2024-01-06 12:00:00',
        '2024-01-08 12:00:00',
        null,
      ])
      await tested(lab, {
        days: 'no_gaps: {column: ts, every: 1 day}',
        some: "no_gaps: {column: ts, every: 1 day, where: 'id < 2'}",
        two_days: 'no_gaps: {column: ts, every: 2 days}',
        weeks: 'no_gaps: {column: ts, every: 1 week}',
      })
      const outcome = await lab.fft('test')
      expect(outcome.code).toBe(1)
      expect(found(outcome)).toEqual({
        days: ['2024-01-03 … 2024-01-05', '2024-01-07 … 2024-01-08'],
        some: [],
        two_days: [],
        weeks: [],
      })
    },
  },
  {
    title: 'no_gaps: buckets of every length are those of the calendar, in UTC',
    run: async (lab) => {
      await moments(lab, [
        '1969-12-28 23:59:30',
        '2023-12-31 23:59:59.999999',
        '2024-01-01 00:00:00',
        '2024-01-01 00:20:00',
        '2024-03-01 00:00:00',
        '2024-03-31 00:00:00',
        '2024-12-01 00:00:00',
      ])
      const late = (every: string) => `no_gaps: {column: ts, every: ${every}, where: "id > 1"}`
      const early = (every: string) => `no_gaps: {column: ts, every: ${every}, where: "id < 3"}`
      await tested(lab, {
        weeks: early('1 week'),
        years: early('1 years'),
        two_years: early('2 years'),
        minutes: `no_gaps: {column: ts, every: 15 minutes, where: "id in (1, 2, 3)"}`,
        seconds: `no_gaps: {column: ts, every: 1 second, where: "id in (1, 2)"}`,
        months: late('1 month'),
        quarters: late('3 months'),
        hours: `no_gaps: {column: ts, every: 1 hour, where: "id in (4, 5)"}`,
      })
      expect(found(await lab.fft('test'))).toEqual({
        weeks: ['1969-12-29 … 2023-12-25'],
        years: ['1970-01-01 … 2023-01-01'],
        two_years: ['1970-01-01 … 2022-01-01'],
        minutes: [],
        seconds: [],
        months: ['2024-02-01 … 2024-03-01', '2024-04-01 … 2024-12-01'],
        quarters: ['2024-04-01 … 2024-10-01'],
        hours: ['2024-03-01 01:00 … 2024-03-31'],
      })
    },
  },
  {
    title: 'no_gaps: with grace the buckets up to now have to be there too, of an empty relation the last one',
    run: async (lab) => {
      await moments(lab, ['2024-01-01 05:00:00', '2024-01-03 01:00:00'])
      await tested(lab, {
        today: 'no_gaps: {column: ts, every: 1 day, grace: 0 hours}',
        patient: 'no_gaps: {column: ts, every: 1 day, grace: 1 day 6 hours}',
        nothing: "no_gaps: {column: ts, every: 1 day, grace: 1 hour, where: 'id > 9'}",
      })
      const gap = '2024-01-02 … 2024-01-03'
      expect(found(await fftAt(lab, '2024-01-05T05:00', 'test'))).toEqual({
        today: [gap, '2024-01-04 … 2024-01-05'],
        patient: [gap],
        nothing: ['2024-01-04 … 2024-01-05'],
      })
      // What was compiled is not kept for another time.
      expect(found(await fftAt(lab, '2024-01-05T07:00', 'test'))).toMatchObject({ patient: [gap] })
      expect(found(await fftAt(lab, '2024-01-06T06:00', 'test'))).toMatchObject({
        patient: [gap, '2024-01-04 … 2024-01-05'],
      })
      expect(found(await fftAt(lab, '2024-01-02T00:00', 'test'))).toMatchObject({ today: [gap], patient: [gap] })
    },
  },
  {
    title: 'no_gaps: a time with a zone belongs to its day in UTC',
    needs: ['timestamptz'],
    run: async (lab) => {
      await lab.table('events', 'id integer, ts timestamp with time zone', [
        "1, timestamp with time zone '2024-01-01 12:00:00+00'",
        "2, timestamp with time zone '2024-01-01 23:30:00-05'",
        "3, timestamp with time zone '2024-01-05 01:00:00+03'",
      ])
      await lab.model('m', "materialized='view'", "select id, ts from {{ source('raw', 'events') }}")
      await lab.good('m')
      await tested(lab, { days: 'no_gaps: {column: ts, every: 1 day}' })
      expect(found(await lab.fft('test'))).toEqual({ days: ['2024-01-03 … 2024-01-04'] })
    },
  },
  {
    title: 'no_gaps: dates and numbers; on a column and on a relation',
    run: async (lab) => {
      await lab.table('events', 'id bigint, day date', [
        "-9223372036854775808, date '2024-01-01'",
        "1, date '2024-01-02'",
        "2, date '2024-01-02'",
        "5, date '2024-01-04'",
        '9223372036854775807, null',
      ])
      await lab.model('m', "materialized='table'", "select id, day from {{ source('raw', 'events') }}")
      await lab.good('m')
      await lab.folder.write({
        'models/m.yml': `version: 2
models:
  - name: m
    tests: [{no_gaps: {column: id, step: 3, where: 'id between 1 and 5'}}]
    columns:
      - {name: id, tests: [{no_gaps: {step: 1, name: numbers}}]}
      - {name: day, tests: [{no_gaps: {every: 1 day}}]}
`,
      })
      expect(found(await lab.fft('test'))).toEqual({
        no_gaps_m_day__1_day: ['2024-01-03 … 2024-01-04'],
        no_gaps_m_id__3: [],
        numbers: ['-9223372036854775807 … 1', '3 … 5', '6 … 9223372036854775807'],
      })
    },
  },
]

/** What is missing between the first value and the last. */
export const gaps = proving(
  'gaps',
  sparing(cases, /one gap a stretch|up to now/, 'days and the clock tell most of it in fewer statements'),
)
