import { bucketLength } from '../buckets.js'
import type { GapWords } from '../gap-tests.js'
import { quote } from './names.js'

const daysToMonday = 4

/** What Spark writes about gaps. */
export const gapWords: GapWords = {
  quote,
  bucket: (moment, every) => {
    const length = bucketLength(every)
    if (length.by === 'seconds') {
      const origin = length.origin === '1970-01-05' ? ` - ${daysToMonday * 86_400}` : ''
      const past = `pmod(unix_seconds(${moment})${origin}, ${length.seconds})`
      return `timestamp_seconds(unix_seconds(${moment}) - ${past})`
    }
    const past = `pmod(year(${moment}) * 12 + month(${moment}) - 1, ${length.months})`
    return `cast(add_months(trunc(${moment}, 'MM'), -${past}) as timestamp)`
  },
  later: (moment, { count, unit }, sign) => `timestampadd(${unit}, ${sign * count}, ${moment})`,
  wholeNumber: 'decimal(38, 0)',
  exactNumber: 'decimal(24, 6)',
}
