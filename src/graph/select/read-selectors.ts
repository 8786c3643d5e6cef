import type { ValuePath, YamlFile } from '../../config/index.js'
import { type Diagnostic, suggest } from '../../core/index.js'
import { diagnostic } from '../diagnostics.js'
import { type IndirectSelection, indirectSelections, type SelectorAtom, type SelectorExpression } from './expression.js'
import { parseSelector } from './parse-selector.js'

/** The definitions of selectors.yml. */
export interface NamedSelectors {
  readonly expressions: ReadonlyMap<string, SelectorExpression>
  /** The one with `default: true`. */
  readonly defaultName?: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads selectors.yml in each of dbt's forms: string, key-value, full. Reports `selectors-file`, `selector-syntax`. */
export function readSelectors(file: YamlFile | undefined): NamedSelectors {
  if (file === undefined || file.value === null) return { expressions: new Map(), diagnostics: [] }
  const reader = new Reader(file)
  reader.readFile(file.value)
  const { expressions, diagnostics, defaults } = reader
  const [defaultName] = defaults
  return { expressions, diagnostics, ...(defaultName === undefined ? {} : { defaultName }) }
}

type Fields = Readonly<Record<string, unknown>>

const everything: SelectorExpression = { kind: 'union', parts: [] }

class Reader {
  readonly expressions = new Map<string, SelectorExpression>()
  readonly defaults: string[] = []
  readonly diagnostics: Diagnostic[] = []
  readonly #file: YamlFile

  constructor(file: YamlFile) {
    this.#file = file
  }

  readFile(value: unknown): void {
    if (!isFields(value)) {
      this.#fault('selectors.yml needs a list under the key selectors', [])
      return
    }
    this.#checkKeys(value, ['selectors', 'version'], [])
    const list = value.selectors ?? []
    if (!Array.isArray(list)) this.#fault('selectors has to be a list', ['selectors'])
    else for (const [i, entry] of list.entries()) this.#readEntry(entry, ['selectors', i])
  }

  #readEntry(entry: unknown, path: ValuePath): void {
    const fields = isFields(entry) ? entry : {}
    this.#checkKeys(fields, ['name', 'description', 'definition', 'default'], path)
    const { name, definition } = fields
    if (typeof name !== 'string') this.#fault('a selector needs a name and a definition', path)
    else if (definition === undefined) this.#fault(`selector '${name}' has no definition`, path)
    else if (this.expressions.has(name)) this.#fault(`selector '${name}' is defined twice`, [...path, 'name'])
    else {
      this.expressions.set(name, this.#definition(definition, [...path, 'definition']))
      this.#readDefault(name, fields.default ?? false, [...path, 'default'])
    }
  }

  #readDefault(name: string, value: unknown, path: ValuePath): void {
    if (typeof value !== 'boolean') this.#fault('default is true or false', path)
    if (value !== true) return
    const [first] = this.defaults
    if (first !== undefined) this.#fault(`only one selector can be the default; '${first}' is one already`, path)
    this.defaults.push(name)
  }

  #definition(value: unknown, path: ValuePath): SelectorExpression {
    if (typeof value === 'string') return this.#text(value, path)
    if (Array.isArray(value)) return this.#list(value, path, 'union')
    if (!isFields(value)) {
      this.#fault('a definition is a text, method: value, or a map with method and value', path)
      return everything
    }
    if ('union' in value || 'intersection' in value) return this.#sets(value, path)
    return 'method' in value ? this.#full(value, path) : this.#keyValue(value, path)
  }

  #text(value: string, path: ValuePath): SelectorExpression {
    const { selector, diagnostics } = parseSelector(value, this.#file.placeOf(path))
    this.diagnostics.push(...diagnostics)
    return selector ?? everything
  }

  #sets(value: Fields, path: ValuePath): SelectorExpression {
    const kind = 'union' in value ? 'union' : 'intersection'
    this.#checkKeys(value, [kind], path)
    return this.#list(value[kind], [...path, kind], kind)
  }

  /** Definitions, at most one of them an `exclude`. */
  #list(value: unknown, path: ValuePath, kind: 'union' | 'intersection'): SelectorExpression {
    if (!Array.isArray(value)) {
      this.#fault(`${kind} has to be a list`, path)
      return everything
    }
    const parts: SelectorExpression[] = []
    let minus: SelectorExpression | undefined
    for (const [i, entry] of value.entries()) {
      if (isFields(entry) && Object.keys(entry).join() === 'exclude') {
        if (minus !== undefined) this.#fault('only one exclude is possible here', [...path, i])
        minus = this.#list(entry.exclude, [...path, i, 'exclude'], 'union')
      } else {
        parts.push(this.#definition(entry, [...path, i]))
      }
    }
    if (parts.length === 0) this.#fault(`${kind} has nothing to select`, path)
    const from: SelectorExpression = kind === 'union' ? { kind, parts } : { kind, parts, text: textOf(parts) }
    return minus === undefined ? from : { kind: 'difference', from, minus }
  }

  #keyValue(value: Fields, path: ValuePath): SelectorExpression {
    const entries = Object.entries(value)
    const [entry] = entries
    if (entry === undefined || entries.length > 1) {
      this.#fault('a definition in short form has one method: value; the long form has method and value', path)
      return everything
    }
    return this.#atom(entry[0], entry[1], {}, [...path, entry[0]])
  }

  #full(value: Fields, path: ValuePath): SelectorExpression {
    this.#checkKeys(value, fullKeys, path)
    const { method, exclude } = value
    if (typeof method !== 'string') this.#fault('method has to be a text', [...path, 'method'])
    const atom = this.#atom(String(method), value.value, this.#operators(value, path), [...path, 'value'])
    if (exclude === undefined) return atom
    return { kind: 'difference', from: atom, minus: this.#list(exclude, [...path, 'exclude'], 'union') }
  }

  #atom(method: string, value: unknown, operators: Operators, path: ValuePath): SelectorExpression {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      this.#fault(`${method} needs a value`, path)
      return everything
    }
    const [name = '', ...argument] = method.split('.')
    const text = `${method}:${String(value)}`
    const span = this.#file.placeOf(path)
    const found = { kind: 'atom', text, offset: 0, method: name, argument, value: String(value), span } as const
    return { ...found, childrensParents: false, ...operators }
  }

  #operators(value: Fields, path: ValuePath): Operators {
    const parents = this.#depth(value, 'parents', path)
    const children = this.#depth(value, 'children', path)
    const childrensParents = this.#flag(value, 'childrens_parents', path)
    if (childrensParents && children !== undefined) {
      this.#fault('childrens_parents and children do not go together', [...path, 'childrens_parents'])
    }
    const mode = value.indirect_selection
    if (mode !== undefined && !isMode(mode)) {
      const hint = suggest(String(mode), indirectSelections, 'values')
      this.#fault(`indirect_selection: '${String(mode)}' is not known`, [...path, 'indirect_selection'], hint)
    }
    return {
      childrensParents,
      ...(parents === undefined ? {} : { parents }),
      ...(children === undefined ? {} : { children }),
      ...(isMode(mode) ? { indirectSelection: mode } : {}),
    }
  }

  #depth(value: Fields, key: 'parents' | 'children', path: ValuePath): number | undefined {
    if (!this.#flag(value, key, path)) return undefined
    const depth = value[`${key}_depth`]
    if (depth === undefined) return Number.POSITIVE_INFINITY
    if (typeof depth === 'number' && Number.isInteger(depth) && depth >= 0) return depth
    this.#fault(`${key}_depth has to be a whole number`, [...path, `${key}_depth`])
    return undefined
  }

  #flag(value: Fields, key: string, path: ValuePath): boolean {
    const flag = value[key] ?? false
    if (typeof flag !== 'boolean') this.#fault(`${key} is true or false`, [...path, key])
    return flag === true
  }

  #checkKeys(value: Fields, known: readonly string[], path: ValuePath): void {
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue
      const place = this.#file.placeOf([...path, key], 'key')
      const hint = suggest(key, known, 'keys')
      this.diagnostics.push(diagnostic('selectors-file', { fault: `unknown key '${key}'`, hint }, place))
    }
  }

  #fault(fault: string, path: ValuePath, hint?: string): void {
    this.diagnostics.push(diagnostic('selectors-file', { fault, hint }, this.#file.placeOf(path)))
  }
}

type Operators = Partial<Pick<SelectorAtom, 'parents' | 'children' | 'childrensParents' | 'indirectSelection'>>

const fullKeys = [
  'method',
  'value',
  'parents',
  'parents_depth',
  'children',
  'children_depth',
  'childrens_parents',
  'indirect_selection',
  'exclude',
]

function textOf(parts: readonly SelectorExpression[]): string {
  return parts.map((part) => (part.kind === 'atom' ? part.text : '…')).join(',')
}

function isMode(value: unknown): value is IndirectSelection {
  return indirectSelections.some((mode) => mode === value)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
