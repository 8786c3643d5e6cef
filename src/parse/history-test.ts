import type { HistoryShape } from '../adapters/index.js'
import type { TestConfig } from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { wrong } from './gap-tests.js'

/** What `valid_history` says of its relation; undefined when an argument is wrong. */
export function historyShape({ arguments: args }: TestConfig): HistoryShape | undefined {
  const given = args['unique_key']
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  const key = list.filter((name): name is string => typeof name === 'string' && name !== '')
  const { valid_from: validFrom = 'valid_from', valid_to: validTo = 'valid_to', may_end: mayEnd = false } = args
  if (key.length !== list.length || typeof validFrom !== 'string') return undefined
  if (typeof validTo !== 'string' || typeof mayEnd !== 'boolean') return undefined
  return { key, validFrom, validTo, mayEnd }
}

/** Reports 'test-argument-value' of `valid_history`. */
export function checkHistory(config: TestConfig): readonly Diagnostic[] {
  const { unique_key: key, valid_from: from, valid_to: to, may_end: mayEnd = false } = config.arguments
  const isText = (name: unknown) => name === undefined || (typeof name === 'string' && name !== '')
  const names: readonly unknown[] = Array.isArray(key) ? key : [key]
  return [
    ...wrong(config, 'unique_key', names.every(isText), 'a column, or a list of them'),
    ...wrong(config, 'valid_from', isText(from), "a column's name"),
    ...wrong(config, 'valid_to', isText(to), "a column's name"),
    ...wrong(config, 'may_end', typeof mayEnd === 'boolean', 'true or false'),
  ]
}
