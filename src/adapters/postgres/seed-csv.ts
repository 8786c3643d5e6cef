import { FftError, type Relation } from '../../core/index.js'
import { cancelledError } from '../error-place.js'
import { list, names, quoteText, relation as relationText } from '../names.js'
import { CsvScan } from '../seeds/csv-scan.js'
import { atLine, chunksOf, delimiterOf, givenTypes, malformed } from '../seeds/seed-file.js'
import type { Column, SeedRequest } from '../types.js'
import { CopyIn, headerBytes } from './copy-in.js'
import { serverError } from './errors.js'
import { createSeedTable, finishSeed, type LoadedSeed, type SeedContext } from './seed-table.js'
import { seedType } from './seed-types.js'

/**
 * Sends a CSV file to the server as it is, and checks every record on the way: the server's own reader knows neither
 * our types nor the place of a fault. Types come from the start of the file; when the rest tells others, it is sent again.
 * Undefined for a file that the server would read in another way than we do.
 */
export async function seedCsv(
  context: SeedContext,
  request: SeedRequest,
  into: Relation,
): Promise<LoadedSeed | undefined> {
  const job: Job = { context, request, into, delimiter: delimiterOf(request) }
  const start = await scanFile(job, startBytes)
  if (start.columns === undefined || !start.isStrict) return undefined
  const assumed = typesOf(job, start)
  const sent = await sendWith(job, assumed)
  if (sent === 'odd') return undefined
  if (sent !== 'types') return sent
  const whole = await scanFile(job)
  if (!whole.isStrict) return undefined
  const again = await sendWith(job, typesOf(job, whole))
  return typeof again === 'string' ? undefined : again
}

interface Job {
  readonly context: SeedContext
  readonly request: SeedRequest
  readonly into: Relation
  readonly delimiter: string
}

/** As many bytes as are looked at before the server gets any: some 10 ms of work. */
const startBytes = 1 << 18

function scanFile(job: Job, mostBytes = Number.POSITIVE_INFINITY): Promise<CsvScan> {
  const scan = new CsvScan(job.delimiter.charCodeAt(0))
  return atLine(job.request, async () => {
    let bytes = 0
    for await (const chunk of chunksOf(job.request, Math.min(mostBytes, 1 << 20))) {
      if (job.context.signal.aborted) throw cancelledError()
      // A header that does not end here is looked at together with the whole file.
      if (bytes >= mostBytes && scan.columns !== undefined) return scan
      scan.push(chunk)
      bytes += chunk.length
    }
    scan.finish()
    return scan
  })
}

function typesOf({ request }: Job, { columns }: CsvScan): readonly Column[] {
  if (columns === undefined) return []
  const found = columns.types()
  return givenTypes(request, columns.names).map((given, index) => ({
    name: columns.names[index] ?? '',
    type: given ?? seedType(found[index] ?? 'VARCHAR'),
  }))
}

const savepoint = 'fft_seed'

/** `types`: the file has others; `odd`: the server would read it differently. Nothing is left of either. */
async function sendWith(job: Job, columns: readonly Column[]): Promise<LoadedSeed | 'types' | 'odd'> {
  const { context, request, into } = job
  const { session } = context
  await session.run(`savepoint ${savepoint}`)
  await createSeedTable(context, request, into, columns)
  const scan = new CsvScan(job.delimiter.charCodeAt(0))
  const end = await send(job, columns, scan)
  if (end === 'sent' && sameTypes(columns, typesOf(job, scan))) {
    await session.run(`release savepoint ${savepoint}`)
    return finishSeed(context, request, into, { rows: scan.rows, columns })
  }
  await session.run(`rollback to savepoint ${savepoint}`)
  return end === 'odd' ? 'odd' : 'types'
}

function sameTypes(a: readonly Column[], b: readonly Column[]): boolean {
  return a.every(({ type }, index) => type === b[index]?.type)
}

async function send(job: Job, columns: readonly Column[], scan: CsvScan): Promise<'sent' | 'odd' | 'types'> {
  const { context, into, request, delimiter } = job
  const options = `format csv, header true, delimiter ${quoteText(delimiter)}, encoding 'UTF8'`
  const copy = new CopyIn(`copy ${relationText(into)} (${list(names(columns))}) from stdin with (${options})`)
  context.session.client.query(copy)
  await copy.ready
  try {
    const isOdd = await atLine(request, () => stream(job, copy, scan))
    if (isOdd) {
      await copy.abort()
      return 'odd'
    }
    const rows = await copy.finish()
    if (rows === scan.rows) return 'sent'
    throw new Error(`the server read ${rows} of ${scan.rows} rows: this is a bug in fft`)
  } catch (error) {
    await copy.abort()
    if (error instanceof FftError) throw error
    return refused(job, columns, error)
  }
}

/** Sends the file while it is read; true when it turns out to be one that the server would read differently. */
async function stream({ context, request }: Job, copy: CopyIn, scan: CsvScan): Promise<boolean> {
  let isFirst = true
  for await (const chunk of chunksOf(request, 1 << 18, headerBytes)) {
    if (context.signal.aborted) throw cancelledError()
    const skipped = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0
    isFirst = false
    // Before version 18 such a line ends the rows, quoted or not.
    if (Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes('\\.')) return true
    const bytes = messageOf(chunk, skipped)
    const sending = copy.send(bytes)
    scan.push(chunk.subarray(skipped))
    await sending
    if (!scan.isStrict) return true
  }
  scan.finish()
  return !scan.isStrict
}

/** The chunk with the room for a message's head in front of it; a byte order mark is overwritten. */
function messageOf(chunk: Uint8Array, skipped: number): Buffer {
  const room = headerBytes - skipped
  return Buffer.from(chunk.buffer, chunk.byteOffset - room, chunk.length + room)
}

/** A value that the server does not take: of a given type it is a fault, of a type from the file's start a mistake. */
function refused({ request }: Job, columns: readonly Column[], error: unknown): 'types' {
  const { code, where, message } = serverError(error)
  const [, line, name, value] = /^COPY [\s\S]*, line (\d+), column ([\s\S]+?): "([\s\S]*)"$/.exec(where) ?? []
  const isGiven = Object.keys(request.columnTypes).some((given) => given.toLowerCase() === name?.toLowerCase())
  if (name !== undefined && !isGiven) return 'types'
  const type = columns.find((column) => column.name === name)?.type ?? ''
  if (name !== undefined && /^22/.test(code)) {
    throw malformed(request, {
      line: Number(line),
      message: `${quoteText(shortened(value ?? ''))} in the column '${name}' is no ${type}`,
      hint: 'correct the value, or the type in column_types',
      cause: error,
    })
  }
  const at = /, line (\d+)/.exec(where)?.[1]
  if (at === undefined) throw error
  throw malformed(request, { line: Number(at), message, cause: error })
}

const longestShown = 80

function shortened(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
