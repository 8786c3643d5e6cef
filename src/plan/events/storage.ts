import type { Column, StoredEvents } from '../../adapters/index.js'
import type { IncrementalConfig } from '../../config/index.js'
import { type Relation, sameName } from '../../core/index.js'
import type { ModelNode } from '../../parse/index.js'
import { hasEvents } from '../strategies/index.js'

/** The table that fft writes for a model: of change events it is beside the view that has the model's name. */
export function storageOf({ config }: Pick<ModelNode, 'config'>, relation: Relation): Relation {
  return hasEvents(config.incremental) ? { ...relation, identifier: `${relation.identifier}__cdc` } : relation
}

/** How the columns of the storage are called that say which event a row comes from. */
export function storedEvents({ sequence }: { readonly sequence: readonly unknown[] }): StoredEvents {
  return { sequence: sequenceNames(sequence.length), op: '_fft_op', deleted: '_fft_deleted' }
}

/** How the columns of a sequence of so many parts are called. */
export function sequenceNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? '_fft_seq' : `_fft_seq_${index + 1}`))
}

/** Whether a column is one of those. */
export function isStoredName({ sequence, op, deleted }: StoredEvents): (name: string) => boolean {
  return (name) => [...sequence, op, deleted].some((each) => sameName(each, name))
}

/** The columns that a watermark can be of: of change events the sequence as they call it, too. */
export function markableColumns({ config }: Pick<ModelNode, 'config'>, present: readonly Column[]): readonly Column[] {
  const { cdc } = config.incremental ?? {}
  if (cdc === undefined) return present
  const names = sequenceNames(cdc.sequence.length)
  const sequence = cdc.sequence.flatMap((name, index): Column[] => {
    const stored = present.find((column) => column.name === names[index])
    return stored === undefined ? [] : [{ name, type: stored.type }]
  })
  return [...present, ...sequence]
}

/** Whether the storage may hold events that all rows are gone; where keys may be NULL, nothing tells these from rows. */
export function storageTruncates({ cdc, onNullKeys }: IncrementalConfig): boolean {
  return cdc?.format === 'debezium' && onNullKeys !== 'match'
}
