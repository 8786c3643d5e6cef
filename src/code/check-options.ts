import type { Diagnostic } from '../core/index.js'
import { describeValue, diagnostic } from './diagnostics.js'
import { optionKeys } from './option-keys.js'
import type { OptionsPlaces } from './options-places.js'

/** The options that the code stage itself reads, checked. All others are checked with the model's configuration. */
export interface CodeOptions {
  readonly name: string | undefined
  /** As written. */
  readonly deps: readonly string[]
  readonly columns: Readonly<Record<string, string>>
}

/** Checks names of all options and the values of the code stage's own; the config stage checks the rest. */
export function checkOptions(
  options: Readonly<Record<string, unknown>>,
  places: OptionsPlaces,
): { readonly options: CodeOptions; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = Object.keys(options)
    .filter((option) => !optionKeys.includes(option))
    .map((option) => diagnostic('code-unknown-option', { option, known: optionKeys }, places.placeOf([option], 'key')))
  const wrong = (path: readonly (string | number)[], expected: string, value: unknown): undefined => {
    const params = { option: path.join('.'), expected, found: describeValue(value) }
    diagnostics.push(diagnostic('code-wrong-option', params, places.placeOf(path)))
  }
  const checked = {
    name: checkName(options.name, wrong),
    deps: checkNames('deps', options.deps, wrong),
    columns: checkColumns(options.columns, wrong),
  }
  const engines = enginesOf(options.only, 'only', wrong)
  const sameEngines = enginesOf(options.engines, 'engines', wrong)
  if (engines !== undefined && sameEngines !== undefined && engines.join() !== sameEngines.join()) {
    const related = [{ message: "'engines' is here", span: places.placeOf(['engines'], 'key') }]
    const params = { first: 'only', second: 'engines' }
    diagnostics.push(diagnostic('code-option-twice', params, places.placeOf(['only'], 'key'), related))
  }
  return { options: checked, diagnostics }
}

type Wrong = (path: readonly (string | number)[], expected: string, value: unknown) => undefined

function checkName(value: unknown, wrong: Wrong): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && /^[A-Za-z0-9_.-]+$/.test(value)) return value
  return wrong(['name'], "a text of letters, digits, '_', '.' and '-'", value)
}

function checkNames(option: string, value: unknown, wrong: Wrong): readonly string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    wrong([option], 'a list of names', value)
    return []
  }
  const items: readonly unknown[] = value
  return items.filter((item, index): item is string => {
    const isName = typeof item === 'string' && item !== ''
    if (!isName) wrong([option, index], 'a name', item)
    return isName
  })
}

function checkColumns(value: unknown, wrong: Wrong): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    wrong(['columns'], "a map of types: { amount: 'decimal(38,9)' }", value)
    return {}
  }
  const entries = Object.entries(value).filter((entry): entry is [string, string] => {
    const isType = typeof entry[1] === 'string' && entry[1].trim() !== ''
    if (!isType) wrong(['columns', entry[0]], "a type's name", entry[1])
    return isType
  })
  return Object.fromEntries(entries)
}

function enginesOf(value: unknown, option: string, wrong: Wrong): readonly string[] | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' ? [value] : [...checkNames(option, value, wrong)].sort()
}
