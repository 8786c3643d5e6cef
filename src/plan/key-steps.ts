import type { Column, Dialect } from '../adapters/index.js'
import type { IncrementalConfig } from '../config/index.js'
import type { Relation, SourceSpan } from '../core/index.js'
import type { Step } from './types.js'

export interface KeyInput {
  readonly relation: Relation
  readonly columns: readonly Column[]
  readonly key: readonly string[]
  readonly updatedAt: string | undefined
  /** Whether a key may stand in several rows (delete+insert replaces sets of rows). */
  readonly allowsDuplicates: boolean
  readonly config: IncrementalConfig
  /** An expression that has to agree as well for two rows to have one key. */
  readonly bucket?: string | undefined
  readonly dialect: Dialect
  /** The place of `unique_key`. */
  readonly span: SourceSpan
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
  if (!refuseNulls && input.allowsDuplicates) return drop
  const check = dialect.keyCheck({
    relation,
    key,
    refuseNulls,
    refuseDuplicates: !input.allowsDuplicates,
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
        unique: [],
        null_keys: [
          { kind: 'expect', sql: check.nullKeyRows, note: 'show rows without a key', otherwise: nullKeys(input) },
        ],
        duplicates: input.allowsDuplicates ? [] : duplicateSteps(input, check.duplicateRows),
      },
    },
  ]
}

function duplicateSteps(input: KeyInput, duplicateRows: Extract<Step, { kind: 'expect' }>['sql']): readonly Step[] {
  const { relation, key, updatedAt, dialect, columns, config, bucket } = input
  const collapse: Step = { kind: 'statement', purpose: 'check', ...dialect.collapse(relation, columns) }
  if (config.onDuplicateKeys === 'any') {
    return [
      collapse,
      {
        kind: 'statement',
        purpose: 'check',
        ...dialect.keepOne(relation, { key, newestBy: undefined, columns, bucket }),
      },
    ]
  }
  if (config.onDuplicateKeys === 'error' || updatedAt === undefined) {
    return [collapse, { kind: 'expect', sql: duplicateRows, note: 'show duplicate keys', otherwise: duplicates(input) }]
  }
  return [
    collapse,
    {
      kind: 'expect',
      sql: dialect.ties(relation, key, updatedAt, bucket),
      note: 'show keys without a newest row',
      otherwise: tied(input, updatedAt),
    },
    {
      kind: 'statement',
      purpose: 'check',
      ...dialect.keepOne(relation, { key, newestBy: updatedAt, columns, bucket }),
    },
  ]
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
