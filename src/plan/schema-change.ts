import type { Column, Dialect } from '../adapters/index.js'
import type { SchemaChangeMode } from '../config/index.js'
import type { Relation, SourceSpan } from '../core/index.js'
import { findColumn } from './columns.js'
import type { Refusal, Step } from './types.js'

export interface SchemaInput {
  readonly mode: SchemaChangeMode
  readonly target: Relation
  readonly delta: readonly Column[]
  readonly present: readonly Column[]
  /** Key columns are never dropped. */
  readonly key: readonly string[]
  readonly isProtected: boolean
  readonly dialect: Dialect
  /** The place of `on_schema_change`, or of the model. */
  readonly span: SourceSpan
}

/** What the target looks like after the change, and which columns of the delta go into it. */
export interface SchemaOutcome {
  readonly steps: readonly Step[]
  /** Spelt as the target spells them. */
  readonly deltaColumns: readonly Column[]
  readonly targetColumns: readonly Column[]
  readonly added: readonly Column[]
}

interface Retyped {
  readonly from: Column
  readonly to: Column
}

/** Compares the delta's columns with the target's by name; order never counts. `incremental.md` §10. */
export function changeSchema(input: SchemaInput): SchemaOutcome | Refusal {
  const { delta, present, dialect, mode } = input
  const added = delta.filter((column) => findColumn(present, column.name) === undefined)
  const removed = present.filter((column) => findColumn(delta, column.name) === undefined)
  const retyped = present.flatMap((from): Retyped[] => {
    const to = findColumn(delta, from.name)
    return to === undefined || dialect.sameType(from.type, to.type) ? [] : [{ from, to }]
  })
  if (mode === 'fail' && added.length + removed.length + retyped.length > 0)
    return refuse(input, added, removed, retyped)
  const lossy = retyped.find(
    ({ from, to }) => !dialect.widens(to.type, from.type) && !dialect.widens(from.type, to.type),
  )
  if (lossy !== undefined) return refuseRetype(input, lossy)
  return accept(input, { added, removed, retyped })
}

function accept(
  input: SchemaInput,
  change: { added: readonly Column[]; removed: readonly Column[]; retyped: readonly Retyped[] },
): SchemaOutcome | Refusal {
  const { mode, target, present, delta, dialect } = input
  const dropped = mode === 'sync_all_columns' ? change.removed : []
  const key = dropped.find((column) => input.key.some((name) => name.toLowerCase() === column.name.toLowerCase()))
  if (key !== undefined) return refuseDrop(input, key, keyColumn)
  if (dropped[0] !== undefined && input.isProtected) return refuseDrop(input, dropped[0], protectedModel)
  const added = mode === 'ignore' ? [] : change.added
  const widened = change.retyped.filter(({ from, to }) => !dialect.widens(to.type, from.type))
  const targetColumns = [...present, ...added]
    .filter((column) => !dropped.includes(column))
    .map((column) => {
      const wider = widened.find(({ from }) => from === column)
      return wider === undefined ? column : { name: column.name, type: wider.to.type }
    })
  const statements = [
    ...added.map((column) => dialect.addColumn(target, column)),
    ...widened.map(({ from, to }) => dialect.retypeColumn(target, { name: from.name, type: to.type })),
    ...dropped.map((column) => dialect.dropColumn(target, column.name)),
  ]
  return {
    steps: statements.map((statement) => ({ kind: 'statement', purpose: 'schema', ...statement })),
    deltaColumns: targetColumns.filter((column) => findColumn(delta, column.name) !== undefined),
    targetColumns,
    added,
  }
}

function refuse(
  { span, dialect }: SchemaInput,
  added: readonly Column[],
  removed: readonly Column[],
  retyped: readonly Retyped[],
): Refusal {
  const lines = [
    ...added.map((column) => `added: ${column.name} ${column.type}`),
    ...removed.map((column) => `removed: ${column.name} ${column.type}`),
    ...retyped.map(({ from, to }) => `retyped: ${from.name} ${from.type} to ${to.type}`),
  ]
  const lossless = retyped.every(
    ({ from, to }) => dialect.widens(from.type, to.type) || dialect.widens(to.type, from.type),
  )
  return {
    code: 'schema-changed',
    message: `the columns of the delta are not those of the table\n  ${lines.join('\n  ')}`,
    hint: lossless
      ? `${acceptance(removed)}, or rebuild with --full-refresh`
      : 'the types do not fit without loss: rebuild with --full-refresh',
    span,
  }
}

/** The line that accepts the change; for columns that left, what becomes of them. */
function acceptance(removed: readonly Column[]): string {
  if (removed.length === 0) return "accept it with on_schema_change='append_new_columns'"
  const names = removed.map((column) => column.name).join(', ')
  return `select ${names} again, or accept it: on_schema_change='append_new_columns' keeps ${names} (NULL in new rows), 'sync_all_columns' drops it`
}

function refuseRetype({ span }: SchemaInput, { from, to }: Retyped): Refusal {
  return {
    code: 'schema-retyped',
    message: `column '${from.name}' is ${from.type} in the table and ${to.type} in the delta: values could be lost`,
    hint: 'cast it in the SELECT, or rebuild with --full-refresh',
    span,
  }
}

const keyColumn = {
  why: 'it is part of the unique_key',
  hint: 'select it again, or rebuild with --full-refresh',
}

// A protected model refuses --full-refresh as well.
const protectedModel = {
  why: 'the model is protected',
  hint: 'select it again, or take `protected` off first',
}

function refuseDrop({ span }: SchemaInput, column: Column, { why, hint }: typeof keyColumn): Refusal {
  return {
    code: 'schema-drop-refused',
    message: `column '${column.name}' left the SELECT and is not dropped: ${why}`,
    hint,
    span,
  }
}

export function isSchemaRefusal(outcome: SchemaOutcome | Refusal): outcome is Refusal {
  return 'code' in outcome
}
