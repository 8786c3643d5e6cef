import { type Relation, text } from '../core/index.js'
import { quote, relation } from './names.js'
import type { ApplyInput, Statement } from './types.js'

/** Counts late rows among those that are about to be written, as far as the change has to. */
export function countLate({ late }: ApplyInput, written: Relation, where?: string): readonly Statement[] {
  if (late === undefined) return []
  const conditions = [`${quote(late.column)} < ${late.below}`, ...(where === undefined ? [] : [where])].join(' and ')
  const sql = `select count(*) as rows_affected from ${relation(written)} where ${conditions}`
  return [{ sql: text(sql), note: 'count late rows', counts: 'late' }]
}
