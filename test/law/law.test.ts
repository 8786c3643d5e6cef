import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NodeResult } from '../../src/execute/index.js'
import type { Engine } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { writeFailingProject } from './failing-project.js'
import { lawfulHistories, wildHistories } from './histories.js'
import { newest, Refused } from './naive.js'
import { type Row, texts } from './rows.js'
import type { Subject } from './subject.js'
import { subjects } from './subjects.js'
import { type Source, World } from './world.js'

// With `FFT_LAW_RUNS` a longer search is made, from other seeds.
const asked = Number(process.env['FFT_LAW_RUNS'] ?? 0)
const usual = {
  fast: { lawful: 120, wild: 20 },
  medium: { lawful: 18, wild: 6 },
  slow: { lawful: 5, wild: 1 },
}
// A run does so many histories at once: most of what one costs is said once then.
const atOnce = 20

onEveryEngine(
  'the law',
  (engine) => {
    const counts = { lawful: 0, wild: 0 }
    for (const subject of subjects) {
      if (engine.speed !== 'slow' || subject.isEssential || asked > 0) suite(subject, engine, counts)
    }
    afterAll(() => {
      process.stdout.write(
        `${engine.name}: ${counts.lawful} histories day by day, ${counts.wild} beside plain functions over arrays\n`,
      )
    })
  },
  'whenAsked',
)

function suite(subject: Subject, engine: Engine, counts: { lawful: number; wild: number }): void {
  const { lawful, wild } = asked > 0 ? { lawful: asked, wild: asked } : usual[engine.speed]
  const seed = asked > 0 ? Math.floor(Math.random() * 2 ** 31) : 20_240_101
  const patienceMs = engine.speed === 'slow' ? 600_000 : 120_000 + (lawful + wild) * 500
  describe(subject.title, () => {
    let world: World
    beforeAll(async () => {
      world = await World.open(subject, engine, Math.min(atOnce, Math.max(lawful, wild)))
    })
    afterAll(() => world.close())

    test.runIf(subject.keepsOld !== true)(
      'running day by day leaves the rows that a full refresh leaves',
      async () => {
        await search(lawfulHistories(subject), { runs: lawful, seed, subject, engine }, (histories) =>
          lawBroken(world, histories),
        )
        counts.lawful += lawful
      },
      patienceMs,
    )

    test(
      'every run does what plain functions over arrays do',
      async () => {
        const histories = wildHistories().map((days) => days.map(wholeSource))
        await search(histories, { runs: wild, seed, subject, engine }, (batch) => naiveBroken(world, batch, subject))
        counts.wild += wild
      },
      patienceMs,
    )
  })
}

const wholeSource = (rows: readonly Row[]): Source => ({ rows, columns: ['id', 'v', 't'], valueType: 'integer' })

type History = readonly Source[]

interface Search {
  readonly runs: number
  readonly seed: number
  readonly subject: Subject
  readonly engine: Engine
}

/** Where a history first went wrong, and how. */
interface Broken {
  readonly slot: number
  readonly error: unknown
}

/** Tries many histories, several a run; the first one that is broken is made as small as it gets and written down. */
async function search(
  arbitrary: fc.Arbitrary<History>,
  { runs, seed, subject, engine }: Search,
  tryAll: (histories: readonly History[]) => Promise<Broken | undefined>,
): Promise<void> {
  const histories = fc.sample(arbitrary, { seed, numRuns: runs })
  for (let from = 0; from < histories.length; from += atOnce) {
    const broken = await tryAll(histories.slice(from, from + atOnce))
    if (broken === undefined) continue
    const property = fc.asyncProperty(arbitrary, async (history) => (await tryAll([history])) === undefined)
    const index = from + broken.slot
    const { counterexample } = await fc.check(property, { seed, path: String(index), numRuns: 1 })
    const smallest = counterexample?.[0] ?? histories[index] ?? []
    const dir = writeFailingProject(subject, smallest)
    const { error } = (await tryAll([smallest])) ?? broken
    const said = error instanceof Error ? error.message : String(error)
    throw new Error(`${subject.title} on ${engine.name}, seed ${seed}, history ${index}: ${dir}/README.md\n${said}`)
  }
}

/** Runs histories side by side; one that has fewer days is run again on the days of the others, and must not change. */
async function lawBroken(world: World, histories: readonly History[]): Promise<Broken | undefined> {
  await world.clear()
  const days = Math.max(...histories.map((history) => history.length))
  for (let day = 0; day < days; day++) {
    await setDay(world, histories, day)
    const results = await world.run()
    const broken = await firstBroken(histories, (history, slot) => {
      expect(results[slot]?.failure).toBeUndefined()
      if (day >= history.length) expect(results[slot]?.rowsAffected, 'a rerun changes nothing').toBe(0)
    })
    if (broken !== undefined) return broken
  }
  const dayByDay = await Promise.all(histories.map((_, slot) => world.rows(slot)))
  const results = await world.run(true)
  return firstBroken(histories, async (_, slot) => {
    expect(results[slot]?.failure).toBeUndefined()
    expect(dayByDay[slot]).toEqual(await world.rows(slot))
  })
}

async function naiveBroken(world: World, histories: readonly History[], subject: Subject): Promise<Broken | undefined> {
  await world.clear()
  const now = new Map<number, Naive>()
  const days = Math.max(...histories.map((history) => history.length))
  for (let day = 0; day < days; day++) {
    await setDay(world, histories, day)
    const results = await world.run()
    const broken = await firstBroken(histories, async (history, slot) => {
      const source = history[Math.min(day, history.length - 1)]?.rows ?? []
      const before = now.get(slot)
      const next = step(before, source, subject)
      const result = results[slot]
      expect(result?.failure?.code ?? 'success').toBe(next instanceof Refused ? next.code : 'success')
      if (!(next instanceof Refused)) {
        expectSameChange(result?.counts, before?.rows ?? [], next.rows, subject)
        now.set(slot, next)
      }
      const there = now.get(slot)
      if (there !== undefined) expect(await world.rows(slot)).toEqual(texts(there.rows, subject.timeType))
    })
    if (broken !== undefined) return broken
  }
  return undefined
}

/** A slot without a history has the source of the first one. */
async function setDay(world: World, histories: readonly History[], day: number): Promise<void> {
  for (let slot = 0; slot < world.slots; slot++) {
    const history = histories[slot] ?? histories[0] ?? []
    const source = history[day]
    if (source !== undefined) await world.setSource(slot, source)
  }
}

async function firstBroken(
  histories: readonly History[],
  check: (history: History, slot: number) => void | Promise<void>,
): Promise<Broken | undefined> {
  for (const [slot, history] of histories.entries()) {
    try {
      await check(history, slot)
    } catch (error) {
      return { slot, error }
    }
  }
  return undefined
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
  counts: NodeResult['counts'],
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
