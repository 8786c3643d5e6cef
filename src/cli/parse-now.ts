import { diagnostic, usageError } from './diagnostics.js'

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/** Reads `FFT_NOW`: ISO 8601, UTC when it has no offset. Throws ProjectError 'bad-now'. */
export function parseNow(value: string): Date {
  const match = iso.exec(value.trim())
  if (match === null) throw usageError(diagnostic('bad-now', { value }))
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const utc = new Date(`${local}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  // A day such as February 30 rolls over instead of failing.
  if (Number.isNaN(utc.getTime()) || !utc.toISOString().startsWith(local)) {
    throw usageError(diagnostic('bad-now', { value }))
  }
  return new Date(utc.getTime() - offsetMinutes(zone) * 60_000)
}

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const digits = zone.replace(/\D/g, '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return zone.startsWith('-') ? -minutes : minutes
}
