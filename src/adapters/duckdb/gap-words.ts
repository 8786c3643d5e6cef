import { bucketLength } from '../buckets.js'
import type { GapWords } from '../gap-tests.js'
import { quote } from '../names.js'

/** What DuckDB writes about gaps. */
export const gapWords: GapWords = {
  quote,
  bucket: (moment, every) => {
    const length = bucketLength(every)
    if (length.by === 'seconds')
      return `time_bucket(interval '${length.seconds} seconds', ${moment}, timestamp '${length.origin}')`
    const past = `(year(${moment}) * 12 + month(${moment}) - 1) % ${length.months}`
    return `(date_trunc('month', ${moment}) - to_months(cast(${past} as integer)))`
  },
  later: (moment, { count, unit }, sign) => `(${moment} ${sign === 1 ? '+' : '-'} interval '${count} ${unit}s')`,
  isTime: (moment) => `isfinite(${moment})`,
  wholeNumber: 'hugeint',
  exactNumber: 'decimal(24, 6)',
}
