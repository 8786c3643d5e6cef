import type { Dialect } from '../adapters/index.js'
import type { TestConfig } from '../config/index.js'
import { closest, type Diagnostic } from '../core/index.js'
import { parseDiagnostic } from './diagnostics.js'
import { checkCompleteWithin } from './expected-count.js'
import { checkNoGaps } from './gap-tests.js'
import { checkHistory } from './history-test.js'
import { checkMeasures } from './measure-tests.js'

/** A generic test of fft's own: its arguments beside the column, and what it hangs on. */
export interface GenericTest {
  readonly needed: readonly string[]
  readonly optional: readonly string[]
  readonly isAbout: 'column' | 'relation'
  /** The argument that names the column where the test stands at the relation. */
  readonly columnArgument: string
  readonly check?: (config: TestConfig, dialect: Dialect) => readonly Diagnostic[]
}

const onColumn = { needed: [], optional: [], isAbout: 'column', columnArgument: 'column_name' } as const

const onRelation = { ...onColumn, isAbout: 'relation' } as const

/** By name, as in dbt where dbt has it, else as upstream has it. */
export const genericTests: Readonly<Record<string, GenericTest>> = {
  unique: onColumn,
  not_null: onColumn,
  accepted_values: { ...onColumn, needed: ['values'], optional: ['quote'] },
  relationships: { ...onColumn, needed: ['to'], optional: ['field', 'to_field', 'to_where'] },
  no_gaps: {
    ...onColumn,
    optional: ['column', 'every', 'step', 'grace'],
    columnArgument: 'column',
    check: checkNoGaps,
  },
  valid_history: {
    ...onColumn,
    needed: ['unique_key'],
    optional: ['valid_from', 'valid_to', 'may_end'],
    isAbout: 'relation',
    check: checkHistory,
  },
  greater_equal: { ...onColumn, optional: ['threshold'], check: checkMeasures },
  non_negative_sum: onColumn,
  freshness: { ...onColumn, needed: ['max_delay_minutes'], check: checkMeasures },
  row_count_between: { ...onRelation, optional: ['min_rows', 'max_rows'], check: checkMeasures },
  reconcile_equal: {
    ...onRelation,
    needed: ['left', 'right'],
    optional: ['abs_tolerance', 'rel_tolerance_pct'],
    check: checkMeasures,
  },
  reconcile_ratio_within: {
    ...onRelation,
    needed: ['left', 'right'],
    optional: ['min_ratio', 'max_ratio'],
    check: checkMeasures,
  },
  reconcile_diff_within: { ...onRelation, needed: ['left', 'right', 'max_abs_diff'], check: checkMeasures },
  reconcile_coverage: {
    ...onRelation,
    needed: ['source', 'target'],
    optional: ['source_where', 'target_where'],
    check: checkMeasures,
  },
  complete_within: {
    ...onColumn,
    needed: ['percent', 'expected'],
    isAbout: 'relation',
    check: checkCompleteWithin,
  },
}

/** The column that a test is about: the one that it stands at, or the one that it names. */
export function columnOf({ test, arguments: args }: TestConfig, columnAbove: string | undefined): string | undefined {
  const named = args['column_name'] ?? args[genericTests[test]?.columnArgument ?? 'column_name']
  return columnAbove ?? (typeof named === 'string' ? named : undefined)
}

/**
 * Reports 'test-argument', 'test-argument-missing', 'test-needs-column', 'test-needs-relation', and what is wrong with
 * values.
 */
export function checkGenericTest(
  shape: GenericTest,
  config: TestConfig,
  column: string | undefined,
  dialect: Dialect,
): readonly Diagnostic[] {
  const { test } = config
  const known = knownArguments(shape, column)
  const unknown = Object.keys(config.arguments).filter((argument) => !known.includes(argument))
  // A misspelt argument is not missing as well.
  const meant = new Set(unknown.map((argument) => closest(argument, known)))
  const missing = shape.needed.filter((argument) => config.arguments[argument] === undefined && !meant.has(argument))
  const own = unknown.length > 0 ? [] : (shape.check?.(config, dialect) ?? [])
  return [
    ...unknown.map((argument) => {
      const place = config.placeOf?.(argument, 'key') ?? config.span
      return parseDiagnostic('test-argument', { test, argument, known }, place)
    }),
    ...missing.map((argument) => parseDiagnostic('test-argument-missing', { test, argument }, config.span)),
    ...checkPlace(shape, config, column),
    ...own,
  ]
}

/** A test that stands at a column names no other one. */
function knownArguments({ needed, optional, isAbout }: GenericTest, column: string | undefined): readonly string[] {
  const own = [...needed, ...optional].filter((argument) => column === undefined || argument !== 'column')
  return [...own, ...(isAbout === 'column' ? ['column_name'] : []), 'model']
}

function checkPlace(
  { isAbout, columnArgument }: GenericTest,
  config: TestConfig,
  column: string | undefined,
): readonly Diagnostic[] {
  const { test, span } = config
  if (isAbout === 'relation')
    return column === undefined ? [] : [parseDiagnostic('test-needs-relation', { test }, span)]
  const isGiven = column !== undefined || config.arguments[columnArgument] !== undefined
  return isGiven ? [] : [parseDiagnostic('test-needs-column', { test, argument: columnArgument }, span)]
}
