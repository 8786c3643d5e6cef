import type { TextRow } from '../adapters/index.js'

export const runHeader = ['started at', 'model', 'status', 'inserted', 'updated', 'deleted', 'late', 'time', 'rows']

const widest = 24

/** What runs did, newest first, each with a bar of the rows that it changed. */
export function runCells(rows: readonly TextRow[]): readonly (readonly string[])[] {
  const most = Math.max(1, ...rows.map(changedRows))
  return rows.map((row) => {
    const [startedAt, model, , status, milliseconds, inserted, updated, deleted, , late] = row
    const bar = '▇'.repeat(Math.ceil((changedRows(row) / most) * widest))
    const counts = [inserted, updated, deleted, late].map((count) => count ?? '')
    const time = `${(Number(milliseconds) / 1000).toFixed(2)}s`
    return [shortTime(startedAt), model ?? '', status ?? '', ...counts, time, bar]
  })
}

/** One run of one model as JSON. */
export function runJson([startedAt, model, relation, status, milliseconds, ...rest]: TextRow) {
  const [inserted, updated, deleted, unchanged, late, duplicates] = rest.map((cell) =>
    cell == null ? null : Number(cell),
  )
  const counts = { inserted, updated, deleted, unchanged, late, duplicates }
  return {
    model,
    relation,
    run_id: rest[6],
    status,
    started_at: startedAt,
    milliseconds: Number(milliseconds),
    ...counts,
  }
}

function changedRows([, , , , , inserted, updated, deleted]: TextRow): number {
  return Number(inserted ?? 0) + Number(updated ?? 0) + Number(deleted ?? 0)
}

function shortTime(time: string | null | undefined): string {
  return (time ?? '').replace(/^([\d-]+)T([\d:]+).*$/, '$1 $2')
}
