import { hash } from 'node:crypto'

/** dbt's name of a generic test: the whole one, and the one of at most 63 characters for relations and files. */
export interface TestName {
  readonly name: string
  readonly alias: string
}

/**
 * Joins test, node and arguments as dbt does (dbt-core 1.x, `synthesize_generic_test_names`): argument values sorted
 * by argument name, every run of other characters than letters, digits and `_` becomes one `_`; from 64 characters on
 * the alias is the first 30 characters of `<test>_<node>` and the md5 of the whole name.
 */
export function genericTestName(test: string, node: string, args: Readonly<Record<string, unknown>>): TestName {
  const flat = Object.keys(args)
    .filter((key) => key !== 'model')
    .sort()
    .flatMap((key) => flatten(args[key]))
    .map((value) => value.replace(/[^0-9a-zA-Z_]+/g, '_'))
  const identifier = `${test}_${node}`
  const name = `${identifier}_${flat.join('__')}`
  if (name.length < 64) return { name, alias: name }
  return { name, alias: `${identifier.slice(0, 30)}_${hash('md5', name)}` }
}

function flatten(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(pythonText)
  if (typeof value === 'object' && value !== null) return Object.values(value).map(pythonText)
  return [pythonText(value)]
}

function pythonText(value: unknown): string {
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value === null || value === undefined) return 'None'
  if (Array.isArray(value)) return `[${value.map(quoted).join(', ')}]`
  return String(value)
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : pythonText(value)
}

/** The ten hexadecimal digits that end a test's unique id. */
export function testHash(...parts: readonly string[]): string {
  return hash('md5', parts.join('\u0000')).slice(-10)
}
