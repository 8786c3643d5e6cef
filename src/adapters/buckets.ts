import type { Every } from './types.js'

const seconds = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 7 * 86_400 } as const

/** How to count buckets: so many seconds from an origin, or so many months of the calendar. */
export type BucketLength =
  | { readonly by: 'seconds'; readonly seconds: number; readonly origin: '1970-01-01' | '1970-01-05' }
  | { readonly by: 'months'; readonly months: number }

/** What a bucket is made of; 1970-01-05 was a Monday. */
export function bucketLength({ count, unit }: Every): BucketLength {
  if (unit === 'month' || unit === 'year') return { by: 'months', months: unit === 'year' ? 12 * count : count }
  return { by: 'seconds', seconds: count * seconds[unit], origin: unit === 'week' ? '1970-01-05' : '1970-01-01' }
}
