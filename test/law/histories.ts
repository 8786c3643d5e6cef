import fc from 'fast-check'
import { newest } from './naive.js'
import type { Row } from './rows.js'
import type { Subject } from './subject.js'
import type { Source } from './world.js'

/** One thing that happens to the source; what it comes to depends on what may happen to the subject's source. */
interface Happening {
  readonly kind: 'version' | 'replace' | 'repeat' | 'group'
  readonly id: number
  readonly v: number | null
  readonly extra: string | null
  /** How far past the oldest time that the next delta sees; null: without a time. */
  readonly step: number | null
  readonly size: number
}

interface Day {
  readonly happenings: readonly Happening[]
  readonly grows: boolean
  readonly widens: boolean
  readonly order: readonly (keyof Row)[]
}

const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom('version', 'version', 'replace', 'repeat', 'group'),
  id: fc.integer({ min: 1, max: 4 }),
  v: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 6 }),
  extra: fc.option(fc.constantFrom('x', 'y')),
  step: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 6 }),
  size: fc.integer({ min: 1, max: 3 }),
})

const day: fc.Arbitrary<Day> = fc.record({
  happenings: fc.array(happening, { maxLength: 5 }),
  grows: fc.boolean(),
  widens: fc.boolean(),
  order: fc.shuffledSubarray(['id', 'v', 't', 'extra'] as (keyof Row)[], { minLength: 4 }),
})

/**
 * Histories in which a full refresh can be reached: what changes is within what the delta sees, a replaced row never
 * gets an older time, and no two different rows of a key have the same time.
 */
export function lawfulHistories(subject: Subject): fc.Arbitrary<readonly Source[]> {
  return fc.array(day, { minLength: 2, maxLength: 4 }).map((days) => unfold(days, subject))
}

function unfold(days: readonly Day[], subject: Subject): readonly Source[] {
  const sources: Source[] = []
  let rows: readonly Row[] = []
  let hasGrown = false
  let isWide = false
  for (const [index, { happenings, grows, widens, order }] of days.entries()) {
    hasGrown ||= grows && index > 0
    isWide ||= widens && index > 0
    const bound = Math.max(0, (newest(rows) ?? 0) - subject.lookback)
    const before = rows
    for (const each of happenings)
      rows = happen(rows, hasGrown ? each : { ...each, extra: null }, { bound, before, subject })
    const columns = order.filter((column) => column !== 'extra' || hasGrown)
    sources.push({ rows, columns, valueType: isWide ? 'bigint' : 'integer' })
  }
  return sources
}

interface Rules {
  /** The oldest time that the delta of this day sees. */
  readonly bound: number
  /** The rows before this day. */
  readonly before: readonly Row[]
  readonly subject: Subject
}

function happen(rows: readonly Row[], { kind, id, v, extra, step, size }: Happening, rules: Rules): readonly Row[] {
  const { may, sees, config } = rules.subject
  const isKeyed = config.includes('unique_key')
  const t = step === null ? null : rules.bound + step
  const row: Row = { id, v, t, extra }
  const mine = rows.filter((other) => other.id === id)
  if (may.group) {
    const isAddition = kind === 'version' && mine.length > 0
    const fresh = Array.from({ length: size }, (_, index) => ({ ...row, v: index % 2 === 0 ? v : 7 }))
    return [...(isAddition ? rows : rows.filter((other) => other.id !== id)), ...fresh]
  }
  if (kind === 'repeat' && may.repeat) {
    const seen = mine.find((other) => sees === 'all' || other.t === null || other.t >= rules.bound)
    return seen === undefined ? rows : [...rows, seen]
  }
  if (kind === 'replace' && may.replace) {
    const oldest = newest(mine)
    const isOlder = oldest !== undefined && (t === null || t < oldest)
    if (isOlder && sees !== 'all') return rows
    return [...rows.filter((other) => other.id !== id), row]
  }
  if (mine.length > 0 && !may.versions) return rows
  const hasTie = mine.some((other) => other.t === t && (other.v !== v || other.extra !== extra))
  return hasTie && isKeyed ? rows : [...rows, row]
}

const anyRow = (keys: fc.Arbitrary<number | null>): fc.Arbitrary<Row> =>
  fc.record({
    id: keys,
    v: fc.option(fc.integer({ min: 0, max: 1 }), { freq: 8 }),
    t: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 6 }),
    extra: fc.constant(null),
  })

/** Sources that have nothing to do with one another, a day each: rows leave, get older, collide, lack a key. */
export function wildHistories(): fc.Arbitrary<readonly (readonly Row[])[]> {
  const keys = fc.option(fc.integer({ min: 1, max: 6 }), { freq: 25 })
  return fc.array(fc.array(anyRow(keys), { maxLength: 4 }), { minLength: 2, maxLength: 4 })
}
