import { relationName, type Sql, text } from '../core/index.js'
import { quoteText } from './names.js'
import type { Statement, StateRecord } from './types.js'

/** Appends the windows of a record as one version. */
export function recordIntervals(
  table: string,
  { target, model, runId, action, recordedAt, intervals }: StateRecord,
): readonly Statement[] {
  if (intervals.length === 0) return []
  const name = quoteText(relationName(target))
  const rows = intervals.map(({ from, to, status }) => `(${[from, to, status].map(quoteText).join(', ')})`)
  const after = [runId, action, recordedAt].map(quoteText).join(', ')
  const sql = `insert into ${table} (relation, version, model, starts_at, ends_at, status, run_id, action, recorded_at)
select ${name}, (select coalesce(max(version), 0) + 1 from ${table} where relation = ${name}), ${quoteText(model)}, starts_at, ends_at, status, ${after}
from (values ${rows.join(', ')}) as given (starts_at, ends_at, status)`
  return [{ sql: text(sql), note: 'record the windows' }]
}

/** Recorded windows in the order of their recording; what clears comes first in its version. */
export function recordedIntervals(table: string): Sql {
  const order = "relation, version, case status when 'clear' then 0 else 1 end, starts_at"
  return text(`select relation, starts_at, ends_at, status from ${table} order by ${order}`)
}
