import { FftError } from '../core/index.js'
import { quote, quoteText } from './names.js'
import type { Column } from './types.js'

/** The error of a value that a column does not take; `row` counts from 1. */
export function valueNotLoadable({ name, type }: Column, row: number, value: unknown): FftError {
  return new FftError(`row ${row}: the column ${quote(name)} of type ${type} does not take ${shown(value)}`, {
    code: 'value-not-loadable',
    hint: `correct the value, or give the column a type that takes it: columns: {${name}: 'varchar'}`,
  })
}

const longestShown = 80

function shown(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'an invalid date'
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  const text = typeof value === 'string' ? quoteText(value) : (JSON.stringify(value, bigintAsText) ?? String(value))
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
