import type { Column, Dialect, TextRow, Warehouse } from '../adapters/index.js'
import type { Manifest } from '../compile/index.js'
import { FftError, relationName, type Sql, text, type UniqueId, wrappable } from '../core/index.js'
import { rowsOf } from '../parse/index.js'
import { missingParent } from '../plan/index.js'
import { formatTable } from '../report/index.js'
import { writeManifest } from './artifacts.js'
import { compileNodes } from './compile-nodes.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, ShowOptions } from './options.js'
import { renderInline } from './render-inline.js'
import { selectNodes } from './select-nodes.js'
import { readState, withConnection, withWarehouse } from './warehouse.js'

/** `fft show`: the first rows of a model's SELECT, of a seed, or of a SELECT given on the command line. */
export async function showCommand(options: ShowOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app, { render: true })
  const queries = await queriesOf(graph, options, app)
  await writeManifest(graph, undefined, app)
  await withWarehouse(graph, 0, app, (warehouse) =>
    withConnection(warehouse, async (connection) => {
      for (const { name, sql, id } of queries) {
        const limit = options.limit === 0 ? undefined : options.limit
        const asked = connection.query(warehouse.dialect.limited(wrappable(sql, warehouse.dialect), limit))
        const { columns, rows } = await asked.catch(async (error: unknown) => {
          throw id === undefined ? error : await explained(error, id, { graph, warehouse })
        })
        const shown = { name, columns, rows }
        app.out(
          options.output === 'json' ? jsonLine(shown, warehouse.dialect) : tableText(shown, queries.length > 1, app),
        )
      }
    }),
  )
  return 0
}

/** A relation that is missing and that fft builds: with the command that does. */
async function explained(
  error: unknown,
  id: UniqueId,
  { graph, warehouse }: { readonly graph: LoadedGraph; readonly warehouse: Warehouse },
): Promise<unknown> {
  if (!(error instanceof FftError) || error.code !== 'relation-missing') return error
  const { dag, relations } = graph
  const manifest: Manifest = { dag, relations, compiled: new Map() }
  const state = await readState(warehouse, graph, manifest, [id])
  const parent = missingParent(id, { manifest, state, ids: [] })
  if (parent !== undefined) return new FftError(parent.message, { ...parent, cause: error })
  const node = dag.nodes.get(id)
  const relation = relations.get(id)
  if (node?.resourceType !== 'seed' || relation === undefined || state.find(relation) !== undefined) return error
  const hint = `load it first: fft seed --select ${node.name}`
  return new FftError(`${relationName(relation)} does not exist`, { code: error.code, hint, cause: error })
}

interface Query {
  readonly name: string
  /** Undefined for a SELECT of the command line. */
  readonly id?: UniqueId
  readonly sql: Sql
}

interface Shown {
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: readonly TextRow[]
}

async function queriesOf(graph: LoadedGraph, options: ShowOptions, app: AppContext): Promise<readonly Query[]> {
  if (options.inline === undefined) return nodeQueries(graph, options, app)
  return [{ name: 'inline', sql: renderInline(graph, options.inline) }]
}

function jsonLine({ name, columns, rows }: Shown, dialect: Dialect): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column.name, jsonValue(row[index] ?? null, column, dialect)])),
  )
  return `${JSON.stringify({ node: name, show: objects })}\n`
}

/** Numbers and truth values as such, where JSON keeps every digit; everything else as the engine's text. */
function jsonValue(cell: string | null, { type }: Column, dialect: Dialect): string | number | boolean | null {
  if (cell === null) return null
  const value = dialect.hostValue(cell, type)
  if (typeof value === 'boolean') return value
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return cell
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? cell : number
}

function tableText({ name, columns, rows }: Shown, isNamed: boolean, app: AppContext): string {
  return `${isNamed ? `${name}\n` : ''}${formatTable(
    columns.map((column) => column.name),
    rows,
    app.outStyle,
  )}`
}

async function nodeQueries(graph: LoadedGraph, options: ShowOptions, app: AppContext): Promise<readonly Query[]> {
  const selected = await selectNodes(graph, options, ['model', 'seed', 'snapshot', 'source', 'test'], app)
  const ids = selected.filter((id) => options.select.length > 0 || graph.dag.nodes.get(id)?.resourceType === 'model')
  const manifest = await compileNodes(graph, ids, app)
  const shown = ids.filter((id) => graph.dag.nodes.get(id)?.resourceType !== 'test')
  return (shown.length > 0 ? shown : ids).map((id) => {
    const node = graph.dag.nodes.get(id)
    const relation = graph.relations.get(id)
    const compiled = manifest.compiled.get(id)?.full
    const isPlain = compiled?.every((piece) => !('hole' in piece))
    if (compiled !== undefined && isPlain === true) return { id, name: node?.name ?? id, sql: compiled }
    if (relation === undefined) throw new FftError(`${node?.name ?? id} has no rows to show`, { code: 'show-nothing' })
    return { id, name: node?.name ?? id, sql: text(`select * from ${rowsOf(node, relation, graph.adapter.dialect)}`) }
  })
}
