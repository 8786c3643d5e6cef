import type { ColumnBatch } from '../types.js'
import { decoderOf } from './decode.js'
import { PortalQuery } from './portal.js'
import type { Session } from './session.js'

/** An open query: batches until undefined. */
export interface RowStream {
  readonly isOpen: boolean
  next(): Promise<ColumnBatch | undefined>
  /** Ends the query early. Never throws. */
  end(): Promise<void>
}

/** Starts a query whose rows are read in batches, as lossless values. */
export async function openStream(session: Session, text: string): Promise<RowStream> {
  const query = new PortalQuery(text)
  session.client.query(query)
  const fields = await query.fields
  const columns = fields.map(({ name }) => name)
  const decoders = fields.map(({ dataTypeID }) => decoderOf(dataTypeID))
  let isOpen = true
  return {
    get isOpen() {
      return isOpen
    },
    async next() {
      const rows = await query.next()
      if (rows.length === 0) return undefined
      const values = decoders.map((decode, index) =>
        rows.map((row) => {
          const cell = row[index]
          return cell === null || cell === undefined ? null : decode === undefined ? cell : decode(cell)
        }),
      )
      return { columns, values }
    },
    async end() {
      isOpen = false
      await query.end()
    },
  }
}
