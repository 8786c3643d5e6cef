import { bucketLength } from '../buckets.js'
import type { GapWords } from '../gap-tests.js'
import { quote } from '../names.js'

/** What Postgres writes about gaps. */
export const gapWords: GapWords = {
  quote,
  bucket: (moment, every) => {
    const length = bucketLength(every)
    if (length.by === 'seconds')
      return `date_bin(interval '${length.seconds} seconds', ${moment}, timestamp '${length.origin}')`
    const past = `mod(cast(extract(year from ${moment}) * 12 + extract(month from ${moment}) - 1 as integer), ${length.months})`
    return `(date_trunc('month', ${moment}) - ${past} * interval '1 month')`
  },
  later: (moment, { count, unit }, sign) => `(${moment} ${sign === 1 ? '+' : '-'} interval '${count} ${unit}s')`,
  isTime: (moment) => `isfinite(${moment})`,
  wholeNumber: 'numeric(38, 0)',
  exactNumber: 'numeric',
}
