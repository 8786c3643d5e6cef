import { type StringRules, sqlTokens } from '../core/index.js'

/** What a condition of the configuration names: aliases, and names that stand alone. */
export interface ConditionNames {
  readonly usesTarget: boolean
  readonly usesDelta: boolean
  /** Columns without an alias in front, as written. */
  readonly bare: readonly string[]
  /** Aliases that are neither `target` nor `delta`. */
  readonly unknown: readonly string[]
}

const aliases: Readonly<Record<string, string>> = { dbt_internal_dest: 'target', dbt_internal_source: 'delta' }

/**
 * The condition with dbt's aliases written as `target` and `delta`. Strings stay as they are; a comment is a blank, as one
 * at the end would swallow what fft writes behind it.
 */
export function normalizedCondition(sql: string, rules: StringRules): string {
  const written = (token: string) => (/^(?:--|\/\*)/.test(token) ? ' ' : (aliases[token.toLowerCase()] ?? token))
  return [...sqlTokens(sql, rules)].map(written).join('').trim()
}

/** Conditions as one that is true where all of them are. */
export function conjunction(conditions: readonly string[]): string {
  return conditions.map((condition) => `(${condition})`).join(' and ')
}

/** What `predicates` limit a change to. */
export function within(predicates: readonly string[], rules: StringRules): { readonly within?: string } {
  if (predicates.length === 0) return {}
  return { within: conjunction(predicates.map((predicate) => normalizedCondition(predicate, rules))) }
}

/** The names in a condition that is normalized. */
export function namesOf(sql: string, rules: StringRules): ConditionNames {
  const tokens = [...sqlTokens(sql, rules)].filter((token) => !/^\s/.test(token)).map((token) => plain(token, rules))
  const uses = tokens.map((_, index) => useOf(tokens, index))
  const named = (use: Use) => tokens.filter((_, index) => uses[index] === use)
  const qualifiers = named('qualifier').map((name) => name.toLowerCase())
  return {
    usesTarget: qualifiers.includes('target'),
    usesDelta: qualifiers.includes('delta'),
    bare: named('bare'),
    unknown: named('qualifier').filter((name) => !['target', 'delta'].includes(name.toLowerCase())),
  }
}

/** Where double quotes hold a string it stands as one in single quotes, which are a string everywhere. */
function plain(token: string, { stringEscapes }: StringRules): string {
  return stringEscapes === 'backslash' && /^[rR]?["']/.test(token) ? "''" : token
}

type Use = 'qualifier' | 'bare' | 'other'

function useOf(tokens: readonly string[], index: number): Use {
  const [before = '', token = '', after = ''] = [tokens[index - 1], tokens[index], tokens[index + 1]]
  // A column behind its alias, a type behind a cast.
  if (!isName(token) || before === '.' || before === ':' || before.toLowerCase() === 'as') return 'other'
  // `schema.function(…)`.
  if (after === '.') return tokens[index + 3] === '(' ? 'other' : 'qualifier'
  const isWord = keywords.has(token.toLowerCase()) || isUnit(tokens, index) || isContinued(before, token, after)
  return after === '(' || after.startsWith("'") || isWord ? 'other' : 'bare'
}

const units = /^(?:second|minute|hour|day|week|month|quarter|year)s?$/i
const dateFunctions = /^(?:extract|date_?trunc|date_?part|date_?add|date_?sub|date_?diff|timestampadd|timestampdiff)$/i

/** `interval 3 day`, `extract(day from …)`; elsewhere such a word may be a column. */
function isUnit(tokens: readonly string[], index: number): boolean {
  if (!units.test(tokens[index] ?? '')) return false
  const before = tokens[index - 1] ?? ''
  return /^[\d']/.test(before) || (before === '(' && dateFunctions.test(tokens[index - 2] ?? ''))
}

/** `at time zone`, `double precision`: words that mean something only together. */
function isContinued(before: string, token: string, after: string): boolean {
  const pair = (a: string, b: string) => /^(?:at|with|without) time$|^time zone$|^double precision$/i.test(`${a} ${b}`)
  return pair(before, token) || pair(token, after)
}

function isName(token: string): boolean {
  return /^[A-Za-z_]\w*$/.test(token) || /^["`]/.test(token)
}

/** Words that stand alone in a condition and are no columns. */
const keywords: ReadonlySet<string> = new Set(
  `and or not in is null true false between like ilike rlike regexp similar to escape exists any all some distinct from
  case when then else end cast as select where interval collate with without current_date current_timestamp
  current_time localtimestamp`.split(/\s+/),
)
