import type { ApplyInput, Change, Column, RelationState, WatermarkRecord, WindowFilter } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import { fillHoles, type Hole, type Relation, type Sql, sameName, wrappable } from '../core/index.js'
import { contractOf } from './attach.js'
import { findColumn } from './columns.js'
import { heldToContract, underContract } from './contract.js'
import { dateCheck, emptyCheck, predicateChecks } from './delta-checks.js'
import { applyEvents } from './events/event-steps.js'
import { duplicateNotes, type KeyInput, keySteps } from './key-steps.js'
import { lateInChange, lateSteps } from './late-rows.js'
import { type NodeContext, scratch, staging } from './node-context.js'
import { addPrevious, previousColumns, selectedPrevious } from './previous-columns.js'
import { recorded } from './record.js'
import { changeSchema, isSchemaRefusal, type SchemaOutcome } from './schema-change.js'
import { steps } from './steps.js'
import { hasEvents, hasVersions, hasWindows, type Strategy, strategyOf } from './strategies/index.js'
import { inItsFormat } from './table-format.js'
import { isRefusal, type Refusal, type Step } from './types.js'
import {
  addDeletedColumn,
  checkHistory,
  isVersionColumn,
  keyBucket,
  startOfRun,
  versionChecks,
  viewSteps,
} from './versions.js'
import { isRefused, type NamedColumns, namedColumns } from './wanted-columns.js'
import { currentWatermark, watermarkColumns } from './watermarks.js'
import { dropOutside, runCode } from './windows/code-batches.js'
import { fillBatch } from './windows/fill-batch.js'
import { isFilter, timeCheck, windowFilter } from './windows/window-rows.js'

/** What applying the delta starts from. */
interface DeltaContext extends NodeContext {
  readonly config: IncrementalConfig
  readonly strategy: Strategy
  readonly present: RelationState
  /** Filter that fft puts around the delta's SELECT. */
  readonly range: { readonly column: string; readonly from: string } | undefined
  /** The stretch of time that the delta is of. */
  readonly window: WindowFilter | undefined
}

/** The delta of an existing incremental model: stage, check, apply, record. Null when the model is not incremental. */
export function deltaSteps(given: NodeContext, stored: RelationState): readonly Step[] {
  const context = inItsFormat(given, stored)
  const config = context.node.config.incremental
  const strategy = config && strategyOf(config)
  if (config === undefined || strategy === undefined) return []
  const probe = hasEvents(config) ? watermarkProbe(context, stored) : undefined
  if (probe === undefined) return stageAndApply(context, { config, strategy, present: stored })
  const seen = (columns: readonly Column[]) => ({ ...stored, columns: [...stored.columns, ...columns] })
  return [
    {
      kind: 'by_columns',
      of: { select: probe },
      then: (columns) => stageAndApply(context, { config, strategy, present: seen(columns) }),
    },
  ]
}

/** Events have columns that their storage does not have: the SELECT that tells their types, where a watermark is of one. */
function watermarkProbe({ node, compiled, dialect }: NodeContext, { columns }: RelationState): Sql | undefined {
  const isUnknown = ({ name }: { readonly name: string }) => findColumn(columns, name) === undefined
  if (node.language === 'typescript' || !watermarkColumns(node, compiled).some(isUnknown)) return undefined
  return fillHoles(wrappable(compiled.delta?.sql ?? [], dialect), () => 'null')
}

function stageAndApply(
  context: NodeContext,
  { config, strategy, present }: Pick<DeltaContext, 'config' | 'strategy' | 'present'>,
): readonly Step[] {
  const filter = context.stretch && windowFilter(context, context.stretch, present.columns)
  const window = filter !== undefined && isFilter(filter) ? filter : undefined
  const delta: DeltaContext = {
    ...context,
    config,
    strategy,
    present,
    range: rangeOf(context, config, present),
    window,
  }
  const staged = staging(context)
  return [
    ...stage(delta),
    { kind: 'by_columns', of: { relation: staged }, then: (columns) => checkAndApply(delta, columns) },
    ...unstage(context, staged),
  ]
}

function stage(context: DeltaContext): readonly Step[] {
  const { dialect, node, compiled, range, window, stretch } = context
  const into = staging(context)
  if (node.language === 'typescript') {
    const run = runCode(context, into, 'staging')
    return contractOf(node) === undefined ? [run] : [run, heldToContract(context, into, 'part', () => [])]
  }
  const given = wrappable(compiled.delta?.sql ?? [], dialect)
  const ofStretch = stretch === undefined ? given : fillBatch(given, stretch)
  const select: Sql = fillHoles(ofStretch, (hole) => watermarkText(context, hole))
  const bare = range === undefined ? select : dialect.filtered(select, range)
  const wanted = window === undefined ? bare : dialect.inWindow(select, window)
  return underContract(context, wanted, 'part', (ready) => steps('stage', dialect.stage(into, ready)))
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
  // Of a model with windows it counts windows.
  return lookback === undefined || hasWindows(node.config.incremental)
    ? literal
    : (dialect.minus(literal, column.type, lookback) ?? literal)
}

/** The filter of `delta: {watermark: …}` and of every append with `updated_at`. */
function rangeOf(context: NodeContext, config: IncrementalConfig, present: RelationState) {
  const { node } = context
  const asked = node.delta?.way === 'watermark' ? node.delta.column : undefined
  const appended = strategyOf(config).filtersByUpdatedAt === true ? config.updatedAt : undefined
  const name = asked ?? appended
  const column = name === undefined ? undefined : findColumn(present.columns, name)
  const from = column && watermarkLiteral(context, column)
  return column === undefined || from === undefined ? undefined : { column: column.name, from }
}

function checkAndApply(context: DeltaContext, delta: readonly Column[]): readonly Step[] | Refusal {
  const { node, dialect, config, present, target } = context
  if (hasEvents(config)) return applyEvents(context, config, delta, (columns) => stagedMarks(context, columns))
  const named = namedColumns(context, config, delta)
  if (isRefused(named)) return named
  const refused =
    selectedPrevious(context, config, delta) ?? checkHistory(context, config, { delta, present: present.columns })
  if (refused !== undefined) return refused
  const isPrevious = ({ name }: Column) => config.remembers.some(({ previous }) => sameName(previous, name))
  const isOwn = isVersionColumn(config)
  const schema = changeSchema({
    mode: config.onSchemaChange,
    target,
    delta,
    present: present.columns.filter((column) => !isPrevious(column) && !isOwn(column.name)),
    key: config.uniqueKey,
    isProtected: config.protected,
    dialect,
    // A delta of its own is what has the columns.
    span: node.placed.placeOf(node.delta?.way === 'sql' ? 'delta' : 'on_schema_change'),
  })
  if (isSchemaRefusal(schema)) return schema
  const previous = previousColumns(config, schema.targetColumns)
  const staged = staging(context)
  const inTarget = targetNames(named, schema)
  const { key, updatedAt } = inTarget
  const keyColumns = key.flatMap((name) => findColumn(schema.targetColumns, name) ?? [])
  const inside = dropOutside(context, staged, delta)
  if (isRefusal(inside)) return inside
  const changed = { ...schema, targetColumns: [...schema.targetColumns, ...previous] }
  return [
    ...inside,
    ...timeCheck(context, staged, delta),
    ...(hasVersions(config) ? versionChecks(context, staged, updatedAt) : []),
    ...dateCheck(context, config, { relation: staged, partitionBy: named.partitionBy }),
    ...keySteps(keyInput(context, delta, inTarget)),
    ...emptyCheck(context, config, staged),
    ...predicateChecks(context, config, { staged, key: keyColumns }),
    ...schema.steps,
    ...late(context, changed, inTarget),
    ...addPrevious(dialect, target, previous, present.columns.filter(isPrevious)),
    ...addDeletedColumn(context, config, present.columns),
    ...turn(context),
    ...recorded(context, 'run', stagedMarks(context, named.watermarks), applySteps(context, changed, inTarget)),
    ...backfillSteps(context, schema, key),
  ]
}

function keyInput(context: DeltaContext, columns: readonly Column[], { key, updatedAt }: NamedColumns): KeyInput {
  const { node, dialect, config, strategy } = context
  return {
    relation: staging(context),
    columns,
    key,
    updatedAt,
    allowsDuplicates: strategy.allowsDuplicates,
    config,
    dialect,
    span: node.placed.placeOf('unique_key'),
    bucket: keyBucket(context, columns, updatedAt),
    notes: duplicateNotes(context, config),
  }
}

/** From here on a batch is alone: it records the newest value of all, and writes. */
function turn({ dialect, target, isConcurrent }: DeltaContext): readonly Step[] {
  return isConcurrent === true && dialect.takeTurn !== undefined ? steps('apply', dialect.takeTurn(target)) : []
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

/** Late rows are told before anything changes the target's rows. */
function late(context: DeltaContext, schema: SchemaOutcome, named: NamedColumns): readonly Step[] {
  const change = changeOf(context, named, schema.deltaColumns)
  if (context.strategy.hasWindows || lateIn(context, schema, change) !== undefined) return []
  const key =
    change.kind === 'upsert'
      ? change.key
      : change.kind === 'insert' && change.existing.by === 'key'
        ? change.existing.key
        : []
  const isUpdated = ({ name }: Column) =>
    change.kind !== 'upsert' || change.updates === undefined || change.updates.includes(name)
  const isAdded = ({ name }: Column) => schema.added.some((column) => column.name === name)
  const isKeyOnly = change.kind === 'insert' && key.length > 0
  const compared = schema.deltaColumns.filter(
    (column) => !key.includes(column.name) && isUpdated(column) && !isAdded(column),
  )
  return lateSteps(context, {
    staged: staging(context),
    key: key.flatMap((name) => findColumn(schema.targetColumns, name) ?? []),
    // A row whose key is there is not added again, whatever else it has.
    compared: isKeyOnly ? [] : compared,
    wins: change.kind === 'upsert' ? change.wins : { by: 'delta' },
    flagged: change.kind === 'upsert' ? change.deletes.flagged : undefined,
    columns: schema.targetColumns,
    rows: schema.deltaColumns,
  })
}

/** A row that differs in a column that is new is not late for that. */
function lateIn(context: DeltaContext, schema: SchemaOutcome, change: Change) {
  return schema.added.length > 0 ? undefined : lateInChange(context, change, schema.targetColumns)
}

function changeOf(context: DeltaContext, named: NamedColumns, delta: readonly Column[]): Change {
  const { strategy, config, range, window, node, dialect } = context
  const columns = delta.map(({ name }) => name)
  const isFiltered = node.delta?.way !== 'whole'
  const now = startOfRun(context, delta)
  return strategy.change({ ...named, config, rules: dialect, isFiltered, range, window, columns, now })
}

function applySteps(context: DeltaContext, schema: SchemaOutcome, named: NamedColumns): readonly Step[] {
  const { dialect, target, present } = context
  const change = changeOf(context, named, schema.deltaColumns)
  const input = {
    target,
    staging: staging(context),
    deltaColumns: schema.deltaColumns,
    targetColumns: schema.targetColumns,
    addedColumns: schema.added,
    uniqueKeys: present.uniqueKeys,
    scratch: scratch(context),
    late: lateIn(context, schema, change),
  }
  if (change.kind === 'insert') return steps('apply', ...dialect.apply.insert(input, change))
  if (change.kind === 'upsert') return steps('apply', ...dialect.apply.upsert(input, change))
  if (change.kind === 'replace_window') return replaceWindow(context, input, change)
  if (change.kind === 'version') {
    const { keepLast } = context.flags
    const pruned = keepLast === undefined ? [] : dialect.pruneVersions(input, change, keepLast)
    const isNew = schema.steps.length > 0
    return [
      ...steps('apply', ...dialect.apply.version(input, change), ...pruned),
      ...viewSteps(context, input, change, isNew),
    ]
  }
  return steps('apply', ...dialect.apply.replace_keys(input, change))
}

/** A window without rows, which most new ones are, is filled; only one with rows has to be compared. */
function replaceWindow(
  { dialect, target }: DeltaContext,
  input: ApplyInput,
  change: Extract<Change, { kind: 'replace_window' }>,
): readonly Step[] {
  const fill = dialect.apply.insert(input, { kind: 'insert', existing: { by: 'nothing' } })
  return [
    {
      kind: 'choose',
      sql: dialect.rowChecks.anyInWindow(target, change.window),
      note: 'see whether the window has rows',
      usual: 'false',
      cases: { true: steps('apply', ...dialect.apply.replace_window(input, change)), false: steps('apply', ...fill) },
    },
  ]
}

function stagedMarks(context: DeltaContext, columns: readonly Column[]): readonly WatermarkRecord[] {
  // Another stretch of this run may have brought newer rows than this one.
  const relations = context.stretch === undefined ? [staging(context)] : [staging(context), context.target]
  return columns.map((column): WatermarkRecord => {
    const { value } = currentWatermark(context.node, context.target, column.name, context.state)
    const current = value === undefined ? {} : { current: value }
    return { column: column.name, value: { kind: 'maximum', of: relations, type: column.type, ...current } }
  })
}

/** `--backfill-columns`: new columns of the rows that were there, from the full SELECT. */
function backfillSteps(context: DeltaContext, schema: SchemaOutcome, key: readonly string[]): readonly Step[] {
  const { flags, dialect, compiled, target, config } = context
  const hasRow = config.uniqueKey.length > 0 && !hasVersions(config)
  if (!flags.backfillColumns || schema.added.length === 0 || !hasRow) return []
  const full = scratch(context)('full')
  const select = fillHoles(wrappable(compiled.full ?? [], dialect), () => 'null')
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
