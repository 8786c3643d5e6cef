import { sameName } from './names.js'
import type { ApplyInput, Change, Column } from './types.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

/** A column of a row that is there which the delta's value does not simply replace. */
export interface KeptColumn extends Column {
  /** Whether the delta has it, too: then new rows take it from there. */
  readonly inDelta: boolean
  /** The column that it remembers the value of before its last change; undefined: it stays as it is. */
  readonly remembers?: string
}

/** Columns of the delta that an upsert puts into a row that is there. */
export function updatedColumns({ deltaColumns }: ApplyInput, { key, updates }: Upsert): readonly Column[] {
  return deltaColumns.filter(
    ({ name }) => !has(key, name) && (updates === undefined || updates.some((updated) => sameName(updated, name))),
  )
}

/** Those of them that tell whether the row differs. */
export function comparedColumns(input: ApplyInput, change: Upsert): readonly Column[] {
  const { differsIn } = change
  const updated = updatedColumns(input, change)
  return differsIn === undefined ? updated : updated.filter(({ name }) => has(differsIn, name))
}

/** The match of keys, limited to the rows that the change is limited to. */
export function matching(keys: string, { within }: Pick<Upsert, 'within'>): string {
  return within === undefined ? keys : `${keys} and (${within})`
}

/** The others: not in the delta, left out of the update, or remembering another one. */
export function keptColumns(input: ApplyInput, change: Upsert): readonly KeptColumn[] {
  const updated = updatedColumns(input, change).map(({ name }) => name)
  return input.targetColumns.flatMap((column): KeptColumn[] => {
    if (has(updated, column.name) || has(change.key, column.name)) return []
    const inDelta = input.deltaColumns.some(({ name }) => sameName(name, column.name))
    const previous = change.remembers.find((each) => sameName(each.previous, column.name))
    // A column that is not updated does not change, so there is nothing new to remember.
    const remembers = previous && updated.find((name) => sameName(name, previous.column))
    return [{ ...column, inDelta, ...(remembers === undefined ? {} : { remembers }) }]
  })
}

/** Columns of the target that the delta does not have. */
export function leftColumns({ targetColumns, deltaColumns }: ApplyInput): readonly Column[] {
  return targetColumns.filter((column) => !deltaColumns.some((delta) => sameName(delta.name, column.name)))
}

function has(names: readonly string[], name: string): boolean {
  return names.some((each) => sameName(each, name))
}
