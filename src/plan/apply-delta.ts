import type { Column, RelationState, WatermarkRecord } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import { fillHoles, type Hole, type Relation, type Sql, wrappable } from '../core/index.js'
import { keyColumns } from './build.js'
import { findColumn, isMissing, resolveColumns } from './columns.js'
import { keySteps } from './key-steps.js'
import { type NodeContext, scratch, staging } from './node-context.js'
import { recorded } from './record.js'
import { changeSchema, isSchemaRefusal, type SchemaOutcome } from './schema-change.js'
import { steps } from './steps.js'
import { type Strategy, strategyOf } from './strategies/index.js'
import type { Refusal, Step } from './types.js'
import { currentWatermark, watermarkColumns } from './watermarks.js'

/** What applying the delta starts from. */
interface DeltaContext extends NodeContext {
  readonly config: IncrementalConfig
  readonly strategy: Strategy
  readonly present: RelationState
  /** Filter that fft puts around the delta's SELECT. */
  readonly range: { readonly column: string; readonly from: string } | undefined
}

/** The delta of an existing incremental model: stage, check, apply, record. Null when the model is not incremental. */
export function deltaSteps(context: NodeContext, present: RelationState): readonly Step[] {
  const config = context.node.config.incremental
  const strategy = config && strategyOf(config)
  if (config === undefined || strategy === undefined) return []
  const delta: DeltaContext = { ...context, config, strategy, present, range: rangeOf(context, config, present) }
  const staged = staging(context)
  return [
    ...stage(delta),
    { kind: 'by_columns', of: { relation: staged }, then: (columns) => checkAndApply(delta, columns) },
    ...unstage(context, staged),
  ]
}

function stage(context: DeltaContext): readonly Step[] {
  const { dialect, node, compiled, range } = context
  const into = staging(context)
  if (node.language === 'typescript') return [{ kind: 'run_code', into, as: 'staging', note: `run ${node.path}` }]
  const select: Sql = fillHoles(wrappable(compiled.delta?.sql ?? [], dialect), (hole) => watermarkText(context, hole))
  return steps('stage', dialect.stage(into, range === undefined ? select : dialect.filtered(select, range)))
}

/** The watermark as a literal, lookback subtracted; the type's minimum when there is none. */
function watermarkText(context: DeltaContext, hole: Hole): string {
  const column = hole.kind === 'watermark' ? findColumn(context.present.columns, hole.column) : undefined
  if (column === undefined) return 'null'
  return watermarkLiteral(context, column) ?? context.dialect.minimum(column.type)
}

function watermarkLiteral(context: NodeContext, column: Column): string | undefined {
  const { dialect, node, target, state } = context
  const { value } = currentWatermark(node, target, column.name, state)
  if (value === undefined) return undefined
  const literal = dialect.literal(value, column.type)
  const lookback = node.config.incremental?.lookback
  return lookback === undefined ? literal : (dialect.minus(literal, column.type, lookback) ?? literal)
}

/** The filter of `delta: {watermark: …}` and of every append with `updated_at`. */
function rangeOf(context: NodeContext, config: IncrementalConfig, present: RelationState) {
  const { node } = context
  const asked = node.delta?.way === 'watermark' ? node.delta.column : undefined
  const appended = strategyOf(config)?.needsKey === false ? config.updatedAt : undefined
  const name = asked ?? appended
  const column = name === undefined ? undefined : findColumn(present.columns, name)
  const from = column && watermarkLiteral(context, column)
  return column === undefined || from === undefined ? undefined : { column: column.name, from }
}

function checkAndApply(context: DeltaContext, delta: readonly Column[]): readonly Step[] | Refusal {
  const { node, dialect, config, present, target } = context
  const marks = watermarkColumns(node, context.compiled)
  const found = resolveColumns(delta, [...keyColumns(context), ...marks])
  if (isMissing(found)) return found
  const schema = changeSchema({
    mode: config.onSchemaChange,
    target,
    delta,
    present: present.columns,
    key: config.uniqueKey,
    isProtected: config.protected,
    dialect,
    // A delta of its own is what has the columns.
    span: node.placed.placeOf(node.delta?.way === 'sql' ? 'delta' : 'on_schema_change'),
  })
  if (isSchemaRefusal(schema)) return schema
  const span = node.placed.placeOf('unique_key')
  const { allowsDuplicates } = context.strategy
  const { key, updatedAt } = targetNames(context, schema)
  const check = { relation: staging(context), columns: delta, key, updatedAt, allowsDuplicates, config, dialect, span }
  return [
    ...keySteps(check),
    ...schema.steps,
    ...recorded(
      context,
      'run',
      stagedMarks(context, found.slice(config.uniqueKey.length)),
      applySteps(context, schema),
    ),
    ...backfillSteps(context, schema),
  ]
}

/** Key and `updated_at` as the target spells them. */
function targetNames({ config }: DeltaContext, { targetColumns }: SchemaOutcome) {
  const spelt = (name: string) => findColumn(targetColumns, name)?.name ?? name
  return {
    key: [...new Set(config.uniqueKey.map(spelt))],
    updatedAt: config.updatedAt === undefined ? undefined : spelt(config.updatedAt),
  }
}

function applySteps(context: DeltaContext, schema: SchemaOutcome): readonly Step[] {
  const { dialect, target, present, node, range, config } = context
  const { key, updatedAt } = targetNames(context, schema)
  const isFiltered = node.delta?.way !== 'whole'
  const change = context.strategy.change({ config, key, updatedAt, isFiltered, range })
  const input = {
    target,
    staging: staging(context),
    deltaColumns: schema.deltaColumns,
    targetColumns: schema.targetColumns,
    addedColumns: schema.added,
    uniqueKeys: present.uniqueKeys,
    scratch: scratch(context),
  }
  if (change.kind === 'insert') return steps('apply', ...dialect.apply.insert(input, change))
  if (change.kind === 'upsert') return steps('apply', ...dialect.apply.upsert(input, change))
  return steps('apply', ...dialect.apply.replace_keys(input, change))
}

function stagedMarks(context: DeltaContext, columns: readonly Column[]): readonly WatermarkRecord[] {
  return columns.map((column): WatermarkRecord => {
    const { value } = currentWatermark(context.node, context.target, column.name, context.state)
    const current = value === undefined ? {} : { current: value }
    return { column: column.name, value: { kind: 'maximum', of: staging(context), type: column.type, ...current } }
  })
}

/** `--backfill-columns`: new columns of the rows that were there, from the full SELECT. */
function backfillSteps(context: DeltaContext, schema: SchemaOutcome): readonly Step[] {
  const { flags, dialect, compiled, target, config } = context
  if (!flags.backfillColumns || schema.added.length === 0 || config.uniqueKey.length === 0) return []
  const full = scratch(context)('full')
  const select = fillHoles(wrappable(compiled.full ?? [], dialect), () => 'null')
  const { key } = targetNames(context, schema)
  const columns = schema.added.map((column) => column.name)
  const stageFull = { ...dialect.stage(full, select), note: 'stage the full SELECT' }
  return [
    ...steps('schema', { sql: stageFull.sql, note: stageFull.note }),
    ...steps('schema', dialect.backfill(target, full, key, columns)),
    ...unstage(context, full),
  ]
}

/** Takes a temporary relation away, where it does not end with the transaction. */
function unstage({ dialect }: NodeContext, staged: Relation): readonly Step[] {
  return dialect.unstage === undefined ? [] : steps('clean', dialect.unstage(staged))
}
