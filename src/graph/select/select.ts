import type { YamlFile } from '../../config/index.js'
import type { Diagnostic, ResourceType, UniqueId } from '../../core/index.js'
import { diagnostic } from '../diagnostics.js'
import type { Dag } from '../types.js'
import { type Evaluation, evaluate, intersection, union, without } from './evaluate.js'
import type { IndirectSelection, SelectorExpression } from './expression.js'
import type { History } from './history.js'
import { parseSelector } from './parse-selector.js'
import { type NamedSelectors, readSelectors } from './read-selectors.js'

/** What a command line asks for. */
export interface SelectionRequest {
  /** One list of words for each `--select` flag: words are a union, flags are combined with AND. */
  readonly select?: readonly (readonly string[])[]
  /** One list of words for each `--exclude` flag: all of them are a union. */
  readonly exclude?: readonly (readonly string[])[]
  /** `--selector`: a name of selectors.yml; combined with `select` by AND. */
  readonly selector?: string
  readonly selectors?: YamlFile | undefined
  /** Default `eager`. */
  readonly indirectSelection?: IndirectSelection
  /** Answers `state:`, `result:`, `source_status:` and `changed:`. */
  readonly history?: History
  /** Whether a value that matches nothing is worth a word and no more. */
  readonly allowsEmpty?: boolean
  /** What the command works on; undefined: everything. */
  readonly resourceTypes?: readonly ResourceType[]
}

export interface Selection {
  /** In run order; only the resource types asked for. */
  readonly selected: readonly UniqueId[]
  /** The same before resource types were looked at. */
  readonly matched: readonly UniqueId[]
  /** Set when nothing is selected: why, and what to do; an error (`selection-empty`) unless empty is fine. */
  readonly emptiness?: Diagnostic
  /** True when an empty selection is no fault: nothing was asked for, or the matching nodes have no tests. */
  readonly emptyIsFine: boolean
  /** With an error among them nothing is selected. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Resolves the selection of a command; the codes of its diagnostics start with `selector`. */
export function select(dag: Dag, request: SelectionRequest): Selection {
  const diagnostics: Diagnostic[] = []
  const named = readSelectors(request.selectors)
  diagnostics.push(...named.diagnostics)
  const evaluation: Evaluation = {
    dag,
    indirectSelection: request.indirectSelection ?? 'eager',
    severity: request.allowsEmpty === true ? 'warning' : 'error',
    named: named.expressions,
    within: [],
    diagnostics,
    history: request.history,
    asked: [],
  }
  const included = includedSets(request, named, evaluation)
  const excluded = excludedSet(request.exclude ?? [], evaluation)
  if (diagnostics.some((each) => each.severity === 'error')) {
    return { selected: [], matched: [], emptyIsFine: false, diagnostics }
  }
  const common = included.length === 0 ? new Set(dag.order) : intersection(included.map((each) => each.ids))
  return finish(dag, request, { included, common, excluded, diagnostics, asksHistory: evaluation.asked.length > 0 })
}

/** One `--select` flag, resolved. */
interface Included {
  readonly text: string
  readonly ids: ReadonlySet<UniqueId>
}

function includedSets(request: SelectionRequest, named: NamedSelectors, evaluation: Evaluation): readonly Included[] {
  const texts = (request.select ?? []).map((words) => words.join(' '))
  const isPlain = texts.length === 0 && request.selector === undefined && (request.exclude ?? []).length === 0
  const name = request.selector ?? (isPlain ? named.defaultName : undefined)
  const sets = texts.map((text) => ({ text, ids: evaluateText(text, evaluation) }))
  if (name === undefined) return sets
  return [{ text: `selector:${name}`, ids: evaluate(namedAtom(name), evaluation) }, ...sets]
}

function excludedSet(exclude: readonly (readonly string[])[], evaluation: Evaluation): Set<UniqueId> {
  const excluding: Evaluation = { ...evaluation, severity: 'warning', indirectSelection: 'eager' }
  return union(exclude.map((words) => evaluateText(words.join(' '), excluding)))
}

function evaluateText(text: string, evaluation: Evaluation): ReadonlySet<UniqueId> {
  const { selector, diagnostics } = parseSelector(text)
  evaluation.diagnostics.push(...diagnostics)
  return selector === undefined ? new Set() : evaluate(selector, evaluation)
}

function namedAtom(name: string): SelectorExpression {
  const text = `--selector ${name}`
  return { kind: 'atom', text, offset: 0, method: 'selector', argument: [], value: name, childrensParents: false }
}

interface Sets {
  readonly included: readonly Included[]
  /** What all flags have in common. */
  readonly common: ReadonlySet<UniqueId>
  readonly excluded: ReadonlySet<UniqueId>
  readonly diagnostics: readonly Diagnostic[]
  readonly asksHistory: boolean
}

function finish(dag: Dag, request: SelectionRequest, sets: Sets): Selection {
  const kept = without(sets.common, sets.excluded)
  const matched = dag.order.filter((id) => kept.has(id))
  const types = request.resourceTypes
  const selected = types === undefined ? matched : matched.filter((id) => types.includes(typeOf(dag, id)))
  const { diagnostics } = sets
  if (selected.length > 0) return { selected, matched, emptyIsFine: false, diagnostics }
  const isAsked = sets.included.length > 0 || (request.exclude ?? []).length > 0
  const haveNoTests = matched.length > 0 && types?.includes('test') === true
  const emptiness = diagnostic('selection-empty', whyEmpty(dag, types, sets, matched))
  return { selected, matched, emptiness, emptyIsFine: !isAsked || haveNoTests || sets.asksHistory, diagnostics }
}

function whyEmpty(dag: Dag, types: readonly ResourceType[] | undefined, sets: Sets, matched: readonly UniqueId[]) {
  const wanted = (types ?? ['node']).join(' or ')
  if (matched.length > 0) {
    const found = [...new Set(matched.map((id) => typeOf(dag, id)))].map((type) => count(type, matched, dag)).join(', ')
    return {
      reason: `nothing to do: the selection has no ${wanted}, only ${found}`,
      hint: 'fft seed loads seeds, fft run builds models, fft test tests; fft build does all of it',
    }
  }
  if (sets.common.size > 0) {
    return { reason: 'nothing to do: --exclude takes every selected node away', hint: 'narrow --exclude' }
  }
  const texts = sets.included.map((each) => `'${each.text}' (${each.ids.size})`)
  if (texts.length > 1) {
    return {
      reason: `nothing to do: no node is in all of ${texts.join(', ')}`,
      hint: 'repeated --select flags are combined with "and"; for "or" write all words after one --select',
    }
  }
  if (texts.length === 1) return { reason: 'nothing to do: the selection is empty', hint: 'fft ls lists all nodes' }
  return { reason: `nothing to do: the project has no ${wanted}`, hint: 'add a file such as models/first.ff.sql' }
}

function count(type: ResourceType, ids: readonly UniqueId[], dag: Dag): string {
  const number = ids.filter((id) => typeOf(dag, id) === type).length
  return `${number} ${type}${number === 1 ? '' : 's'}`
}

function typeOf(dag: Dag, id: UniqueId): ResourceType {
  return dag.nodes.get(id)?.resourceType ?? 'model'
}
