import { type Hole, instantText, type Sql, type SqlPiece } from '../../core/index.js'
import { batchId, type Stretch } from './stretch.js'

/**
 * Puts the times of a stretch in the place of `batch.start`, `batch.end` and `batch.id`: as a literal, or inside the
 * user's own quotes as plain text.
 */
export function fillBatch(sql: Sql, stretch: Stretch): Sql {
  return sql.map((piece, index): SqlPiece => {
    if (!('hole' in piece) || piece.hole.kind !== 'batch') return piece
    const isQuoted = endsWithQuote(sql[index - 1]) && startsWithQuote(sql[index + 1])
    return { text: batchText(piece.hole, stretch, isQuoted) }
  })
}

function batchText(hole: Extract<Hole, { kind: 'batch' }>, stretch: Stretch, isQuoted: boolean): string {
  if (hole.part === 'id') return isQuoted ? batchId(stretch) : `'${batchId(stretch)}'`
  const time = instantText(hole.part === 'start' ? stretch.from : stretch.to)
  return isQuoted ? time : `timestamp '${time}'`
}

function endsWithQuote(piece: SqlPiece | undefined): boolean {
  return piece !== undefined && !('hole' in piece) && piece.text.endsWith("'")
}

function startsWithQuote(piece: SqlPiece | undefined): boolean {
  return piece !== undefined && !('hole' in piece) && piece.text.startsWith("'")
}
