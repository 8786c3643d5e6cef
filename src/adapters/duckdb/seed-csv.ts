import type { Relation } from '../../core/index.js'
import { quote, quoteText, relation as relationText } from '../names.js'
import { CsvScan } from '../seeds/csv-scan.js'
import { atLine, chunksOf, delimiterOf, givenTypes, malformed } from '../seeds/seed-file.js'
import type { SeedRequest } from '../types.js'
import { cancelledError, parseEngineError } from './errors.js'
import { given, inferred, type SeedColumn, unknown } from './seed-column.js'
import { fileList, type SeedContext } from './seed-context.js'

/**
 * Loads a CSV file into a new table; gives its rows. A small file is checked here before the engine reads it. Of a large
 * one only the start is: the engine then reads with the types found there, in strict mode, and checks every value in the
 * same pass; when one does not fit, or a line is malformed, the whole file is checked here for the types or the place.
 */
export async function loadCsv(context: SeedContext, request: SeedRequest, into: Relation): Promise<number> {
  const job: Job = { context, request, into, delimiter: delimiterOf(request) }
  const { scan, isWhole } = await scanStart(job)
  if (isWhole) return loadChecked(job, scan)
  const rows = await loadOptimistically(job, scan)
  return rows ?? loadChecked(job, await scanAll(job))
}

interface Job {
  readonly context: SeedContext
  readonly request: SeedRequest
  readonly into: Relation
  readonly delimiter: string
}

/** As many bytes as are checked before the engine starts: some 10 ms of work. */
const startBytes = 1 << 18

async function scanStart(job: Job): Promise<{ readonly scan: CsvScan; readonly isWhole: boolean }> {
  const scan = newScan(job)
  let bytes = 0
  return atLine(job.request, async () => {
    for await (const chunk of chunksOf(job.request, startBytes)) {
      // A header that does not end here is looked at together with the whole file.
      if (bytes >= startBytes)
        return { scan: scan.columns === undefined ? await finished(job) : scan, isWhole: scan.columns === undefined }
      scan.push(chunk)
      bytes += chunk.length
    }
    scan.finish()
    return { scan, isWhole: true }
  })
}

function newScan({ delimiter }: Job, stopAtRow?: number): CsvScan {
  return new CsvScan(delimiter.charCodeAt(0), stopAtRow)
}

function scanAll(job: Job): Promise<CsvScan> {
  return atLine(job.request, () => finished(job))
}

async function finished(job: Job, stopAtRow?: number): Promise<CsvScan> {
  const scan = newScan(job, stopAtRow)
  for await (const chunk of chunksOf(job.request)) {
    if (job.context.signal.aborted) throw cancelledError()
    scan.push(chunk)
    if (scan.stoppedAtLine !== undefined) return scan
  }
  scan.finish()
  return scan
}

function columnsOf({ request }: Job, { columns }: CsvScan): readonly SeedColumn[] {
  if (columns === undefined) return []
  const types = columns.types()
  return givenTypes(request, columns.names).map((type, index) => {
    const name = columns.names[index] ?? ''
    if (type !== undefined) return given(name, type)
    return columns.valuesIn(index) > 0 ? inferred(name, types[index] ?? 'VARCHAR') : unknown(name)
  })
}

/** The rows; undefined when the start of the file did not tell the types of the rest. */
async function loadOptimistically(job: Job, scan: CsvScan): Promise<number | undefined> {
  const { native, inTransaction } = job.context
  const columns = columnsOf(job, scan)
  if (columns.some((column) => column.fits === undefined)) return undefined
  const checks = columns.flatMap(({ fits = 'true' }) => (fits === 'true' ? [] : [fits]))
  // A name that no column has.
  const flag = quote(`__fft_fits_${columns.map(({ name }) => name).join('_').length}`)
  try {
    await create(job, columns, { scan, isStrict: true, extra: [`${['true', ...checks].join(' and ')} as ${flag}`] })
  } catch (thrown) {
    const whole = await scanAll(job)
    // Nothing is wrong with the file that the checks here know of (mixed line ends, say): read it again, if that can be.
    if (inTransaction) throw engineFault(job, thrown)
    return loadChecked(job, whole)
  }
  const table = relationText(job.into)
  const result = await native.run(`select count(*), coalesce(bool_and(${flag}), true) from ${table}`)
  const [[rows, fit] = []] = await result.getRowsJS()
  if (fit !== true) {
    await native.run(`drop table ${table}`)
    return undefined
  }
  await native.run(`alter table ${table} drop column ${flag}`)
  return Number(rows)
}

/** Loads a file whose every record has been checked; what the engine read is compared with what was counted. */
async function loadChecked(job: Job, scan: CsvScan): Promise<number> {
  const { native } = job.context
  const columns = columnsOf(job, scan)
  try {
    await create(job, columns, { scan, isStrict: !scan.hasMixedLineEnds, extra: [] })
  } catch (thrown) {
    throw engineFault(job, thrown)
  }
  const counts = columns.map(({ name }) => `count(${quote(name)})`)
  const result = await native.run(`select ${['count(*)', ...counts].join(', ')} from ${relationText(job.into)}`)
  const [[rows, ...values] = []] = await result.getRowsJS()
  if (Number(rows) !== scan.rows) throw engineFault(job, new Error(`the engine read ${rows} of ${scan.rows} rows`))
  const refused = columns.findIndex((_, index) => Number(values[index]) !== (scan.columns?.valuesIn(index) ?? 0))
  if (refused !== -1) throw await refusedValue(job, scan, columns, refused)
  return scan.rows
}

interface Reading {
  readonly scan: CsvScan
  readonly isStrict: boolean
  /** Further SELECT items. */
  readonly extra: readonly string[]
}

async function create(job: Job, columns: readonly SeedColumn[], reading: Reading): Promise<void> {
  const selected = columns.map(({ name, value }) => `${value} as ${quote(name)}`)
  const added = job.request.extraColumns.map(
    ({ name, type, valueSql }) => `cast(${valueSql} as ${type}) as ${quote(name)}`,
  )
  const items = [...selected, ...added, ...reading.extra].join(', ')
  const from = csvReader(job, columns, reading)
  await job.context.native.run(
    `create ${job.into.database === 'temp' ? 'temp ' : ''}table ${relationText(job.into)} as select ${items} from ${from}`,
  )
}

const defaultLineBytes = 2_000_000

/** Every option is given: the engine's own guesses turn a file with one stray quote into a table of one column. */
function csvReader({ request, delimiter }: Job, columns: readonly SeedColumn[], { scan, isStrict }: Reading): string {
  const lineBytes = Math.max(defaultLineBytes, scan.longestRecordBytes + 1_000)
  const options = [
    'auto_detect = false',
    'header = true',
    `skip = ${scan.linesBeforeHeader}`,
    `delim = ${quoteText(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `nullstr = ''`,
    'allow_quoted_nulls = false',
    `strict_mode = ${isStrict}`,
    `max_line_size = ${lineBytes}`,
    `columns = {${columns.map(({ name }) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`,
  ]
  return `read_csv(${[fileList(request), ...options].join(', ')})`
}

/** The first value of a column that its type refuses, at its line. */
async function refusedValue(job: Job, scan: CsvScan, columns: readonly SeedColumn[], index: number): Promise<Error> {
  const column = columns[index]
  if (column === undefined) throw new Error('no such column: this is a bug in fft')
  const name = quote(column.name)
  const from = csvReader(job, columns, { scan, isStrict: !scan.hasMixedLineEnds, extra: [] })
  const result = await job.context.native.run(
    `select row, text from (select row_number() over () as row, ${name} as text, ${column.value} as value from ${from})
     where text is not null and value is null order by row limit 1`,
  )
  const [[row, value] = []] = await result.getRowsJS()
  if (row === undefined)
    return engineFault(job, new Error(`the engine did not read every value of the column '${column.name}'`))
  const found = await finished(job, Number(row) - 1)
  const message = `${shortened(String(value))} in the column '${column.name}' is no ${column.type}`
  return malformed(job.request, {
    line: found.stoppedAtLine ?? 1,
    message,
    hint: 'correct the value, or the type in column_types',
  })
}

const longestShown = 80

function shortened(text: string): string {
  return quoteText(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text)
}

function engineFault({ request }: Job, thrown: unknown): Error {
  const { message, type } = parseEngineError(thrown instanceof Error ? thrown.message : String(thrown))
  if (/^(?:INTERRUPT|Interrupt|Catalog|Binder|Parser|Out of Memory|Transaction.*)$/.test(type)) return thrown as Error
  const line = Number(/CSV Error on Line: (\d+)/.exec(message)?.[1] ?? 1)
  const [first = ''] = message.replace(/^CSV Error on Line: \d+\n(?:Original Line: .*\n)?/, '').split('\n')
  return malformed(request, {
    line,
    message: first,
    cause: thrown,
    hint: 'save the file again as plain CSV: UTF-8, one kind of line end',
  })
}
