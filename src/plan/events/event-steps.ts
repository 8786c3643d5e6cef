import type { Column, RelationState, WatermarkRecord } from '../../adapters/index.js'
import type { IncrementalConfig } from '../../config/index.js'
import type { Relation } from '../../core/index.js'
import { findColumn } from '../columns.js'
import { aside, type NodeContext, presentOf, scratch, staging } from '../node-context.js'
import { publishSteps } from '../publish.js'
import { forgotten, recorded } from '../record.js'
import { changeSchema, isSchemaRefusal, type SchemaOutcome } from '../schema-change.js'
import { steps } from '../steps.js'
import { strategyOf } from '../strategies/index.js'
import type { Refusal, Step } from '../types.js'
import { readEvents, unstage } from './packed.js'
import { checkEvents, type StagedEvents } from './staged-events.js'
import { isStoredName, storageTruncates, storedEvents } from './storage.js'

/** First run and full refresh: the last event of each key, built aside and put in place, with the view of live rows. */
export function publishEvents(
  context: NodeContext,
  config: IncrementalConfig,
  columns: readonly Column[],
): readonly Step[] | Refusal {
  return readEvents(context, config, columns, (staged) => publishStaged(context, config, staged))
}

function publishStaged(context: NodeContext, config: IncrementalConfig, staged: StagedEvents): readonly Step[] {
  const { dialect, target } = context
  const { events, named } = staged
  const stored = storedEvents(events)
  const records = named.watermarks.map(
    (column): WatermarkRecord => ({
      column: column.name,
      value: { kind: 'maximum', of: [staging(context)], type: column.type },
    }),
  )
  const swap = { dialect, aside: aside(context), target, present: presentOf(context, target) }
  const change = [
    ...steps('stage', { ...dialect.buildAside(swap.aside, dialect.events.latest(events, stored)), counts: 'written' }),
    ...truncate(context, staged, { into: swap.aside }),
    ...unstage(context, staging(context)),
    ...publishSteps(swap),
    ...liveView(context, staged, events.columns),
  ]
  return [
    ...checkEvents(context, config, staged, {}),
    ...(records.length === 0
      ? recorded(context, 'forget', forgotten(context), change)
      : recorded(context, 'full_refresh', records, change)),
  ]
}

/** Applies the last event of each key where it comes after the one that the storage has. */
export function applyEvents(
  context: NodeContext,
  config: IncrementalConfig,
  columns: readonly Column[],
  marks: (columns: readonly Column[]) => readonly WatermarkRecord[],
): readonly Step[] | Refusal {
  return readEvents(context, config, columns, (staged) => applyStaged(context, config, staged, marks))
}

function applyStaged(
  context: NodeContext,
  config: IncrementalConfig,
  staged: StagedEvents,
  marks: (columns: readonly Column[]) => readonly WatermarkRecord[],
): readonly Step[] | Refusal {
  const { dialect, state, target } = context
  const { events, named } = staged
  const present = state.find(target)
  const refused = noStorage(context, staged, present)
  if (present === undefined || refused !== undefined) return refused ?? []
  const stored = storedEvents(events)
  const schema = storageSchema(context, config, staged, present)
  if (isSchemaRefusal(schema)) return schema
  const compared = events.columns.filter(
    ({ name }) => !named.key.includes(name) && findColumn(present.columns, name) !== undefined,
  )
  const latest = scratch(context)('latest')
  const take = (isUnique: boolean) => {
    const { counts: _, ...stage } = dialect.stage(latest, dialect.events.latest(events, stored, isUnique))
    return steps('stage', { ...stage, note: 'take the last event of each key' })
  }
  const apply = applyLatest(context, config, { staged, present, schema, latest })
  const isOwn = isStoredName(stored)
  const isView = presentOf(context, viewOf(context))?.kind === 'view'
  // A column that a view shows can be neither dropped nor retyped.
  const isInTheWay = isView && schema.steps.length > schema.added.length
  const live = schema.targetColumns.filter(({ name }) => !isOwn(name))
  return [
    ...checkEvents(context, config, staged, {
      stored: { kind: 'contradicting_stored', storage: target, stored, compared },
      then: take,
    }),
    ...(isInTheWay ? steps('schema', dialect.drop(viewOf(context), 'view')) : []),
    ...schema.steps,
    ...truncate(context, staged, { into: target, present: target }),
    ...recorded(context, 'run', marks(named.watermarks), apply),
    ...(isView && schema.steps.length === 0 ? [] : liveView(context, staged, live, isInTheWay)),
    ...unstage(context, latest),
  ]
}

/** What becomes of the storage's columns: those of the rows, and those of the sequence. */
function storageSchema(
  { dialect, node, target }: NodeContext,
  config: IncrementalConfig,
  { events }: StagedEvents,
  present: RelationState,
): SchemaOutcome | Refusal {
  const { sequence, op, deleted } = storedEvents(events)
  return changeSchema({
    mode: config.onSchemaChange,
    target,
    delta: [...events.columns, ...events.sequence.map(({ type }, at) => ({ name: sequence[at] ?? '', type }))],
    present: present.columns.filter(({ name }) => name !== op && name !== deleted),
    key: [...config.uniqueKey, ...sequence],
    isProtected: config.protected,
    dialect,
    span: node.placed.placeOf(node.delta?.way === 'sql' ? 'delta' : 'on_schema_change'),
  })
}

interface LatestEvents {
  readonly staged: StagedEvents
  readonly present: RelationState
  readonly schema: SchemaOutcome
  readonly latest: Relation
}

/** Merges the last events into the storage. */
function applyLatest(
  context: NodeContext,
  config: IncrementalConfig,
  { staged, present, schema, latest }: LatestEvents,
): readonly Step[] {
  const { dialect, target } = context
  const stored = storedEvents(staged.events)
  const own = [
    { name: stored.op, type: findColumn(present.columns, stored.op)?.type ?? 'text' },
    { name: stored.deleted, type: 'boolean' },
  ]
  const input = {
    target,
    staging: latest,
    deltaColumns: [...schema.deltaColumns, ...own],
    targetColumns: [...schema.targetColumns, ...own],
    addedColumns: schema.added,
    uniqueKeys: present.uniqueKeys,
    scratch: scratch(context),
  }
  const change = strategyOf(config).change({
    ...staged.named,
    key: staged.named.key.map((name) => findColumn(schema.targetColumns, name)?.name ?? name),
    config,
    rules: dialect,
    isFiltered: true,
    range: undefined,
    window: undefined,
    columns: input.deltaColumns.map(({ name }) => name),
    now: '',
    laterEvent: { sql: dialect.events.wins(stored), columns: [...stored.sequence, stored.op] },
  })
  if (change.kind !== 'upsert') throw new Error('change events that are not merged: this is a bug in fft')
  return steps('apply', ...dialect.apply.upsert(input, change))
}

/** Keeps the last event that says that all rows are gone: the view leaves out what comes before it. */
function truncate(
  { dialect }: NodeContext,
  { events }: StagedEvents,
  where: { readonly into: Relation; readonly present?: Relation },
): readonly Step[] {
  const { truncations } = events
  if (truncations === undefined) return []
  const stored = storedEvents(events)
  const columns = [...stored.sequence, stored.op, stored.deleted].map((name) => ({ name, type: '' }))
  const select = dialect.events.truncation(truncations, where.present, stored)
  const { counts: _, ...insert } = dialect.insertSelect(where.into, columns, select)
  return steps('apply', { ...insert, note: 'keep the last event that all rows are gone' })
}

/** The view that has the model's name: the rows that are alive, without what says which event they come from. */
function liveView(
  context: NodeContext,
  staged: StagedEvents,
  columns: readonly Column[],
  isGone = false,
): readonly Step[] {
  const { dialect, target, node } = context
  const config = node.config.incremental
  const view = viewOf(context)
  const select = dialect.events.live(
    target,
    columns.map(({ name }) => name),
    storedEvents(staged.events),
    config !== undefined && storageTruncates(config),
  )
  return steps('publish', ...dialect.createView(view, select, isGone ? undefined : presentOf(context, view)))
}

function viewOf({ compiled, target }: NodeContext): Relation {
  return compiled.relation ?? target
}

/** A table without the columns that say which event a row comes from is no storage of events. */
function noStorage(
  { node }: NodeContext,
  { events }: StagedEvents,
  present: RelationState | undefined,
): Refusal | undefined {
  const { sequence, op, deleted } = storedEvents(events)
  const missing = [...sequence, op, deleted].find((name) => findColumn(present?.columns ?? [], name) === undefined)
  if (missing === undefined || present === undefined) return undefined
  return {
    code: 'no-event-storage',
    message: `the table '${present.relation.identifier}' is no storage of events: it has no column '${missing}'`,
    hint: 'rename it or drop it, and the next run begins anew',
    span: node.placed.placeOf('cdc'),
  }
}
