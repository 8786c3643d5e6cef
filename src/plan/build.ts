import type { Column, WatermarkRecord } from '../adapters/index.js'
import { fillHoles, holesOf, type Sql, wrappable } from '../core/index.js'
import { findColumn, isMissing, resolveColumns, type WantedColumn } from './columns.js'
import { keySteps } from './key-steps.js'
import { aside, type NodeContext, presentOf } from './node-context.js'
import { cleanSteps, publishSteps } from './publish.js'
import { forget, forgotten, recorded } from './record.js'
import { steps } from './steps.js'
import { strategyOf } from './strategies/index.js'
import type { Refusal, Step } from './types.js'
import { watermarkColumns } from './watermarks.js'

/** A plain table: built aside, then put in place. */
export function tableSteps(context: NodeContext): readonly Step[] {
  const direct = replaceDirectly(context)
  const built = direct ?? [...fill(context), ...publish(context), ...clean(context)]
  return [...built, ...forget(context)]
}

/** One statement that builds and publishes, where the engine has it and nothing has to be known before. */
function replaceDirectly(context: NodeContext): readonly Step[] | undefined {
  const { dialect, node, compiled, target } = context
  const select = wrappable(compiled.full ?? [], dialect)
  if (dialect.replaceTable === undefined || node.language === 'typescript' || holesOf(select).length > 0)
    return undefined
  return steps('publish', ...dialect.replaceTable(target, select, presentOf(context, target)))
}

/** First run and full refresh of an incremental model: the same key checks as any delta, then put in place. */
export function rebuildSteps(context: NodeContext): readonly Step[] {
  const built = aside(context)
  const then = (columns: readonly Column[]) => checkAndPublish(context, columns)
  return [...fill(context), { kind: 'by_columns', of: { relation: built }, then }, ...clean(context)]
}

function checkAndPublish(context: NodeContext, columns: readonly Column[]): readonly Step[] | Refusal {
  const { node, dialect } = context
  const config = node.config.incremental
  if (config === undefined) return []
  const marks = watermarkColumns(node, context.compiled)
  const found = resolveColumns(columns, [...keyColumns(context), ...marks])
  if (isMissing(found)) return found
  // Two spellings may be one column.
  const key = [...new Set(found.slice(0, config.uniqueKey.length).map((column) => column.name))]
  const updatedAt = config.updatedAt === undefined ? undefined : findColumn(columns, config.updatedAt)?.name
  const built = aside(context)
  const records = found.slice(config.uniqueKey.length).map(
    (column): WatermarkRecord => ({
      column: column.name,
      value: { kind: 'maximum', of: built, type: column.type },
    }),
  )
  const allowsDuplicates = strategyOf(config)?.allowsDuplicates ?? false
  const span = node.placed.placeOf('unique_key')
  return [
    ...keySteps({ relation: built, columns, key, updatedAt, allowsDuplicates, config, dialect, span }),
    ...(records.length === 0
      ? recorded(context, 'forget', forgotten(context), publish(context))
      : recorded(context, 'full_refresh', records, publish(context))),
  ]
}

/** The columns of `unique_key`, with the place of the key in the model's configuration. */
export function keyColumns({ node }: NodeContext): readonly WantedColumn[] {
  const span = node.placed.placeOf('unique_key')
  return (node.config.incremental?.uniqueKey ?? []).map((name) => ({ name, key: 'unique_key', span }))
}

/** Fills the relation beside the target with the full SELECT, or with what the function returns. */
function fill(context: NodeContext): readonly Step[] {
  const { compiled, dialect, node } = context
  const built = aside(context)
  if (node.language === 'typescript') return [{ kind: 'run_code', into: built, as: 'aside', note: `run ${node.path}` }]
  const select = wrappable(compiled.full ?? [], dialect)
  if (holesOf(select).length === 0) return steps('stage', dialect.buildAside(built, select))
  // The type of a watermark is known only from the SELECT itself; NULL in its place does not change the columns.
  const probe = fillHoles(select, () => 'null')
  return [{ kind: 'by_columns', of: { select: probe }, then: (columns) => fillWithMinimum(context, select, columns) }]
}

function fillWithMinimum(context: NodeContext, select: Sql, columns: readonly Column[]): readonly Step[] | Refusal {
  const wanted = holesOf(select).flatMap((hole) =>
    hole.kind === 'watermark' ? [{ name: hole.column, key: 'watermark()', span: hole.span }] : [],
  )
  const found = resolveColumns(columns, wanted)
  if (isMissing(found)) return found
  const filled = fillHoles(select, (hole) => {
    const column = hole.kind === 'watermark' ? findColumn(columns, hole.column) : undefined
    return column === undefined ? 'null' : context.dialect.minimum(column.type)
  })
  return steps('stage', context.dialect.buildAside(aside(context), filled))
}

function clean(context: NodeContext): readonly Step[] {
  return cleanSteps({ dialect: context.dialect, aside: aside(context) })
}

function publish(context: NodeContext): readonly Step[] {
  const { dialect, target } = context
  return publishSteps({ dialect, aside: aside(context), target, present: presentOf(context, target) })
}
