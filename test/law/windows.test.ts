import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { type NaiveDays, naiveDays } from './naive.js'
import { OneModel } from './one-model.js'

const hourMs = 3_600_000
const began = Date.UTC(2024, 0, 1)

/** One run: how many hours after the last one, what happened since in windows that were not over then. */
interface Visit {
  readonly hours: number
  readonly happenings: readonly Happening[]
  readonly batches: boolean
}

interface Happening {
  readonly kind: 'add' | 'change' | 'remove'
  readonly id: number
  readonly v: number
  /** Where between the start of the open window and now. */
  readonly place: number
}

interface Row {
  readonly id: number
  readonly v: number
  /** Hours since the beginning. */
  readonly at: number
}

const visit: fc.Arbitrary<Visit> = fc.record({
  hours: fc.integer({ min: 0, max: 60 }),
  batches: fc.boolean(),
  happenings: fc.array(
    fc.record({
      kind: fc.constantFrom('add', 'add', 'change', 'remove'),
      id: fc.integer({ min: 1, max: 9 }),
      v: fc.integer({ min: 0, max: 3 }),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 5 },
  ),
})

const asked = Number(process.env['FFT_LAW_RUNS'] ?? 0)
const usual = { fast: 25, medium: 8, slow: 1 }

const select = "select id, v, ts from {{ source('raw', 'src') }}"
const keyed = `${select} where ts < {{ batch.end }}`
const config =
  "materialized='incremental', strategy='time_range', event_time='ts', begin='2024-01-01', batch_size='day'"

onEveryEngine(
  'the law of windows',
  (engine) => {
    suite('whole SELECT', { config, body: select, lookback: 0 }, engine)
    suite(
      'a filter, a key and a lookback',
      { config: `${config}, lookback=2, unique_key='id'`, body: keyed, lookback: 2 },
      engine,
    )
  },
  'whenAsked',
)

interface Subject {
  readonly config: string
  readonly body: string
  readonly lookback: number
}

function suite(title: string, subject: Subject, engine: Engine): void {
  describe(title, () => {
    let world: OneModel
    beforeAll(async () => {
      world = await OneModel.open(engine, subject)
    })
    afterAll(() => world.close())

    const property = fc.asyncProperty(fc.array(visit, { minLength: 2, maxLength: 5 }), async (visits) => {
      await world.clear()
      let rows: readonly Row[] = []
      let hours = 1
      // Nothing is done before the first run, so anything may have happened.
      let undoneFrom = 0
      for (const { hours: later, happenings, batches } of visits) {
        hours += later
        const openFrom = Math.max(0, Math.min(undoneFrom, dayOf(hours) - subject.lookback * 24))
        rows = happenings.reduce((before, each) => happen(before, each, openFrom, hours), rows)
        await setSource(world, engine, rows)
        expect(await world.run({ now: at(hours), batches, fullRefresh: false })).toBe(expectedChange)
        undoneFrom = dayOf(hours)
        const dayByDay = await world.rows(columns)
        expect(await world.run({ now: at(hours), batches: false, fullRefresh: false })).toBe(expectedChange)
        expect(await world.rows(columns), 'a rerun of the same input changes nothing').toEqual(dayByDay)
      }
      const dayByDay = await world.rows(columns)
      await world.run({ now: at(hours), batches: false, fullRefresh: true })
      expect(dayByDay).toEqual(await world.rows(columns))
    })
    const wild = fc.asyncProperty(fc.array(visit, { minLength: 2, maxLength: 5 }), async (visits) => {
      await world.clear()
      let rows: readonly Row[] = []
      let naive: NaiveDays<Row> = { rows: [], done: new Set() }
      let hours = 1
      for (const { hours: later, happenings, batches } of visits) {
        hours += later
        // Whatever happens in windows that are done waits there.
        rows = happenings.reduce((before, each) => happen(before, each, 0, hours), rows)
        await setSource(world, engine, rows)
        expect(await world.run({ now: at(hours), batches, fullRefresh: false })).toBe(expectedChange)
        naive = naiveDays(naive, rows, { hours, lookback: subject.lookback })
        expect(await world.rows(columns)).toEqual(texts(naive.rows))
      }
    })
    test(
      'every run does what a plain function over arrays does',
      () => fc.assert(wild, asked > 0 ? { numRuns: asked } : { numRuns: usual[engine.speed], seed: 20_240_101 }),
      engine.speed === 'slow' ? 300_000 : 120_000,
    )

    test(
      'running day by day leaves the rows that a full refresh leaves',
      () => fc.assert(property, asked > 0 ? { numRuns: asked } : { numRuns: usual[engine.speed], seed: 20_240_101 }),
      engine.speed === 'slow' ? 300_000 : 120_000,
    )
  })
}

const expectedChange = 'success'

function timeOf(at: number): string {
  return new Date(began + at * hourMs).toISOString().slice(0, 19).replace('T', ' ')
}

/** The start of the day, in hours. */
function dayOf(hours: number): number {
  return Math.floor(hours / 24) * 24
}

function happen(
  rows: readonly Row[],
  { kind, id, v, place }: Happening,
  openFrom: number,
  hours: number,
): readonly Row[] {
  const isOpen = ({ at }: Row) => at >= openFrom
  const there = rows.find((row) => row.id === id && isOpen(row))
  if (kind === 'remove') return rows.filter((row) => row !== there)
  const at = openFrom + Math.floor(place * Math.max(0, hours - openFrom))
  if (there !== undefined) return rows.map((row) => (row === there ? { ...row, v } : row))
  return kind === 'change' || rows.some((row) => row.id === id) ? rows : [...rows, { id, v, at }]
}

const columns = 'id, v, ts'

/** That many hours after the beginning. */
function at(hours: number): Date {
  return new Date(began + hours * hourMs)
}

function setSource(world: OneModel, { words }: Engine, rows: readonly Row[]): Promise<void> {
  const values = rows.map((row) => `(${row.id}, ${row.v}, timestamp '${timeOf(row.at)}')`)
  return world.setSource(`id integer, v integer, ts ${words.types.timestamp}`, values)
}

/** Rows as the world gives them. */
function texts(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify([String(row.id), String(row.v), timeOf(row.at)])).sort()
}
