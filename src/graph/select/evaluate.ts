import type { Diagnostic, Severity, UniqueId } from '../../core/index.js'
import { diagnostic } from '../diagnostics.js'
import { ancestors, descendants } from '../reach.js'
import type { Dag } from '../types.js'
import type { IndirectSelection, SelectorAtom, SelectorExpression } from './expression.js'
import { type History, type HistoryMethod, historyMethods, isHistoryMethod } from './history.js'
import { matchingNodes, methods } from './methods.js'
import { noMatch } from './no-match.js'

/** What the evaluation of a selector needs and where its diagnostics go. */
export interface Evaluation {
  readonly dag: Dag
  readonly indirectSelection: IndirectSelection
  /** Of a value that matches nothing: an error when it selects, a warning when it excludes. */
  readonly severity: Severity
  readonly named: ReadonlyMap<string, SelectorExpression>
  /** Names of the definitions that led here, outermost first. */
  readonly within: readonly string[]
  readonly diagnostics: Diagnostic[]
  /** Answers methods that look at an earlier run. */
  readonly history?: History | undefined
  /** Selectors of such methods, as met: that nothing has changed is no fault. */
  readonly asked: string[]
}

/** The nodes of a selector, tests included. */
export function evaluate(expression: SelectorExpression, evaluation: Evaluation): ReadonlySet<UniqueId> {
  return resolve(expression, evaluation).direct
}

interface Resolved {
  readonly direct: ReadonlySet<UniqueId>
  /** Tests that read a selected node and come along once their other parents are selected too. */
  readonly indirect: ReadonlySet<UniqueId>
}

const nothing: Resolved = { direct: new Set(), indirect: new Set() }

function resolve(expression: SelectorExpression, evaluation: Evaluation): Resolved {
  switch (expression.kind) {
    case 'atom':
      return resolveAtom(expression, evaluation)
    case 'union':
      return join(expression.parts, evaluation, union)
    case 'intersection': {
      const faults = evaluation.diagnostics.length
      const resolved = join(expression.parts, evaluation, intersection)
      if (resolved.direct.size === 0 && evaluation.diagnostics.length === faults) {
        evaluation.diagnostics.push(diagnostic('selector-nothing-in-common', { selector: expression.text }))
      }
      return resolved
    }
    case 'difference': {
      const from = resolve(expression.from, evaluation)
      const minus = resolve(expression.minus, { ...evaluation, severity: 'warning', indirectSelection: 'eager' })
      return { direct: without(from.direct, minus.direct), indirect: without(from.indirect, minus.direct) }
    }
  }
}

function join(
  parts: readonly SelectorExpression[],
  evaluation: Evaluation,
  combine: (sets: readonly ReadonlySet<UniqueId>[]) => ReadonlySet<UniqueId>,
): Resolved {
  const resolved = parts.map((part) => resolve(part, evaluation))
  const direct = combine(resolved.map((each) => each.direct))
  const waiting = without(union(resolved.map((each) => each.indirect)), direct)
  const covered = [...waiting].filter(coveredBy(evaluation.dag, direct, evaluation.indirectSelection))
  return { direct: new Set([...direct, ...covered]), indirect: without(waiting, new Set(covered)) }
}

function resolveAtom(atom: SelectorAtom, evaluation: Evaluation): Resolved {
  const { dag, diagnostics, severity } = evaluation
  if (atom.method === 'selector') return resolveNamed(atom, evaluation)
  if (isHistoryMethod(atom.method)) return resolveHistory(atom, atom.method, evaluation)
  const method = Object.hasOwn(methods, atom.method) ? methods[atom.method] : undefined
  if (method === undefined) {
    diagnostics.push(unknownMethod(atom))
    return nothing
  }
  if (atom.method === 'kind' && atom.value === 'python') {
    diagnostics.push(diagnostic('selector-renamed', { atom: atom.text, use: 'kind:ts' }, atom.span))
  }
  const matched = matchingNodes(dag, method, atom)
  if (matched.size === 0) {
    diagnostics.push(noMatch(dag, method, atom, severity))
    return nothing
  }
  return withTests(dag, withRelatives(dag, matched, atom), atom.indirectSelection ?? evaluation.indirectSelection)
}

/** That nothing has changed since is no fault. */
function resolveHistory(atom: SelectorAtom, method: HistoryMethod, evaluation: Evaluation): Resolved {
  const { dag, diagnostics, history, asked } = evaluation
  asked.push(atom.text)
  const value = [...atom.argument, atom.value].join('.')
  const unknown = { fault: 'there is no earlier run to look at here', hint: 'select by name, tag: or path: instead' }
  const answer = history?.(method, value) ?? unknown
  if ('fault' in answer) {
    diagnostics.push(diagnostic('selector-history', { atom: atom.text, ...answer }, atom.span))
    return nothing
  }
  const live = new Set([...answer.ids].filter((id) => dag.nodes.has(id)))
  if (live.size === 0) return nothing
  return withTests(dag, withRelatives(dag, live, atom), atom.indirectSelection ?? evaluation.indirectSelection)
}

function unknownMethod(atom: SelectorAtom): Diagnostic {
  const { text, method, span } = atom
  const known = [...Object.keys(methods), 'selector', ...historyMethods]
  return diagnostic('selector-unknown-method', { method, methods: known, atom: text }, span)
}

function resolveNamed(atom: SelectorAtom, evaluation: Evaluation): Resolved {
  const { diagnostics, named, within, severity, dag } = evaluation
  const expression = named.get(atom.value)
  if (within.includes(atom.value)) {
    const ring = [...within.slice(within.indexOf(atom.value)), atom.value]
    diagnostics.push(diagnostic('selector-loop', { ring }, atom.span))
    return nothing
  }
  if (expression === undefined) {
    // A file with faults may have meant to define it.
    if (diagnostics.some(({ code }) => code === 'selectors-file')) return nothing
    const params = { name: atom.value, names: [...named.keys()], severity }
    diagnostics.push(diagnostic('selector-unknown', params, atom.span))
    return nothing
  }
  const resolved = resolve(expression, { ...evaluation, within: [...within, atom.value] })
  if (atom.parents === undefined && atom.children === undefined && !atom.childrensParents) return resolved
  const related = withRelatives(dag, resolved.direct, atom)
  return withTests(dag, related, atom.indirectSelection ?? evaluation.indirectSelection)
}

function withRelatives(dag: Dag, ids: ReadonlySet<UniqueId>, atom: SelectorAtom): Set<UniqueId> {
  const all = new Set(ids)
  if (atom.childrensParents) add(all, descendants(dag, ids))
  if (atom.childrensParents) add(all, ancestors(dag, all))
  if (atom.parents !== undefined) add(all, ancestors(dag, ids, atom.parents))
  if (atom.children !== undefined) add(all, descendants(dag, ids, atom.children))
  return all
}

/** Adds the tests that read one of the nodes, as far as the mode lets them come along. */
function withTests(dag: Dag, selected: ReadonlySet<UniqueId>, mode: IndirectSelection): Resolved {
  if (mode === 'empty') return { direct: selected, indirect: new Set() }
  const around = [...selected].flatMap((id) => dag.children.get(id) ?? [])
  const tests = new Set(around.filter((id) => dag.nodes.get(id)?.resourceType === 'test' && !selected.has(id)))
  const coming = new Set([...tests].filter(coveredBy(dag, selected, mode)))
  return { direct: new Set([...selected, ...coming]), indirect: without(tests, coming) }
}

function coveredBy(dag: Dag, selected: ReadonlySet<UniqueId>, mode: IndirectSelection): (id: UniqueId) => boolean {
  if (mode === 'eager') return () => true
  if (mode === 'empty') return () => false
  const above = mode === 'buildable' ? ancestors(dag, selected) : new Set<UniqueId>()
  const isThere = (id: UniqueId) =>
    selected.has(id) || above.has(id) || (mode === 'buildable' && dag.nodes.get(id)?.resourceType === 'source')
  return (id) => (dag.parents.get(id) ?? []).every(isThere)
}

/** Ids that are in any of the sets. */
export function union(sets: readonly ReadonlySet<UniqueId>[]): Set<UniqueId> {
  const all = new Set<UniqueId>()
  for (const set of sets) add(all, set)
  return all
}

/** Ids that are in all of the sets. */
export function intersection(sets: readonly ReadonlySet<UniqueId>[]): Set<UniqueId> {
  const [first = new Set<UniqueId>(), ...rest] = sets
  return new Set([...first].filter((id) => rest.every((set) => set.has(id))))
}

/** Ids of the first set that are not in the second. */
export function without(set: ReadonlySet<UniqueId>, minus: ReadonlySet<UniqueId>): Set<UniqueId> {
  return new Set([...set].filter((id) => !minus.has(id)))
}

function add(all: Set<UniqueId>, more: ReadonlySet<UniqueId>): void {
  for (const id of more) all.add(id)
}
