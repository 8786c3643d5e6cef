import type { Column, RelationState, WatermarkRecord } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import { fillHoles, type Hole, type Relation, type Sql, wrappable } from '../core/index.js'
import { findColumn, sameName } from './columns.js'
import { dateCheck, emptyCheck, predicateChecks } from './delta-checks.js'
import { keySteps } from './key-steps.js'
import { type NodeContext, scratch, staging } from './node-context.js'
import { addPrevious, previousColumns, selectedPrevious } from './previous-columns.js'
import { recorded } from './record.js'
import { changeSchema, isSchemaRefusal, type SchemaOutcome } from './schema-change.js'
import { steps } from './steps.js'
import { type Strategy, strategyOf } from './strategies/index.js'
import type { Refusal, Step } from './types.js'
import { isRefused, type NamedColumns, namedColumns } from './wanted-columns.js'
import { currentWatermark } from './watermarks.js'

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
  const select: Sql = fillHoles(wrappable(compiled.delta?.sql ?? []), (hole) => watermarkText(context, hole))
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
  const appended = strategyOf(config)?.filtersByUpdatedAt === true ? config.updatedAt : undefined
  const name = asked ?? appended
  const column = name === undefined ? undefined : findColumn(present.columns, name)
  const from = column && watermarkLiteral(context, column)
  return column === undefined || from === undefined ? undefined : { column: column.name, from }
}

function checkAndApply(context: DeltaContext, delta: readonly Column[]): readonly Step[] | Refusal {
  const { node, dialect, config, present, target } = context
  const named = namedColumns(context, config, delta)
  if (isRefused(named)) return named
  const selected = selectedPrevious(context, config, delta)
  if (selected !== undefined) return selected
  const isPrevious = ({ name }: Column) => config.remembers.some(({ previous }) => sameName(previous, name))
  const schema = changeSchema({
    mode: config.onSchemaChange,
    target,
    delta,
    present: present.columns.filter((column) => !isPrevious(column)),
    key: config.uniqueKey,
    isProtected: config.protected,
    dialect,
    // A delta of its own is what has the columns.
    span: node.placed.placeOf(node.delta?.way === 'sql' ? 'delta' : 'on_schema_change'),
  })
  if (isSchemaRefusal(schema)) return schema
  const previous = previousColumns(config, schema.targetColumns)
  const span = node.placed.placeOf('unique_key')
  const { allowsDuplicates } = context.strategy
  const staged = staging(context)
  const inTarget = targetNames(named, schema)
  const { key, updatedAt } = inTarget
  const check = { relation: staged, columns: delta, key, updatedAt, allowsDuplicates, config, dialect, span }
  const keyColumns = key.flatMap((name) => findColumn(schema.targetColumns, name) ?? [])
  const changed = { ...schema, targetColumns: [...schema.targetColumns, ...previous] }
  return [
    ...dateCheck(context, config, { relation: staged, partitionBy: named.partitionBy }),
    ...keySteps(check),
    ...emptyCheck(context, config, staged),
    ...predicateChecks(context, config, { staged, key: keyColumns }),
    ...schema.steps,
    ...addPrevious(dialect, target, previous, present.columns.filter(isPrevious)),
    ...recorded(context, 'run', stagedMarks(context, named.watermarks), applySteps(context, changed, inTarget)),
    ...backfillSteps(context, schema, key),
  ]
}

/** The named columns as the target spells them. */
function targetNames(named: NamedColumns, { targetColumns }: SchemaOutcome): NamedColumns {
  const spelt = (name: string) => findColumn(targetColumns, name)?.name ?? name
  return {
    key: named.key.map(spelt),
    updatedAt: named.updatedAt === undefined ? undefined : spelt(named.updatedAt),
    partitionBy: named.partitionBy.map(spelt),
    updates: named.updates?.map(spelt),
    watermarks: named.watermarks,
  }
}

function applySteps(context: DeltaContext, schema: SchemaOutcome, named: NamedColumns): readonly Step[] {
  const { dialect, target, present, node, range, config } = context
  const isFiltered = node.delta?.way !== 'whole'
  const change = context.strategy.change({ ...named, config, isFiltered, range })
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
function backfillSteps(context: DeltaContext, schema: SchemaOutcome, key: readonly string[]): readonly Step[] {
  const { flags, dialect, compiled, target, config } = context
  if (!flags.backfillColumns || schema.added.length === 0 || config.uniqueKey.length === 0) return []
  const full = scratch(context)('full')
  const select = fillHoles(wrappable(compiled.full ?? []), () => 'null')
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
