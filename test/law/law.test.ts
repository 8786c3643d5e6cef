import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { lawfulHistories, wildHistories } from './histories.js'
import { newest, Refused } from './naive.js'
import { type Row, texts } from './rows.js'
import type { Subject } from './subject.js'
import { subjects } from './subjects.js'
import { type Source, World } from './world.js'

// With `FFT_LAW_RUNS` a longer search is made, from other seeds.
const asked = Number(process.env['FFT_LAW_RUNS'] ?? 0)
const runs = (usual: number) => (asked > 0 ? { numRuns: asked } : { numRuns: usual, seed: 20_240_101 })
const usual = {
  fast: { lawful: 18, wild: 12 },
  medium: { lawful: 5, wild: 4 },
  slow: { lawful: 1, wild: 1 },
}

onEveryEngine(
  'the law',
  (engine) => {
    for (const subject of subjects) {
      if (engine.speed !== 'slow' || subject.isEssential || asked > 0) suite(subject, engine)
    }
  },
  'whenAsked',
)

function suite(subject: Subject, engine: Engine): void {
  const { lawful, wild } = usual[engine.speed]
  const patienceMs = engine.speed === 'slow' ? 300_000 : 120_000
  describe(subject.title, () => {
    let world: World
    beforeAll(async () => {
      world = await World.open(subject, engine)
    })
    afterAll(() => world.close())

    const dayByDay = fc.asyncProperty(lawfulHistories(subject), (history) => expectLaw(world, history))
    test.runIf(subject.keepsOld !== true)(
      'running day by day leaves the rows that a full refresh leaves',
      () => fc.assert(dayByDay, runs(lawful)),
      patienceMs,
    )

    const likeArrays = fc.asyncProperty(wildHistories(), (history) => expectNaive(world, history, subject))
    test('every run does what plain functions over arrays do', () => fc.assert(likeArrays, runs(wild)), patienceMs)
  })
}

async function expectLaw(world: World, history: readonly Source[]): Promise<void> {
  await world.clear()
  for (const [day, source] of history.entries()) {
    await world.setSource(source)
    await good(world)
    if (day % 2 === 0) continue
    const rows = await world.rows()
    expect(await good(world), 'a rerun of the same input changes nothing').toBe(0)
    expect(await world.rows()).toEqual(rows)
  }
  const dayByDay = await world.rows()
  await good(world, true)
  expect(dayByDay).toEqual(await world.rows())
  expect(await good(world), 'a run after a full refresh changes nothing').toBe(0)
  expect(await world.rows()).toEqual(dayByDay)
}

async function expectNaive(world: World, history: readonly (readonly Row[])[], subject: Subject): Promise<void> {
  await world.clear()
  let naive: Naive | undefined
  for (const rows of history) {
    await world.setSource({ rows, columns: ['id', 'v', 't'], valueType: 'integer' })
    const result = await world.run()
    const next = step(naive, rows, subject)
    expect(result.failure?.code ?? 'success').toBe(next instanceof Refused ? next.code : 'success')
    if (next instanceof Refused) {
      if (naive === undefined) return
    } else {
      expectSameChange(result.counts, naive?.rows ?? [], next.rows, subject)
      naive = next
    }
    expect(await world.rows()).toEqual(texts(naive?.rows ?? [], subject.timeType))
  }
}

async function good(world: World, fullRefresh = false): Promise<number> {
  const result = await world.run(fullRefresh)
  expect(result.failure).toBeUndefined()
  return result.rowsAffected ?? -1
}

/** The table and the recorded watermark. */
interface Naive {
  readonly rows: readonly Row[]
  readonly watermark: number | undefined
}

/** One run over arrays. */
function step(before: Naive | undefined, source: readonly Row[], subject: Subject): Naive | Refused {
  try {
    if (before === undefined) {
      const rows = subject.check(source, subject.options)
      return { rows: subject.create?.(rows) ?? rows, watermark: newest(rows) }
    }
    const delta = subject.check(seen(before, source, subject), subject.options)
    const marks = [before.watermark, newest(delta)].filter((mark) => mark !== undefined)
    return {
      rows: subject.apply(before.rows, delta),
      watermark: marks.length === 0 ? undefined : Math.max(...marks),
    }
  } catch (error) {
    if (error instanceof Refused) return error
    throw error
  }
}

function seen({ rows, watermark }: Naive, source: readonly Row[], subject: Subject): readonly Row[] {
  if (subject.sees === 'all') return source
  const mark = markOf(rows, watermark, subject)
  const from = mark === undefined ? Number.NEGATIVE_INFINITY : mark - subject.lookback
  const isRecent = (row: Row) => row.t === null || row.t >= from
  if (subject.sees === 'recent') return source.filter(isRecent)
  return source.filter((row) => row.id !== null && source.some((other) => other.id === row.id && isRecent(other)))
}

function markOf(rows: readonly Row[], watermark: number | undefined, { from }: Subject): number | undefined {
  if (from === 'record') return watermark
  const maximum = newest(rows)
  if (from === 'table' || watermark === undefined || maximum === undefined) return maximum
  // A watermark that is ahead of the table is not believed.
  return Math.min(watermark, maximum)
}

/** Inserted less deleted is the growth of the table, and no row is touched that was right already. */
function expectSameChange(
  counts: Readonly<Record<'inserted' | 'updated' | 'deleted', number>> | undefined,
  before: readonly Row[],
  after: readonly Row[],
  { timeType }: Subject,
): void {
  const left = [...texts(before, timeType)]
  const added = texts(after, timeType).filter((row) => {
    const found = left.indexOf(row)
    if (found !== -1) left.splice(found, 1)
    return found === -1
  })
  const { inserted = 0, updated = 0, deleted = 0 } = counts ?? {}
  expect({ added: inserted + updated, gone: deleted + updated }).toEqual({ added: added.length, gone: left.length })
}
