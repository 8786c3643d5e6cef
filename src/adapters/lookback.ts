const units = /^(?:second|minute|hour|day|week|month|quarter|year)s?$/

/** A duration such as `3 days` or `1 day 6 hours`, as intervals are written; undefined when it is none. */
export function intervalText(lookback: string): string | undefined {
  const parts = lookback
    .trim()
    .toLowerCase()
    .split(/[\s,]+|(?<=\d)(?=[a-z])/)
  if (parts.length === 0 || parts.length % 2 === 1) return undefined
  for (let index = 0; index < parts.length; index += 2) {
    if (!/^\d+$/.test(parts[index] ?? '') || !units.test(parts[index + 1] ?? '')) return undefined
  }
  return parts.join(' ')
}
