import { FftError, type Sql, text, wrappable } from '../core/index.js'
import { formatTable } from '../report/index.js'
import { writeManifest } from './artifacts.js'
import { compileNodes } from './compile-nodes.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, ShowOptions } from './options.js'
import { renderInline } from './render-inline.js'
import { selectNodes } from './select-nodes.js'
import { withConnection, withWarehouse } from './warehouse.js'

/** `fft show`: the first rows of a model's SELECT, of a seed, or of a SELECT given on the command line. */
export async function showCommand(options: ShowOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app, { render: true })
  const queries = options.inline === undefined ? await nodeQueries(graph, options, app) : [{ name: 'inline', sql: renderInline(graph, options.inline) }]
  await writeManifest(graph, undefined, app)
  await withWarehouse(graph, 0, app, (warehouse) =>
    withConnection(warehouse, async (connection) => {
      for (const { name, sql } of queries) {
        const limit = options.limit === 0 ? undefined : options.limit
        const { columns, rows } = await connection.query(warehouse.dialect.limited(wrappable(sql), limit))
        const names = columns.map((column) => column.name)
        if (options.output === 'json') app.out(`${JSON.stringify({ node: name, show: rows.map((row) => toObject(names, row)) })}\n`)
        else app.out(`${queries.length > 1 ? `${name}\n` : ''}${formatTable(names, rows, app.outStyle)}`)
      }
    }),
  )
  return 0
}

function toObject(names: readonly string[], row: readonly (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))
}

async function nodeQueries(
  graph: LoadedGraph,
  options: ShowOptions,
  app: AppContext,
): Promise<readonly { name: string; sql: Sql }[]> {
  const selected = await selectNodes(graph, options, ['model', 'seed', 'snapshot', 'source', 'test'], app)
  const ids = selected.filter(
    (id) => options.select.length > 0 || graph.dag.nodes.get(id)?.resourceType === 'model',
  )
  const manifest = await compileNodes(graph, ids, app)
  const shown = ids.filter((id) => graph.dag.nodes.get(id)?.resourceType !== 'test')
  return (shown.length > 0 ? shown : ids).map((id) => {
    const node = graph.dag.nodes.get(id)
    const relation = graph.relations.get(id)
    const compiled = manifest.compiled.get(id)?.full
    const isPlain = compiled !== undefined && compiled.every((piece) => !('hole' in piece))
    if (compiled !== undefined && isPlain) return { name: node?.name ?? id, sql: compiled }
    if (relation === undefined) throw new FftError(`${node?.name ?? id} has no rows to show`, { code: 'show-nothing' })
    return { name: node?.name ?? id, sql: text(`select * from ${graph.adapter.dialect.relation(relation)}`) }
  })
}

