import type { ApplyInput, Change, Column } from '../adapters/index.js'
import type { HistoryNames, IncrementalConfig } from '../config/index.js'
import { parseInstant, type Relation, sameName } from '../core/index.js'
import { findColumn } from './columns.js'
import { aside, type NodeContext, presentOf, scratch } from './node-context.js'
import { steps } from './steps.js'
import { hasVersions } from './strategies/index.js'
import type { Refusal, Step } from './types.js'
import { windowBucket } from './windows/window-rows.js'

/** Whether a column is one that fft keeps beside the SELECT's to say when a version was valid. */
export function isVersionColumn(config: IncrementalConfig): (name: string) => boolean {
  const own = hasVersions(config) ? Object.values(config.versions?.names ?? {}) : []
  return (name) => own.some((each) => sameName(each, name))
}

/** A SELECT with such a column would say itself what the history says; a table without them is none. */
export function checkHistory(
  context: NodeContext,
  config: IncrementalConfig,
  columns: { readonly delta: readonly Column[]; readonly present?: readonly Column[] },
): Refusal | undefined {
  const { node } = context
  const names = config.versions?.names
  if (names === undefined || !hasVersions(config)) return undefined
  if (config.versions?.deletions !== 'ignore' && startOfRun(context, columns.delta) === noTime) {
    return {
      code: 'deletions-need-time',
      message: `'hard_deletes' ends versions at the start of the run, which is no value of '${config.updatedAt}'`,
      hint: "let updated_at be a date or timestamp, or set hard_deletes='ignore'",
      span: node.placed.placeOf('hard_deletes'),
    }
  }
  const selected = columns.delta.find(({ name }) => isVersionColumn(config)(name))
  if (selected !== undefined) {
    return {
      code: 'history-column-selected',
      message: `'${selected.name}' is a column of the history, and the SELECT has a column of that name`,
      hint: 'leave it out of the SELECT, or choose other names with history_names',
      span: node.placed.placeOf('history_names'),
    }
  }
  const { present } = columns
  const missing = present && neededNames(names).find((name) => findColumn(present, name) === undefined)
  if (missing === undefined) return undefined
  return {
    code: 'no-history',
    message: `the table that is there is no history: it has no column '${missing}'`,
    hint: "rename it or drop it, and the next run begins a history; or say its columns' names with history_names",
    span: node.placed.placeOf('strategy'),
  }
}

function neededNames({ validFrom, validTo, isCurrent, updatedAt, scdId }: HistoryNames): readonly string[] {
  return [validFrom, validTo, isCurrent, updatedAt, scdId].filter((name) => name !== undefined)
}

/** What stands for the start of the run where `updated_at` is no time. */
const noTime = 'null'

/** The start of the run in the type that `valid_from` has; `null` where that is no time. */
export function startOfRun({ dialect, now, node }: NodeContext, columns: readonly Column[]): string {
  const { updatedAt } = node.config.incremental ?? {}
  const type = (updatedAt === undefined ? undefined : findColumn(columns, updatedAt)?.type) ?? 'timestamp'
  return dialect.instant(parseInstant(now) ?? 0, dialect.sameType(type, 'date') ? 'timestamp' : type) ?? noTime
}

/** Each version has its instant; two rows of a key at one instant are one too many. */
export function versionChecks(
  { dialect, node }: NodeContext,
  rows: Relation,
  updatedAt: string | undefined,
): readonly Step[] {
  if (updatedAt === undefined) return []
  return [
    {
      kind: 'expect',
      sql: dialect.rowChecks.failing(rows, `delta.${dialect.quote(updatedAt)} is not null`),
      note: `see that no row lacks ${updatedAt}`,
      otherwise: {
        code: 'null-updated-at',
        message: `rows without updated_at: ${updatedAt} is NULL, so nothing says since when they are valid`,
        hint: 'filter them out, or give them a time; without updated_at, check_cols tells changes at the start of the run',
        span: node.placed.placeOf('updated_at'),
      },
    },
  ]
}

/** What else has to agree for two rows to be one too many of a key: the window, or the instant of a version. */
export function keyBucket(
  context: NodeContext,
  columns: readonly Column[],
  updatedAt: string | undefined,
): string | undefined {
  if (!hasVersions(context.node.config.incremental)) return windowBucket(context, columns)
  return updatedAt === undefined ? undefined : context.dialect.quote(updatedAt)
}

/** A column that a history gets when deletions are to be told by rows. */
export function addDeletedColumn(
  { dialect, target }: NodeContext,
  { versions }: IncrementalConfig,
  present: readonly Column[],
): readonly Step[] {
  const name = versions?.deletions === 'new_record' ? versions.names.isDeleted : undefined
  if (name === undefined || findColumn(present, name) !== undefined) return []
  return steps('schema', dialect.addColumn(target, { name, type: 'boolean' }))
}

/** The views beside a history: made with it, and anew when it has other columns. */
export function viewSteps(
  context: NodeContext,
  input: ApplyInput,
  change: Extract<Change, { kind: 'version' }>,
  isNew: boolean,
): readonly Step[] {
  const { dialect, node, target } = context
  if (node.config.incremental?.versions?.views !== true) return []
  const selects = dialect.versionViews(input, change)
  return (['current', 'history'] as const).flatMap((name) => {
    const view = { ...target, identifier: `${target.identifier}__${name}` }
    const present = presentOf(context, view)
    const isDue = isNew || present === undefined
    return isDue ? steps('publish', ...dialect.createView(view, selects[name], present)) : []
  })
}

/** Builds the history that the staged rows alone tell, beside the target. */
export function buildHistory(
  context: NodeContext,
  input: ApplyInput,
  change: Extract<Change, { kind: 'version' }>,
): readonly Step[] {
  const { dialect } = context
  const build = dialect.buildAside(aside(context), dialect.firstVersions(input, change))
  return steps('stage', { ...build, counts: 'written' })
}

/** What a history is built from at first: the rows of the SELECT and nothing that is there. */
export function firstInput(context: NodeContext, staging: Relation, columns: readonly Column[]): ApplyInput {
  return {
    target: context.target,
    staging,
    deltaColumns: columns,
    targetColumns: columns,
    addedColumns: [],
    uniqueKeys: [],
    scratch: scratch(context),
  }
}
