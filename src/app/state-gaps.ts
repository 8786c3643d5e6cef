import type { Connection, Warehouse } from '../adapters/index.js'
import type { Manifest } from '../compile/index.js'
import {
  FftError,
  instantText,
  ProjectError,
  parseInstant,
  type Relation,
  relationName,
  suggest,
  type UniqueId,
  uniqueId,
  wrappable,
} from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import type { ModelNode, TestNode } from '../parse/index.js'
import { checkWindowed, isWindowed, type WarehouseState, windowGaps } from '../plan/index.js'
import { formatTable } from '../report/index.js'
import { writeManifest } from './artifacts.js'
import { compileNodes } from './compile-nodes.js'
import { usageFault } from './incremental-model.js'
import { isoTime } from './iso-time.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, StateGapsOptions } from './options.js'
import { readState, withConnection, withWarehouse } from './warehouse.js'

/** `fft state gaps`: what is missing in models with windows, and in those with a test `no_gaps`. Gives the exit code. */
export async function stateGapsCommand(options: StateGapsOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app, { render: true })
  await writeManifest(graph, undefined, app)
  const checked = options.models.length === 0 ? allModels(graph) : options.models.map((name) => named(name, graph, app))
  const faults = checked.flatMap(({ node }) => checkWindowed(node, graph.adapter.dialect))
  if (faults.length > 0) throw new ProjectError(faults)
  const found = checked.length === 0 ? [] : await findGaps(checked, graph, app)
  const gaps = found
    .toSorted(compare)
    .filter((gap, index, all) => index === 0 || compare(gap, all[index - 1] ?? gap) !== 0)
  show(gaps, options, app)
  return options.fail && gaps.length > 0 ? 1 : 0
}

/** A stretch that is missing, half open; times as milliseconds since 1970, numbers as text. */
interface Gap {
  readonly model: string
  readonly start: Edge
  readonly end: Edge
}

type Edge = { readonly ms: number } | { readonly number: string }

/** A model whose gaps can be told. */
interface Checked {
  readonly node: ModelNode
  readonly relation: Relation
  readonly tests: readonly TestNode[]
}

function allModels(graph: LoadedGraph): readonly Checked[] {
  return [...graph.dag.nodes.values()].flatMap((node) => {
    const checked = checkedOf(node.uniqueId, graph)
    return checked !== undefined && tellsGaps(checked) ? [checked] : []
  })
}

function tellsGaps({ node, tests }: Checked): boolean {
  return isWindowed(node) || tests.length > 0
}

function checkedOf(id: UniqueId, { dag, relations }: LoadedGraph): Checked | undefined {
  const [node, relation] = [dag.nodes.get(id), relations.get(id)]
  if (!isModelNode(node) || relation === undefined) return undefined
  const children = (dag.children.get(id) ?? []).flatMap((child) => dag.nodes.get(child) ?? [])
  const tests = children.filter((child): child is TestNode => {
    const generic = child.resourceType === 'test' && child.test.kind === 'generic' ? child.test : undefined
    return generic?.config.test === 'no_gaps' && generic.attachedTo === id
  })
  return { node, relation, tests }
}

/** Throws ProjectError. */
function named(name: string, graph: LoadedGraph, app: AppContext): Checked {
  const plain = name.replace(/\.ff$/, '')
  const id = uniqueId('model', graph.name, plain)
  const checked = checkedOf(id, graph)
  if (checked !== undefined && tellsGaps(checked)) return checked
  if (checked?.node.config.incremental !== undefined) {
    app.emit({ type: 'notice', message: `'${plain}' has neither windows (strategy 'time_range') nor a test no_gaps` })
    return checked
  }
  const known = [...graph.dag.nodes.values()].flatMap((node) => {
    const isKnown = checkedOf(node.uniqueId, graph)
    return isKnown && (tellsGaps(isKnown) || isKnown.node.config.incremental !== undefined) ? [node.name] : []
  })
  const message = graph.dag.nodes.has(id)
    ? `'${name}' is not incremental and has no test no_gaps`
    : `there is no model '${name}'`
  throw usageFault('state-model', message, suggest(plain, known, 'incremental models and models with a test no_gaps'))
}

async function findGaps(checked: readonly Checked[], graph: LoadedGraph, app: AppContext): Promise<readonly Gap[]> {
  const models = checked.map(({ node }) => node.uniqueId)
  const tests = checked.flatMap((each) => each.tests.map(({ uniqueId: id }) => id))
  const manifest = await compileNodes(graph, [...models, ...tests], app)
  return withWarehouse(graph, 0, app, async (warehouse) => {
    const state = await readState(warehouse, graph, manifest, models)
    const missing = checked.flatMap(({ node, relation }) =>
      windowGaps(node, relation, state, app.clock().getTime()).map(({ from, to }): Gap => {
        return { model: node.name, start: { ms: from }, end: { ms: to } }
      }),
    )
    return [...missing, ...(await testedGaps(checked, { manifest, warehouse, state, app }))]
  })
}

interface Reading {
  readonly manifest: Manifest
  readonly warehouse: Warehouse
  readonly state: WarehouseState
  readonly app: AppContext
}

/** What the tests find; one without its relation is passed over. */
async function testedGaps(checked: readonly Checked[], reading: Reading): Promise<readonly Gap[]> {
  const { warehouse, state, app } = reading
  const present = checked.filter(({ node, relation, tests }) => {
    const isThere = state.find(relation) !== undefined
    if (!isThere && tests.length > 0 && !isWindowed(node)) tellMissing(node, relation, app)
    return isThere && tests.length > 0
  })
  if (present.length === 0) return []
  return withConnection(warehouse, async (connection) => {
    const gaps: Gap[] = []
    for (const { node, tests } of present)
      for (const test of tests) gaps.push(...(await gapsOf(test, node, connection, reading)))
    return gaps
  })
}

function tellMissing({ name, uniqueId: node }: ModelNode, relation: Relation, app: AppContext): void {
  const message = `${name} is passed over: ${relationName(relation)} is not there yet (fft run --select ${name})`
  app.emit({ type: 'notice', message, node })
}

async function gapsOf(
  test: TestNode,
  { name: model }: ModelNode,
  connection: Connection,
  { manifest, warehouse }: Reading,
): Promise<readonly Gap[]> {
  const failures = manifest.compiled.get(test.uniqueId)?.full
  if (failures === undefined) return []
  try {
    const { rows } = await connection.query(wrappable(failures, warehouse.dialect))
    return rows.map(([start, end]) => ({ model, start: edge(start ?? ''), end: edge(end ?? '') }))
  } catch (error) {
    if (!(error instanceof FftError) || error.code === 'cancelled') throw error
    const { code, hint, statement } = error
    throw new FftError(`${test.name}: ${error.message}`, { code, hint, statement, span: error.span ?? test.span })
  }
}

function edge(cell: string): Edge {
  const ms = /^-?\d+$/.test(cell) ? undefined : parseInstant(cell)
  return ms === undefined ? { number: cell } : { ms }
}

function compare(a: Gap, b: Gap): number {
  if (a.model !== b.model) return a.model < b.model ? -1 : 1
  return compareEdges(a.start, b.start) || compareEdges(a.end, b.end)
}

function compareEdges(a: Edge, b: Edge): number {
  if ('ms' in a) return 'ms' in b ? a.ms - b.ms : -1
  if ('ms' in b) return 1
  const [x, y] = [BigInt(a.number), BigInt(b.number)]
  return x === y ? 0 : x < y ? -1 : 1
}

function show(gaps: readonly Gap[], { json }: StateGapsOptions, app: AppContext): void {
  if (json) {
    const list = gaps.map(({ model, start, end }) => ({ model, start: jsonEdge(start), end: jsonEdge(end) }))
    app.out(`${JSON.stringify(list)}\n`)
    return
  }
  if (gaps.length === 0) {
    app.out('no gaps\n')
    return
  }
  const cells = gaps.map(({ model, start, end }) => [model, shownEdge(start), shownEdge(end)])
  app.out(formatTable(['model', 'gap from', 'up to (not with)'], cells, app.outStyle))
}

/** A number that JSON cannot hold is a text. */
function jsonEdge(value: Edge): string | number {
  if ('ms' in value) return isoTime(value.ms)
  const number = Number(value.number)
  return Number.isSafeInteger(number) ? number : value.number
}

function shownEdge(value: Edge): string {
  return 'ms' in value ? instantText(value.ms) : value.number
}
