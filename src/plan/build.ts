import type { Column, Statement, WatermarkRecord } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import { fillHoles, holesOf, type Relation, type Sql, text, wrappable } from '../core/index.js'
import { contractOf } from './attach.js'
import { findColumn, isMissing, resolveColumns } from './columns.js'
import { normalizedCondition } from './conditions.js'
import { constrainedTable, heldToContract, underContract } from './contract.js'
import { dateCheck } from './delta-checks.js'
import { publishEvents } from './events/event-steps.js'
import { duplicateNotes, keySteps } from './key-steps.js'
import { aside, type NodeContext, presentOf, staging } from './node-context.js'
import { addPrevious, previousColumns, selectedPrevious } from './previous-columns.js'
import { cleanSteps, publishSteps } from './publish.js'
import { forget, forgotten, recorded } from './record.js'
import { steps } from './steps.js'
import { hasEvents, hasVersions, strategyOf } from './strategies/index.js'
import { isRefusal, type Refusal, type Step } from './types.js'
import { buildHistory, checkHistory, firstInput, keyBucket, startOfRun, versionChecks, viewSteps } from './versions.js'
import { isRefused, type NamedColumns, namedColumns } from './wanted-columns.js'
import { dropOutside, runCode } from './windows/code-batches.js'
import { fillBatch } from './windows/fill-batch.js'
import type { Stretch } from './windows/stretch.js'
import { isFilter, timeCheck, windowFilter } from './windows/window-rows.js'

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
  const replace = dialect.replaceTable?.(presentOf(context, target))
  if (replace === undefined || node.language === 'typescript' || holesOf(select).length > 0) return undefined
  return underContract(context, select, 'whole', (ready) => steps('publish', ...replace(target, ready)))
}

/** First run and full refresh of an incremental model: the same key checks as any delta, then put in place. */
export function rebuildSteps(context: NodeContext): readonly Step[] {
  const then = (columns: readonly Column[]) => checkAndPublish(context, columns)
  const built = filled(context)
  return [...fill(context), { kind: 'by_columns', of: { relation: built }, then }, ...clean(context)]
}

/** The relation that the SELECT fills: what is published, or what a history or the last events are built from. */
function filled(context: NodeContext): Relation {
  return isStaged(context) ? staging(context) : aside(context)
}

function isStaged({ node }: NodeContext): boolean {
  return hasVersions(node.config.incremental) || hasEvents(node.config.incremental)
}

function checkAndPublish(context: NodeContext, columns: readonly Column[]): readonly Step[] | Refusal {
  const { node, dialect } = context
  const config = node.config.incremental
  if (config === undefined) return []
  if (hasEvents(config)) return publishEvents(context, config, columns)
  const named = namedColumns(context, config, columns)
  if (isRefused(named)) return named
  const refused = selectedPrevious(context, config, columns) ?? checkHistory(context, config, { delta: columns })
  if (refused !== undefined) return refused
  const { key, updatedAt, partitionBy } = named
  const built = filled(context)
  const history = hasVersions(config)
  const records = named.watermarks.map(
    (column): WatermarkRecord => ({
      column: column.name,
      value: { kind: 'maximum', of: [built], type: column.type },
    }),
  )
  const allowsDuplicates = strategyOf(config).allowsDuplicates
  const span = node.placed.placeOf('unique_key')
  const flagged = config.deletes?.when
  // Deletions count for the watermark, but are no rows.
  const inside = dropOutside(context, built, columns)
  if (isRefusal(inside)) return inside
  const change = [
    ...(flagged === undefined ? [] : steps('check', dialect.dropRows(built, normalizedCondition(flagged, dialect)))),
    ...publishRows(context, config, named, columns),
  ]
  return [
    ...inside,
    ...dateCheck(context, config, { relation: built, partitionBy }),
    ...timeCheck(context, built, columns),
    ...(history ? versionChecks(context, built, updatedAt) : []),
    ...keySteps({
      relation: built,
      columns,
      key,
      updatedAt,
      allowsDuplicates,
      config,
      dialect,
      span,
      bucket: keyBucket(context, columns, updatedAt),
      notes: duplicateNotes(context, config),
    }),
    ...addPrevious(dialect, built, previousColumns(config, columns), []),
    ...(records.length === 0
      ? recorded(context, 'forget', forgotten(context), change)
      : recorded(context, 'full_refresh', records, change)),
  ]
}

/** Puts the rows in the target's place: those of the SELECT, or the history that they alone tell, with its views. */
function publishRows(
  context: NodeContext,
  config: IncrementalConfig,
  named: NamedColumns,
  columns: readonly Column[],
): readonly Step[] {
  if (!hasVersions(config)) return publish(context)
  const change = strategyOf(config).change({
    ...named,
    config,
    rules: context.dialect,
    isFiltered: false,
    range: undefined,
    window: undefined,
    columns: columns.map(({ name }) => name),
    now: startOfRun(context, columns),
  })
  if (change?.kind !== 'version') throw new Error('a history without versions: this is a bug in fft')
  const input = firstInput(context, staging(context), columns)
  const { unstage } = context.dialect
  return [
    ...buildHistory(context, input, change),
    ...(unstage === undefined ? [] : steps('clean', unstage(input.staging))),
    ...publish(context),
    ...viewSteps(context, input, change, true),
  ]
}

/** Fills the relation beside the target with the full SELECT, or with what the function returns. */
function fill(context: NodeContext): readonly Step[] {
  const { compiled, dialect, node, stretch } = context
  const built = filled(context)
  if (node.language === 'typescript')
    return isStaged(context) ? [runCode(context, built, 'staging')] : fillByCode(context, built)
  const select = wrappable(compiled.full ?? [], dialect)
  if (holesOf(select).length === 0 && stretch === undefined) return fillWith(context, select)
  // The type of a watermark is known only from the SELECT itself; NULL in its place does not change the columns.
  const probe = fillHoles(stretch === undefined ? select : fillBatch(select, stretch), () => 'null')
  return [{ kind: 'by_columns', of: { select: probe }, then: (columns) => fillByColumns(context, select, columns) }]
}

function fillWith(context: NodeContext, select: Sql): readonly Step[] {
  const { dialect } = context
  const built = filled(context)
  if (isStaged(context)) return steps('stage', dialect.stage(built, select))
  return underContract(context, select, 'whole', (ready, columns) => {
    const table = constrainedTable(context, built, columns)
    if (table === undefined) return steps('stage', dialect.buildAside(built, ready))
    return [...table, ...steps('stage', dialect.insertSelect(built, columns, ready))]
  })
}

/** A function makes its own table; with constraints that a table is made with, its rows are moved into that one. */
function fillByCode(context: NodeContext, built: Relation): readonly Step[] {
  const { dialect, node } = context
  const contract = contractOf(node)
  if (contract === undefined) return [runCode(context, built, 'aside')]
  if (constrainedTable(context, built, contract.columns) === undefined)
    return [runCode(context, built, 'aside'), heldToContract(context, built, 'whole', () => [])]
  const staged = staging(context)
  const move = heldToContract(context, staged, 'whole', (columns) => [
    ...(constrainedTable(context, built, columns) ?? []),
    ...steps(
      'stage',
      withoutCounts(dialect.insertSelect(built, columns, text(`select * from ${dialect.relation(staged)}`))),
    ),
    ...(dialect.unstage === undefined ? [] : steps('clean', dialect.unstage(staged))),
  ])
  return [runCode(context, staged, 'staging'), move]
}

/** The rows were counted when the function gave them. */
function withoutCounts({ counts: _, ...statement }: Statement): Statement {
  return statement
}

function fillByColumns(context: NodeContext, select: Sql, columns: readonly Column[]): readonly Step[] | Refusal {
  const { dialect, stretch } = context
  const wanted = holesOf(select).flatMap((hole) =>
    hole.kind === 'watermark' ? [{ name: hole.column, key: 'watermark()', span: hole.span }] : [],
  )
  const found = resolveColumns(columns, wanted)
  if (isMissing(found)) return found
  const ready = (given: Sql) =>
    fillHoles(given, (hole) => {
      const column = hole.kind === 'watermark' ? findColumn(columns, hole.column) : undefined
      return column === undefined ? 'null' : dialect.minimum(column.type)
    })
  if (stretch === undefined) return fillWith(context, ready(select))
  return fillWindows({ ...context, stretch }, columns, (part) => ready(fillBatch(select, part)))
}

/** All windows at once, or one after the other where the SELECT differs between them. */
function fillWindows(
  context: NodeContext & { readonly stretch: Stretch },
  columns: readonly Column[],
  selectOf: (part: Stretch) => Sql,
): readonly Step[] | Refusal {
  const { dialect, stretch } = context
  const built = aside(context)
  const [first, ...others] = stretch.parts ?? [stretch]
  const rowsOf = (part: Stretch) => {
    const filter = windowFilter(context, part, columns)
    return isFilter(filter) ? dialect.inWindow(selectOf(part), filter) : filter
  }
  const rows = rowsOf(first ?? stretch)
  if (isRefusal(rows)) return rows
  const filled = [...fillWith(context, rows)]
  for (const part of others) {
    const more = rowsOf(part)
    if (isRefusal(more)) return more
    filled.push(
      ...underContract(context, more, 'whole', (ready) => steps('stage', dialect.insertSelect(built, columns, ready))),
    )
  }
  return filled
}

function clean(context: NodeContext): readonly Step[] {
  return cleanSteps({ dialect: context.dialect, aside: aside(context) })
}

function publish(context: NodeContext): readonly Step[] {
  const { dialect, target } = context
  return publishSteps({ dialect, aside: aside(context), target, present: presentOf(context, target) })
}
