// Calendar arithmetic on instants: milliseconds since 1970, UTC. Nothing here looks at the clock.

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/** Reads a date or a time as ISO 8601 writes it, UTC when it has no offset; undefined for anything else. */
export function parseInstant(value: string): number | undefined {
  const match = iso.exec(value.trim())
  if (match === null) return undefined
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const utc = new Date(`${local}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  // A day such as February 30 rolls over instead of failing.
  if (Number.isNaN(utc.getTime()) || !utc.toISOString().startsWith(local)) return undefined
  return utc.getTime() - offsetMinutes(zone) * 60_000
}

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const digits = zone.replace(/\D/g, '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return zone.startsWith('-') ? -minutes : minutes
}

/** `2024-01-31 05:00:00`, with milliseconds only where there are some. */
export function instantText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '')
}

/** The first instant of the month that is some months after the one that an instant is in. */
export function monthStart(ms: number, monthsLater = 0): number {
  const date = new Date(ms)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater)
}

/** The first instant of the year that is some years after the one that an instant is in. */
export function yearStart(ms: number, yearsLater = 0): number {
  return Date.UTC(new Date(ms).getUTCFullYear() + yearsLater, 0)
}
