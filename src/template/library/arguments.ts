import type { Value } from '../types.js'
import { Float } from '../types.js'
import { plainNumber } from '../values/compare.js'
import { truthy } from '../values/iterate.js'
import { isNumber, kindName } from '../values/kinds.js'
import { textOf } from '../values/print-value.js'
import { badValue, needKnown } from '../values/value-fault.js'

/** An argument that must be text. */
export function textArgument(value: Value | undefined, fallback = ''): string {
  if (value === undefined) return fallback
  if (typeof value === 'string') return value
  needKnown(value, 'used as text')
  throw badValue(`text is needed, not ${kindName(value)}`)
}

/** An argument that may be text or None. */
export function optionalText(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : textArgument(value)
}

/** An argument that must be a whole number. */
export function integerArgument(value: Value | undefined, fallback: number): number {
  if (value === undefined || value === null) return fallback
  if (isNumber(value) && !(value instanceof Float)) return Number(plainNumber(value))
  needKnown(value, 'used as a number')
  throw badValue(`a whole number is needed, not ${kindName(value)}`)
}

/** An argument that says yes or no. */
export function flagArgument(value: Value | undefined, fallback = false): boolean {
  return value === undefined ? fallback : truthy(value)
}

/** A value as text, as Python's `str` gives it. */
export function asText(value: Value | undefined): string {
  return value === undefined ? '' : textOf(value)
}
