import type { Column, Dialect, KeepOne, RowNote } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import { type Relation, relationName, type SourceSpan } from '../core/index.js'
import type { NodeContext } from './node-context.js'
import { steps } from './steps.js'
import type { Step } from './types.js'

export interface KeyInput {
  readonly relation: Relation
  readonly columns: readonly Column[]
  readonly key: readonly string[]
  readonly updatedAt: string | undefined
  /** Whether a key may stand in several rows (delete+insert replaces sets of rows). */
  readonly allowsDuplicates: boolean
  /** What follows when each key stands in one row, and when some stand in several, which then is no fault. */
  readonly then?: { readonly unique: readonly Step[]; readonly duplicates: readonly Step[] }
  readonly config: IncrementalConfig
  /** An expression that has to agree as well for two rows to have one key. */
  readonly bucket?: string | undefined
  readonly dialect: Dialect
  /** Where rows that are too many are written down; undefined: nowhere. */
  readonly notes: DuplicateNotes | undefined
  /** The place of `unique_key`. */
  readonly span: SourceSpan
}

/** Where and as what duplicate rows are written down. */
export interface DuplicateNotes {
  readonly into: Relation
  readonly note: Omit<RowNote, 'reason'>
}

/** Where a node's duplicate rows are written down: `duplicate_rows='quarantine'`. */
export function duplicateNotes(context: NodeContext, config: IncrementalConfig): DuplicateNotes | undefined {
  const { stateSchema, target, node, runId, now } = context
  if (config.duplicateRows === 'drop') return undefined
  return {
    into: { ...stateSchema, identifier: 'duplicate_rows' },
    note: { relation: relationName(target), model: node.name, runId, notedAt: now },
  }
}

/** The key checks of staged rows: `incremental.md` §5. */
export function keySteps(input: KeyInput): readonly Step[] {
  const { relation, key, config, dialect } = input
  if (key.length === 0) return []
  const dropsNulls = config.onNullKeys === 'drop'
  const drop: readonly Step[] = dropsNulls
    ? [{ kind: 'statement', purpose: 'check', ...dialect.dropNullKeys(relation, key) }]
    : []
  const refuseNulls = config.onNullKeys === 'error'
  if (!refuseNulls && input.allowsDuplicates && input.then === undefined) return drop
  const check = dialect.keyCheck({
    relation,
    key,
    refuseNulls,
    refuseDuplicates: !input.allowsDuplicates || input.then !== undefined,
    bucket: input.bucket,
  })
  return [
    ...drop,
    {
      kind: 'choose',
      sql: check.verdict,
      note: `check the key ${key.join(', ')}`,
      usual: 'unique',
      cases: {
        unique: input.then?.unique ?? [],
        null_keys: [
          { kind: 'expect', sql: check.nullKeyRows, note: 'show rows without a key', otherwise: nullKeys(input) },
        ],
        duplicates:
          input.then?.duplicates ?? (input.allowsDuplicates ? [] : duplicateSteps(input, check.duplicateRows)),
      },
    },
  ]
}

function duplicateSteps(input: KeyInput, duplicateRows: Extract<Step, { kind: 'expect' }>['sql']): readonly Step[] {
  const { relation, key, updatedAt, dialect, columns, config, bucket } = input
  const collapse = [...noted(input, 'equal to another row'), ...steps('check', dialect.collapse(relation, columns))]
  const keep = (newestBy: string | undefined, reason: string): readonly Step[] => {
    const rows = { key, newestBy, columns, bucket }
    return [...noted(input, reason, rows), ...steps('check', dialect.keepOne(relation, rows))]
  }
  if (config.onDuplicateKeys === 'any') return [...collapse, ...keep(undefined, 'another row of the key was kept')]
  if (config.onDuplicateKeys === 'error' || updatedAt === undefined) {
    const expect: Step = {
      kind: 'expect',
      sql: duplicateRows,
      note: 'show duplicate keys',
      otherwise: duplicates(input),
    }
    return [...collapse, expect]
  }
  return [
    ...collapse,
    {
      kind: 'expect',
      sql: dialect.ties(relation, key, updatedAt, bucket),
      note: 'show keys without a newest row',
      otherwise: tied(input, updatedAt),
    },
    ...keep(updatedAt, `a row of the key has a newer ${updatedAt}`),
  ]
}

/** Writes the rows down that go next. */
function noted({ relation, columns, key, notes, dialect }: KeyInput, reason: string, keep?: KeepOne): readonly Step[] {
  if (notes === undefined) return []
  const rows = { relation, columns, key, ...(keep === undefined ? {} : { keep }) }
  return steps('record', dialect.noteDuplicates(rows, notes.into, { ...notes.note, reason }))
}

function nullKeys({ key, span }: KeyInput) {
  return {
    code: 'null-key',
    message: `rows without a key: ${key.join(', ')} is NULL`,
    hint: "filter them out, or set on_null_keys to 'match' or 'drop'",
    span,
  }
}

function duplicates({ key, span, updatedAt }: KeyInput) {
  return {
    code: 'duplicate-key',
    message: `several different rows for one key: ${key.join(', ')}`,
    hint:
      updatedAt === undefined
        ? "make the SELECT unique, or set updated_at so that the newest row wins, or on_duplicate_keys='any'"
        : "make the SELECT unique, or set on_duplicate_keys='latest'",
    span,
  }
}

function tied({ key, span }: KeyInput, updatedAt: string) {
  return {
    code: 'duplicate-key',
    message: `several different rows for one key (${key.join(', ')}) with the same newest ${updatedAt}`,
    hint: "make the SELECT unique, or set on_duplicate_keys='any' to keep some row",
    span,
  }
}
