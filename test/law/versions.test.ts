import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { naiveVersions, type SourceRow, type VersionOptions, type VersionRow } from './naive-versions.js'
import { OneModel } from './one-model.js'

const began = Date.UTC(2024, 0, 1)
const asked = Number(process.env['FFT_LAW_RUNS'] ?? 0)
const usual = { fast: 25, medium: 10, slow: 1 }

interface Subject {
  readonly title: string
  readonly config: string
  readonly options: VersionOptions
  /** Columns that hold what the naive rows have. */
  readonly columns: string
}

const keyed = "materialized='incremental', strategy='scd2', unique_key='id'"
const plain = 'valid_from, valid_to, false, is_current'
const flagged = 'valid_from, valid_to, is_deleted, is_current'
const timed = "updated_at='t'"
const checked = "check_cols=['v']"

const subjects: readonly Subject[] = [
  {
    title: 'scd2 by updated_at',
    config: `${keyed}, ${timed}`,
    options: { timed: true, check: false, deletions: 'ignore' },
    columns: plain,
  },
  {
    title: 'scd2 by updated_at and check_cols',
    config: `${keyed}, ${timed}, ${checked}`,
    options: { timed: true, check: true, deletions: 'ignore' },
    columns: plain,
  },
  {
    title: 'scd2 by check_cols, keys that are gone closed',
    config: `${keyed}, ${checked}, hard_deletes='close'`,
    options: { timed: false, check: true, deletions: 'close' },
    columns: plain,
  },
  {
    title: 'scd2 by updated_at, keys that are gone closed',
    config: `${keyed}, ${timed}, hard_deletes='close'`,
    options: { timed: true, check: false, deletions: 'close' },
    columns: plain,
  },
  {
    title: 'a snapshot, keys that are gone told by a record',
    config: `materialized='snapshot', strategy='check', unique_key='id', check_cols='all', hard_deletes='new_record', history_names='default'`,
    options: { timed: false, check: true, deletions: 'new_record' },
    columns: flagged,
  },
]

/** What the source has on a day; versions may come in any order, and again. */
const row: fc.Arbitrary<SourceRow> = fc.record({
  id: fc.integer({ min: 1, max: 3 }),
  v: fc.integer({ min: 0, max: 2 }),
  t: fc.integer({ min: 0, max: 9 }),
})
const days = fc.array(fc.array(row, { maxLength: 5 }), { minLength: 2, maxLength: 5 })

onEveryEngine(
  'the law of versions',
  (engine) => {
    for (const subject of subjects) suite(subject, engine)
  },
  'whenAsked',
)

function suite(subject: Subject, engine: Engine): void {
  describe(subject.title, () => {
    let world: OneModel
    beforeAll(async () => {
      const body = `select ${subject.options.timed ? 'id, v, t' : 'id, v'} from {{ source('raw', 'src') }}`
      world = await OneModel.open(engine, { config: subject.config, body })
    })
    afterAll(() => world.close())

    const property = fc.asyncProperty(days, async (given) => {
      await world.clear()
      let expected: readonly VersionRow[] = []
      for (const [index, rows] of given.entries()) {
        // One row for a key, or for a key and time: which one is not what this is about.
        const source = rows.filter((each, at) => rows.findIndex((other) => sameVersion(other, each, subject)) === at)
        const now = 100 + index
        await setSource(world, engine, source)
        for (const _ of [1, 2]) {
          await run(world, now)
          expected = naiveVersions(expected, source, now, subject.options)
          expect(await world.rows(`id, v, ${subject.columns}`)).toEqual(expected.map(shown).sort())
        }
      }
    })
    test(
      'every run leaves what plain functions over arrays leave; validity has no overlap, no gap and one current row',
      () => fc.assert(property, asked > 0 ? { numRuns: asked } : { numRuns: usual[engine.speed], seed: 20_240_101 }),
      engine.speed === 'slow' ? 300_000 : 120_000,
    )
    if (!subject.options.timed || subject.options.check || subject.options.deletions !== 'ignore') return
    const law = fc.asyncProperty(days, async (given) => {
      await world.clear()
      const all: SourceRow[] = []
      for (const [index, rows] of given.entries()) {
        const fresh = rows.filter(
          (each, at) =>
            !all.some((other) => sameVersion(other, each, subject)) &&
            rows.findIndex((other) => sameVersion(other, each, subject)) === at,
        )
        all.push(...fresh)
        await setSource(world, engine, fresh)
        await run(world, 100 + index)
      }
      const dayByDay = await world.rows(`id, v, ${subject.columns}`)
      await world.clear()
      await setSource(world, engine, all)
      await run(world, 200)
      expect(dayByDay).toEqual(await world.rows(`id, v, ${subject.columns}`))
    })
    test(
      'in whatever order versions come, the history is the one that a full refresh builds',
      () => fc.assert(law, asked > 0 ? { numRuns: asked } : { numRuns: usual[engine.speed], seed: 20_240_102 }),
      engine.speed === 'slow' ? 300_000 : 120_000,
    )
  })
}

function sameVersion(a: SourceRow, b: SourceRow, { options }: Subject): boolean {
  return a.id === b.id && (!options.timed || a.t === b.t)
}

function time(seconds: number): string {
  return new Date(began + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

function shown({ id, v, from, to, deleted }: VersionRow): string {
  const until = to === undefined ? null : time(to)
  return JSON.stringify([String(id), String(v), time(from), until, String(deleted), String(to === undefined)])
}

function setSource(world: OneModel, { words }: Engine, rows: readonly SourceRow[]): Promise<void> {
  const values = rows.map(({ id, v, t }) => `(${id}, ${v}, timestamp '${time(t)}')`)
  return world.setSource(`id integer, v integer, t ${words.types.timestamp}`, values)
}

async function run(world: OneModel, seconds: number): Promise<void> {
  await world.run({ now: new Date(began + seconds * 1000), batches: false, fullRefresh: false })
}
