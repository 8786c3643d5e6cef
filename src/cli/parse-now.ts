import { parseInstant } from '../core/index.js'
import { diagnostic, usageError } from './diagnostics.js'

/** Reads `FFT_NOW`: ISO 8601, UTC when it has no offset. Throws ProjectError 'bad-now'. */
export function parseNow(value: string): Date {
  const now = parseInstant(value)
  if (now === undefined) throw usageError(diagnostic('bad-now', { value }))
  return new Date(now)
}
