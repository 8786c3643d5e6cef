import { type Relation, type Sql, text, type UniqueId } from '../core/index.js'
import type { Dag } from '../graph/index.js'
import { type Node, rowsOf, type TemplateContext } from '../parse/index.js'

/**
 * Less than everything that models read: no row at all, or the rows of a window, for parents that say their
 * `event_time`. Times are ISO 8601, UTC; the end is not part of the window.
 */
export type Sample =
  | { readonly kind: 'empty' }
  | { readonly kind: 'window'; readonly from: string; readonly to: string }

/** The SELECT that stands for a parent's relation; undefined when all of it is read. */
export function sampledSelect(
  parent: Node | undefined,
  relation: Relation,
  sample: Sample | undefined,
  dialect: TemplateContext['dialect'],
): Sql | undefined {
  if (sample === undefined) return undefined
  const select = `select * from ${parent === undefined ? dialect.relation(relation) : rowsOf(parent, relation, dialect)}`
  if (sample.kind === 'empty') return text(`${select} where 1 = 0`)
  const column = eventTimeOf(parent)
  if (column === undefined) return undefined
  const [from, to] = [sample.from, sample.to].map((time) => dialect.literal(spelled(time), 'TIMESTAMP'))
  return text(`${select} where ${dialect.quote(column)} >= ${from} and ${dialect.quote(column)} < ${to}`)
}

/** The name of a parent's sample as a CTE: sources have two names. */
export function sampleName(id: UniqueId, dag: Dag): string {
  const node = dag.nodes.get(id)
  return node?.resourceType === 'source' ? `${node.source.sourceName}__${node.name}` : (node?.name ?? id)
}

/** The column that says when a node's rows happened. */
export function eventTimeOf(node: Node | undefined): string | undefined {
  if (node === undefined || node.resourceType === 'test') return undefined
  if (node.resourceType === 'source') return node.source.eventTime
  const { incremental, other } = node.config
  return incremental?.eventTime ?? (typeof other.event_time === 'string' ? other.event_time : undefined)
}

function spelled(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '')
}
