import type { Dialect, Every, Spacing } from '../adapters/index.js'
import { show, type TestConfig } from '../config/index.js'
import { type Diagnostic, parseInstant } from '../core/index.js'
import { parseDiagnostic } from './diagnostics.js'

/** What `no_gaps` says of its column; undefined when its arguments are wrong. `now`: ISO 8601. */
export function spacingOf({ arguments: args }: TestConfig, dialect: Dialect, now: string): Spacing | undefined {
  const { step, grace } = args
  if (isStep(step)) return { kind: 'numbers', step }
  const every = everyOf(args['every'])
  if (every === undefined) return undefined
  if (grace === undefined) return { kind: 'times', every }
  const until = momentBefore(now, grace, dialect)
  return until === undefined ? undefined : { kind: 'times', every, until }
}

const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const

function everyOf(value: unknown): Every | undefined {
  const [, count, word] = (typeof value === 'string' ? /^\s*(\d{1,4})\s*([a-z]+?)s?\s*$/i.exec(value) : null) ?? []
  const unit = units.find((known) => known === word?.toLowerCase())
  return unit === undefined || Number(count) === 0 ? undefined : { count: Number(count), unit }
}

function isStep(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

/** The moment that lies a duration back, as an expression. */
function momentBefore(now: string, grace: unknown, dialect: Dialect): string | undefined {
  const moment = dialect.instant(parseInstant(now) ?? 0, 'timestamp')
  return moment === undefined || typeof grace !== 'string' ? undefined : dialect.minus(moment, 'timestamp', grace)
}

/** Reports 'test-argument-value', 'test-arguments-exclude', 'test-argument-missing' of `no_gaps`. */
export function checkNoGaps(config: TestConfig, dialect: Dialect): readonly Diagnostic[] {
  const { column, column_name, every, step, grace } = config.arguments
  const isText = (value: unknown) => typeof value === 'string'
  return [
    ...wrong(config, 'column', column === undefined || isText(column), "a column's name"),
    ...(column !== undefined && column_name !== undefined ? [exclude(config, 'column_name', 'column')] : []),
    ...(every !== undefined && step !== undefined ? [exclude(config, 'every', 'step')] : []),
    ...(every === undefined && step === undefined ? [missing(config)] : []),
    ...wrong(
      config,
      'every',
      every === undefined || everyOf(every) !== undefined,
      'so many seconds, minutes, hours, days, weeks, months or years',
      'write every: 1 day',
    ),
    ...wrong(config, 'step', step === undefined || isStep(step), 'a whole number from 1 on', 'write step: 1'),
    ...(grace !== undefined && step !== undefined && every === undefined ? [exclude(config, 'step', 'grace')] : []),
    ...wrong(
      config,
      'grace',
      grace === undefined || momentBefore('1970-01-01', grace, dialect) !== undefined,
      'a duration',
      'write grace: 1 day, or 1 day 6 hours',
    ),
  ]
}

function missing(config: TestConfig): Diagnostic {
  const params = {
    test: config.test,
    argument: 'every (or step)',
    hint: `write - ${config.test}: {every: 1 day} for times, {step: 1} for numbers`,
  }
  return parseDiagnostic('test-argument-missing', params, config.span)
}

function exclude(config: TestConfig, first: string, second: string): Diagnostic {
  const place = config.placeOf?.(second, 'key') ?? config.span
  return parseDiagnostic('test-arguments-exclude', { test: config.test, first, second }, place)
}

/** An argument that has not the form that it must have. */
export function wrong(
  config: TestConfig,
  argument: string,
  isRight: boolean,
  ...[expected, hint]: readonly [expected: string, hint?: string]
): readonly Diagnostic[] {
  if (isRight) return []
  const received = show(config.arguments[argument])
  const params = { test: config.test, argument, expected, received, hint }
  return [parseDiagnostic('test-argument-value', params, config.placeOf?.(argument) ?? config.span)]
}
