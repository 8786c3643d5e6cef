import type { SampleUnit, SampleWindow } from '../app/index.js'
import { diagnostic, usageError } from './diagnostics.js'
import { parseNow } from './parse-now.js'

const units: readonly SampleUnit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year']

/** Reads `--sample`: a length such as `3 days`, or a YAML map with `start` and perhaps `end`. Throws ProjectError. */
export async function readSample(text: string | undefined): Promise<SampleWindow | undefined> {
  if (text === undefined) return undefined
  const [, count, word = ''] = /^\s*(\d+)\s*([a-z]+?)s?\s*$/i.exec(text) ?? []
  const unit = units.find((each) => each === word.toLowerCase())
  if (count !== undefined && unit !== undefined && Number(count) > 0) return { count: Number(count), unit }
  return (await readEnds(text)) ?? refuse(text)
}

async function readEnds(text: string): Promise<SampleWindow | undefined> {
  if (!text.trim().startsWith('{')) return undefined
  const { parseYamlText } = await import('./yaml-text.js')
  try {
    const value = parseYamlText(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { start, end, ...others } = value as Record<string, unknown>
    if (Object.keys(others).length > 0 || typeof start !== 'string') return undefined
    const from = parseNow(start).toISOString()
    if (end === undefined) return { start: from }
    return typeof end === 'string' ? { start: from, end: parseNow(end).toISOString() } : undefined
  } catch {
    return undefined
  }
}

function refuse(value: string): never {
  const allowed = "write a length ('3 days', '2 hours') or the ends: \"{start: '2024-07-01', end: '2024-07-08'}\""
  throw usageError(diagnostic('bad-option-value', { flag: '--sample', value, allowed }))
}
