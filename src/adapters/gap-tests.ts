import { concat, type Sql } from '../core/index.js'
import type { Every, GapDialect, HistoryShape, Spacing } from './types.js'

/** What the engines write differently about gaps. */
export interface GapWords {
  quote(identifier: string): string
  /** The start of the bucket that a timestamp is in. */
  bucket(moment: string, every: Every): string
  /** A timestamp so many buckets later. */
  later(moment: string, every: Every, count: 1 | -1): string
  /** A condition on timestamps; `infinity` is no time. Undefined where there is none. */
  readonly isTime?: (moment: string) => string
  /** A type of whole numbers that holds every difference of two values. */
  readonly wholeNumber: string
  /** An exact type for numbers of rows; a product of it and a percentage is exact too. */
  readonly exactNumber: string
}

/** The queries about gaps and completeness. Each reads the rows once, and no list of what is expected is made. */
export function gapTests(words: GapWords): GapDialect {
  return {
    noGaps: (from, column, spacing) =>
      spacing.kind === 'numbers'
        ? missingNumbers(from, column, spacing, words)
        : missingTimes(from, column, spacing, words),
    completeWithin: (from, expected, percent) => incomplete(from, expected, percent, words),
    validHistory: (from, history) => invalidVersions(from, history, words),
  }
}

/** Versions without a start, that end before they begin, or not where the next one of their key begins. */
function invalidVersions(from: Sql, { key, validFrom, validTo, mayEnd }: HistoryShape, { quote }: GapWords): Sql {
  const [start, end] = [quote(validFrom), quote(validTo)]
  const next = quote('next_version_from')
  const inOrder = `over (partition by ${key.map(quote).join(', ')} order by ${start})`
  const ends = mayEnd ? '' : ` or ${end} < ${next} or (${end} is not null and ${next} is null)`
  return concat(
    `select * from (select versions.*, lead(${start}) ${inOrder} as ${next} from (select * from `,
    from,
    `) as versions) as followed where ${start} is null or ${end} <= ${start} or (${end} is null and ${next} is not null) or ${end} > ${next}${ends}`,
  )
}

function missingNumbers(
  from: Sql,
  column: string,
  { step }: Extract<Spacing, { kind: 'numbers' }>,
  { quote, wholeNumber }: GapWords,
): Sql {
  return concat(
    `select n + ${step} as gap_start, next_n as gap_end from (select n, lead(n) over (order by n) as next_n from (select distinct cast(${quote(column)} as ${wholeNumber}) as n from `,
    from,
    ` where ${quote(column)} is not null) as numbers) as neighbours where next_n - n > ${step} order by gap_start`,
  )
}

function missingTimes(
  from: Sql,
  column: string,
  { every, until }: Extract<Spacing, { kind: 'times' }>,
  words: GapWords,
): Sql {
  const { quote, bucket, later, isTime } = words
  const end = until === undefined ? undefined : bucket(until, every)
  const next = end === undefined ? 'lead(slot)' : `lead(slot, 1, ${end})`
  const timed = isTime === undefined ? '' : ` where ${isTime('moment')}`
  const between = concat(
    `select gap_start, gap_end from (select ${later('slot', every, 1)} as gap_start, ${next} over (order by slot) as gap_end from (select distinct ${bucket('moment', every)} as slot from (select cast(${quote(column)} as timestamp) as moment from `,
    from,
    ` where ${quote(column)} is not null) as moments${timed}) as slots) as neighbours where gap_start < gap_end`,
  )
  if (end === undefined) return concat(between, ' order by gap_start')
  // Without any value the last bucket is missing; since when cannot be told.
  const nothing = concat(
    `select ${later(end, every, -1)} as gap_start, ${end} as gap_end from (select count(${quote(column)}) as present from `,
    from,
    ') as counted where present = 0',
  )
  return concat(between, ' union all ', nothing, ' order by gap_start')
}

function incomplete(from: Sql, expected: Sql, percent: string, { exactNumber }: GapWords): Sql {
  const difference = 'abs(actual - exact)'
  // NULL would pass, so what cannot be compared counts as different.
  const isWithin = `case when exact = 0 then actual = 0 else ${difference} * 100 <= exact * ${percent} end`
  const direction = "case when exact is null then 'unknown' when actual < exact then 'below' else 'above' end"
  return concat(
    `select actual, expected, cast(${difference} * 100 / nullif(exact, 0) as decimal(24, 4)) as difference_percent, ${direction} as direction from (select actual, expected, cast(expected as ${exactNumber}) as exact from (select (select cast(count(*) as bigint) from `,
    from,
    ') as actual, (\n',
    expected,
    `\n) as expected) as counted) as compared where not coalesce(${isWithin}, false)`,
  )
}
