import { closest, type Diagnostic, type Severity, suggest } from '../../core/index.js'
import type { ParsedProject } from '../../parse/index.js'
import { diagnostic } from '../diagnostics.js'
import type { Dag } from '../types.js'
import type { SelectorAtom } from './expression.js'
import { globMatcher, pathMatcher } from './glob.js'
import { fileNames, type Method, methods, nameMatcher, normalPath } from './methods.js'

/** Says why a condition matches no node: another engine's model, a disabled one, or a misspelt value. */
export function noMatch(dag: Dag, method: Method, atom: SelectorAtom, severity: Severity): Diagnostic {
  const other = onOtherEngines(dag.project.otherEngines, atom)
  if (other.length > 0) {
    const engines = [...new Set(other.flatMap((each) => each.engines))]
    return diagnostic('selector-other-engine', { atom: atom.text, engines, severity }, atom.span)
  }
  const isDisabled = atom.method === 'fqn' && dag.project.disabled.some(nameMatcher(atom.value))
  if (isDisabled) return diagnostic('selector-disabled', { atom: atom.text, severity }, atom.span)
  const hint = hintFor(dag, method, atom)
  return diagnostic('selector-no-match', { atom: atom.text, what: whatOf(atom.method), hint, severity }, atom.span)
}

type OtherEngine = ParsedProject['otherEngines'][number]

function onOtherEngines(candidates: readonly OtherEngine[], atom: SelectorAtom): readonly OtherEngine[] {
  if (atom.method === 'fqn') {
    const isName = nameMatcher(atom.value)
    const exact = candidates.filter((each) => isName(each.name))
    if (exact.length > 0 || !atom.value.includes('.')) return exact
    const last = atom.value.replace(/\.ff$/, '').split('.').at(-1)
    return candidates.filter((each) => each.name === last)
  }
  if (atom.method === 'file') {
    const isFile = globMatcher(atom.value)
    return candidates.filter((each) => fileNames(each.span.file).some(isFile))
  }
  const isPath = pathMatcher(normalPath(atom.value))
  return atom.method === 'path' ? candidates.filter((each) => isPath(each.span.file)) : []
}

function whatOf(method: string): string {
  if (method === 'fqn') return 'no model, seed, snapshot or test'
  if (method === 'path' || method === 'file') return 'no file of a node'
  return method === 'source' ? 'no source' : 'no node'
}

function hintFor(dag: Dag, method: Method, atom: SelectorAtom): string | undefined {
  const values = valuesOf(dag, method, atom)
  const prefix = atom.text.includes(':') ? `${[atom.method, ...atom.argument].join('.')}:` : ''
  const value = atom.method === 'path' ? normalPath(atom.value) : atom.value
  if (atom.method === 'test_type' && value === 'unit') return 'unit tests run with fft utest'
  const near = closest(value, values)
  if (near !== undefined) return `did you mean '${prefix}${near}'?`
  const elsewhere = prefix === '' ? ofAnotherMethod(dag, atom) : undefined
  if (elsewhere !== undefined) return `did you mean '${elsewhere}'?`
  const similar = values.filter((each) => each.includes(value) || (each.length > 3 && value.includes(each))).slice(0, 3)
  if (similar.length > 0) return `did you mean ${similar.map((each) => `'${prefix}${each}'`).join(' or ')}?`
  if (values.length === 0) return atom.method === 'config' ? hintForConfig(dag, atom) : undefined
  return suggest(value, values, labels[atom.method] ?? 'values')
}

const labels: Readonly<Record<string, string>> = {
  fqn: 'names',
  tag: 'tags',
  path: 'paths',
  file: 'files',
  source: 'sources',
}

function valuesOf(dag: Dag, method: Method, atom: SelectorAtom): readonly string[] {
  return [...new Set([...dag.nodes.values()].flatMap((node) => method.valuesOf(node, atom)))]
}

/** A bare word that is a tag, a source, a source's table or a group. */
function ofAnotherMethod(dag: Dag, atom: SelectorAtom): string | undefined {
  for (const name of ['tag', 'source', 'group', 'type', 'package']) {
    const method = methods[name]
    if (method !== undefined && valuesOf(dag, method, atom).includes(atom.value)) return `${name}:${atom.value}`
  }
  const source = [...dag.nodes.values()].find((node) => node.resourceType === 'source' && node.name === atom.value)
  return source?.resourceType === 'source' ? `source:${source.source.sourceName}.${source.name}` : undefined
}

function hintForConfig(dag: Dag, atom: SelectorAtom): string | undefined {
  const above = { ...atom, argument: atom.argument.slice(0, -1) }
  const last = atom.argument.at(-1) ?? ''
  const config = methods.config
  return config === undefined ? undefined : suggest(last, valuesOf(dag, config, above), 'settings')
}
