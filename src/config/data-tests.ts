import type * as v from 'valibot'
import type { Diagnostic } from '../core/index.js'
import { type Checked, check, type Placed } from './check.js'
import { defined } from './defined.js'
import { diagnostic, show } from './diagnostics.js'
import type { TestConfig, ValuePath } from './types.js'
import { either, fields, flag, isMap, key, list, map, names, oneOf, text, wholeNumber } from './values.js'

/** Keys that configure a data test; every other key beside them is an argument. */
const testOptions = {
  severity: key('Whether a failure is an `error` (default) or a `warn`.', oneOf(['error', 'warn', 'ERROR', 'WARN'])),
  where: key('Only rows that meet this condition are tested.', text),
  tags: key('Words to select the test by.', names),
  enabled: key('Whether the test exists at all.', flag),
  store_failures: key('Whether the failing rows are kept in a table.', flag),
  limit: key('At most so many failing rows are read.', wholeNumber),
  warn_if: key('The count of failures that warns, such as `> 10`.', text),
  error_if: key('The count of failures that is an error, such as `> 100`.', text),
  fail_calc: key('What is counted of the failing rows.', text),
  meta: key('Anything.', map),
}

/** Schema of `config:` in a data test. */
export const testConfigSchema = fields(testOptions)

const namedOptions = {
  ...testOptions,
  name: key("The test's own name.", text),
  description: key('What the test is for.', text),
  config: key("The test's settings.", testConfigSchema),
  arguments: key("The test's arguments.", map),
}

const namedSchema = fields(namedOptions)

/** Schema of one entry of `tests:`, for editors; `testsOf` checks more closely. */
export const testSchema = either("a test's name or {<test>: {…}}", text, map)

/** Schema of `tests:` and `data_tests:`. */
export const testsSchema = list(testSchema, 'a list of tests')

/** The tests of a place, and what is wrong with them. */
export interface CheckedTests {
  readonly tests: readonly TestConfig[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads `tests:` and `data_tests:` of the map at a path, in dbt's forms. `inherited` tags are put before a test's own.
 * Reports 'test-form', 'tests-and-data-tests', 'unknown-key', 'wrong-value'.
 */
export function testsOf(
  value: unknown,
  path: ValuePath,
  places: Placed,
  inherited: readonly string[] = [],
): CheckedTests {
  if (!isMap(value)) return { tests: [], diagnostics: [] }
  const { tests, data_tests: dataTests } = value
  const diagnostics = differ(tests, dataTests) ? [bothKeys(path, places)] : []
  const which = Array.isArray(dataTests) ? 'data_tests' : 'tests'
  const items: unknown = value[which]
  const read = (Array.isArray(items) ? items : []).map((item: unknown, index) =>
    readTest(item, { path: [...path, which, index], places }, inherited),
  )
  return {
    tests: read.flatMap(({ test }) => test ?? []),
    diagnostics: [...diagnostics, ...read.flatMap((each) => each.diagnostics)],
  }
}

function differ(tests: unknown, dataTests: unknown): boolean {
  return Array.isArray(tests) && Array.isArray(dataTests) && JSON.stringify(tests) !== JSON.stringify(dataTests)
}

function bothKeys(path: ValuePath, places: Placed): Diagnostic {
  const related = [{ message: "'tests' stands here", span: places.placeOf([...path, 'tests'], 'key') }]
  return diagnostic('tests-and-data-tests', {}, places.placeOf([...path, 'data_tests'], 'key'), related)
}

interface At {
  readonly path: ValuePath
  readonly places: Placed
}

interface ReadTest {
  readonly test?: TestConfig
  readonly diagnostics: readonly Diagnostic[]
}

function readTest(item: unknown, at: At, inherited: readonly string[]): ReadTest {
  if (typeof item === 'string') return configured(item, {}, at, inherited)
  if (!isMap(item)) return wrongForm(`a test is a name or a map, not ${show(item)}`, at)
  const { test_name: testName, ...options } = item
  if (typeof testName === 'string') return configured(testName, options, at, inherited)
  const [only, ...more] = Object.keys(item)
  if (only === undefined) return wrongForm('a test needs a name', at)
  if (more.length > 0)
    return wrongForm(`'${only}' and '${more[0]}' stand side by side in one test`, at, indentMore(only))
  const inner = item[only]
  if (inner !== null && !isMap(inner)) return wrongForm(`'${only}' must be a map, not ${show(inner)}`, at)
  return configured(only, inner ?? {}, { ...at, path: [...at.path, only] }, inherited)
}

function indentMore(test: string): string {
  return `indent the settings of '${test}' further than its name, or write "- name: …" with "test_name: ${test}"`
}

function wrongForm(problem: string, { path, places }: At, hint?: string): ReadTest {
  const params = hint === undefined ? { problem } : { problem, hint }
  return { diagnostics: [diagnostic('test-form', params, places.placeOf(path))] }
}

type Values = Readonly<Record<string, unknown>>

const noOptions: Checked<v.InferOutput<typeof namedSchema>> = { value: {}, diagnostics: [] }

function configured(name: string, values: Values, at: At, inherited: readonly string[]): ReadTest {
  const options = Object.fromEntries(Object.entries(values).filter(([each]) => Object.hasOwn(namedOptions, each)))
  const flat = Object.entries(values).filter(([each]) => !Object.hasOwn(namedOptions, each))
  const { value, diagnostics } =
    Object.keys(options).length === 0 ? noOptions : check(namedSchema, options, at.places, at.path)
  if (value === undefined) return { diagnostics }
  const settings = { ...defined(value), ...defined(value.config ?? {}) }
  const span = at.path.at(-1) === name ? at.places.placeOf(at.path, 'key') : at.places.placeOf(testNamePath(values, at))
  const test: TestConfig = defined({
    test: name,
    arguments: { ...Object.fromEntries(flat), ...value.arguments },
    name: value.name,
    severity: settings.severity?.toLowerCase() === 'warn' ? ('warn' as const) : ('error' as const),
    where: settings.where,
    tags: [...new Set([...inherited, ...namesIn(value.tags), ...namesIn(value.config?.tags)])],
    enabled: settings.enabled ?? true,
    storeFailures: settings.store_failures,
    limit: settings.limit,
    warnIf: settings.warn_if,
    errorIf: settings.error_if,
    description: value.description,
    span,
    placeOf: (argument: string, which?: 'key' | 'value') =>
      at.places.placeOf(argumentPath(argument, values, at), which),
    textOf: (each: string) =>
      at.places.textAt?.(each === 'where' ? wherePath(values, at) : argumentPath(each, values, at)),
  })
  return { test, diagnostics: [] }
}

function argumentPath(argument: string, values: Values, { path }: At): ValuePath {
  const isBelow = isMap(values.arguments) && Object.hasOwn(values.arguments, argument)
  return isBelow ? [...path, 'arguments', argument] : [...path, argument]
}

function wherePath(values: Values, { path }: At): ValuePath {
  const isBelow = isMap(values.config) && Object.hasOwn(values.config, 'where')
  return isBelow ? [...path, 'config', 'where'] : [...path, 'where']
}

function testNamePath(values: Values, { path }: At): ValuePath {
  return Object.keys(values).length === 0 ? path : [...path, 'test_name']
}

/** One name or several as a list. */
export function namesIn(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

/** A test that compares two tables stands at the one on the left. */
function comparedTable({ left, source }: Values): unknown {
  const side = left ?? source
  return isMap(side) ? side.table : undefined
}

/** One entry of `tests:` in `project.yml`: `{type, table, column?, …}` with its arguments beside or under `params`. */
export function projectTest(
  item: unknown,
  path: ValuePath,
  places: Placed,
): ReadTest & { readonly table?: string; readonly column?: string } {
  if (!isMap(item)) return wrongForm(`a test is a map with 'type' and 'table', not ${show(item)}`, { path, places })
  const { type, table: given, column, params, ...options } = item
  const table = given ?? comparedTable({ ...options, ...(isMap(params) ? params : {}) })
  const missing = typeof type !== 'string' ? 'type' : typeof table !== 'string' ? 'table' : undefined
  if (missing !== undefined || typeof type !== 'string' || typeof table !== 'string') {
    return { diagnostics: [diagnostic('missing-key', { key: missing ?? 'type' }, places.placeOf(path))] }
  }
  const values = isMap(params) ? { ...options, arguments: params } : options
  const read = configured(type, { ...values }, { path, places }, [])
  const test = read.test === undefined ? {} : { test: { ...read.test, span: places.placeOf([...path, 'type']) } }
  return { ...test, diagnostics: read.diagnostics, table, ...(typeof column === 'string' ? { column } : {}) }
}
