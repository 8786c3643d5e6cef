import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { UniqueId } from '../core/index.js'
import { type History, type HistoryAnswer, isModelNode } from '../graph/index.js'
import { macroUses } from '../report/index.js'
import { currentManifest, lastRunManifest } from './artifacts.js'
import { changedFiles } from './changed-files.js'
import { changes, changesOf, type StateManifest } from './compare-state.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, SelectionOptions } from './options.js'

/** Answers selectors that look at an earlier run: in `--state`, else in the project's own target folder; and at git. */
export function historyOf(graph: LoadedGraph, options: SelectionOptions, app: AppContext): History {
  const from: From = { graph, folder: options.stateDir, app }
  return (method, value) => {
    switch (method) {
      case 'result':
        return byResult(value, from)
      case 'state':
        return byState(value, from)
      case 'source_status':
        return bySourceStatus(value, from)
      case 'changed':
        return byChange(value, from)
    }
  }
}

interface From {
  readonly graph: LoadedGraph
  /** Absolute; undefined: the project's own target folder. */
  readonly folder: string | undefined
  readonly app: AppContext
}

type Json = Readonly<Record<string, unknown>>

interface Missing {
  readonly fault: string
  readonly hint: string
}

function byResult(value: string, from: From): HistoryAnswer {
  const file = readArtifact('run_results.json', from)
  if (isMissing(file)) return file
  const wanted = value === 'ok' ? ['success', 'pass', 'no-op'] : [value]
  const statuses = ['success', 'error', 'fail', 'warn', 'pass', 'skipped', 'no-op', 'runtime error', 'ok']
  if (!statuses.includes(value)) return unknownValue('result', statuses)
  return { ids: idsOf(listOf(file.results).filter(({ status }) => wanted.includes(String(status)))) }
}

function bySourceStatus(value: string, from: From): HistoryAnswer {
  const known = ['fresher', 'pass', 'warn', 'error', 'runtime error']
  if (!known.includes(value)) return unknownValue('source_status', known)
  const now = readArtifact('sources.json', { ...from, folder: undefined }, 'fft source freshness')
  if (isMissing(now)) return now
  if (value !== 'fresher') return { ids: idsOf(listOf(now.results).filter(({ status }) => status === value)) }
  const before = readArtifact('sources.json', from, 'fft source freshness')
  if (isMissing(before)) return before
  const loaded = new Map(listOf(before.results).map((result) => [result.unique_id, String(result.max_loaded_at ?? '')]))
  const isFresher = ({ unique_id, max_loaded_at }: Json) =>
    max_loaded_at !== undefined && String(max_loaded_at) > (loaded.get(unique_id) ?? '')
  return { ids: idsOf(listOf(now.results).filter(isFresher)) }
}

function byState(value: string, from: From): HistoryAnswer {
  const [word = '', ...rest] = value.split('.')
  const only = rest.join('.')
  const isKnown = ['new', 'old', 'modified', 'unmodified'].includes(word)
  const part = changes.find((each) => each === only)
  if (!isKnown || (only !== '' && (word !== 'modified' || part === undefined)))
    return unknownValue('state', ['new', 'old', 'modified', 'unmodified', ...changes.map((each) => `modified.${each}`)])
  const before = from.folder === undefined ? ownManifest(from) : readArtifact('manifest.json', from)
  if (isMissing(before)) return before
  const old = stateOf(before)
  const now = stateOf(currentManifest(from.graph, from.app))
  const matches = (id: string): boolean => {
    const isOld = old.nodes[id] !== undefined || old.sources[id] !== undefined
    if (word === 'new' || word === 'old') return isOld === (word === 'old')
    if (!isOld) return word === 'modified' && part === undefined
    const found = changesOf(id, now, old)
    if (part !== undefined) return found.has(part)
    return found.size > 0 === (word === 'modified')
  }
  return { ids: new Set(from.graph.dag.order.filter(matches)) }
}

/** Of the last command that built something: looking at the project must not make it look unchanged. */
function ownManifest(from: From): Json | Missing {
  const path = lastRunManifest(from.graph.targetDir)
  const own = readArtifact('manifest.json', from)
  return isMissing(own) || !existsSync(path) ? own : (readJson(path) ?? own)
}

function byChange(ref: string, { graph, folder: _, app: _app }: From): HistoryAnswer {
  const files = changedFiles(ref, graph.dir)
  if ('fault' in files) return { fault: files.fault, hint: 'name a commit, branch or tag of the project’s repository' }
  const changed = new Set(files)
  const isChanged = (path: string) => changed.has(path)
  const usesOf = macroUses(graph.macros)
  const deltaFiles = files.filter((path) => /\.ya?ml$/.test(path) && path.startsWith('config/'))
  const nodes = [...graph.dag.nodes.values()].filter((node) => {
    if (isChanged(node.path)) return true
    if (!isModelNode(node)) return false
    const { rawCode } = node
    return usesOf(rawCode).some(({ path }) => isChanged(path)) || deltaFiles.some((path) => rawCode.includes(path))
  })
  return { ids: new Set(nodes.map((node) => node.uniqueId)) }
}

function readArtifact(name: string, { graph, folder }: From, command = 'fft run'): Json | Missing {
  const path = join(folder ?? graph.targetDir, name)
  const shown = relative(graph.dir, path).startsWith('..') ? path : relative(graph.dir, path)
  if (!existsSync(path))
    return {
      fault: `${shown} does not exist`,
      hint:
        folder === undefined
          ? `it is written by an earlier run (${command}); --state DIR names another folder`
          : `--state names a folder with ${name}`,
    }
  return readJson(path) ?? { fault: `${shown} cannot be read`, hint: 'it is no JSON object' }
}

function readJson(path: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

function isMissing(value: Json | Missing): value is Missing {
  return typeof value.fault === 'string' && typeof value.hint === 'string'
}

function unknownValue(method: string, known: readonly string[]): Missing {
  return { fault: `${method}: has no such value`, hint: `values: ${known.join(', ')}` }
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((each): each is Json => typeof each === 'object' && each !== null) : []
}

function idsOf(results: readonly Json[]): ReadonlySet<UniqueId> {
  return new Set(results.map(({ unique_id }) => String(unique_id) as UniqueId))
}

function stateOf({ nodes, sources, macros }: Json): StateManifest {
  const map = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as StateManifest['nodes']
  return { nodes: map(nodes), sources: map(sources), macros: map(macros) }
}
