import { isUtf8 } from 'node:buffer'
import { CsvColumns } from './csv-columns.js'
import { CsvFault, checkNames, raggedRow, textBehindQuote } from './csv-fault.js'

const quoteByte = 34
const space = 32
const lf = 10
const cr = 13

/**
 * Reads a CSV file in chunks and checks every record: quotes, number of fields, UTF-8. Knows then the header's names, how
 * many rows there are, how many values each column has, and the type that all of them fit. Throws CsvFault.
 *
 * The grammar is RFC 4180, with any line end, blanks around quoted fields, and blank lines (skipped; in a file of one
 * column they are NULL rows).
 */
export class CsvScan {
  readonly #delimiter: number
  readonly #stopAtRow: number
  #bytes: Uint8Array = new Uint8Array(0)
  #position = 0
  /** Whether no bytes come behind those that are here. */
  #final = false
  /** Chunks that came while the record before them was still incomplete. */
  readonly #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #isFirst = true
  #line = 1
  #columns: CsvColumns | undefined
  #headerFields: string[] = []
  #linesBeforeHeader = 0
  #rows = 0
  #longestRecord = 0
  /** A bit for each line end that records have: LF, CRLF, CR. */
  #lineEnds = 0
  #stoppedAt: number | undefined
  #hasDoubledQuotes = false
  #isStrict = true

  /** `stopAtRow` (from 0): stop there, to know its line. */
  constructor(delimiter: number, stopAtRow = -1) {
    this.#delimiter = delimiter
    this.#stopAtRow = stopAtRow
  }

  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    // A record longer than a chunk is read again when it has doubled, so that the work stays linear.
    if (this.#waitingBytes >= this.#bytes.length - this.#position) this.#read()
  }

  finish(): void {
    this.#final = true
    this.#read()
    if (this.#columns !== undefined) return
    throw new CsvFault(1, 'the file is empty', 'the first line has to name the columns')
  }

  /** Undefined until the header is read. */
  get columns(): CsvColumns | undefined {
    return this.#columns
  }
  get rows(): number {
    return this.#rows
  }
  /** Blank lines before the header. */
  get linesBeforeHeader(): number {
    return this.#linesBeforeHeader
  }
  get longestRecordBytes(): number {
    return this.#longestRecord
  }
  get hasMixedLineEnds(): boolean {
    return (this.#lineEnds & (this.#lineEnds - 1)) !== 0
  }
  /**
   * Whether every reader of RFC 4180 understands the file so far as it is meant: no blank lines, no blanks around quoted
   * fields, no quotes inside plain ones, one kind of line end.
   */
  get isStrict(): boolean {
    return this.#isStrict && !this.hasMixedLineEnds && this.#linesBeforeHeader === 0
  }
  /** The physical line of the row that the scan was to stop at. */
  get stoppedAtLine(): number | undefined {
    return this.#stoppedAt
  }

  #read(): void {
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#position), ...this.#waiting])
    this.#waiting.length = 0
    this.#waitingBytes = 0
    this.#position = 0
    if (this.#isFirst && !this.#skipByteOrderMark()) return
    const from = this.#position
    const firstLine = this.#line
    try {
      while (this.#stoppedAt === undefined && this.#record()) {}
    } finally {
      // A fault of this kind comes first: the bytes of another encoding make any other.
      this.#checkEncoding(from, firstLine)
    }
  }

  /** False while too few bytes are there to tell. */
  #skipByteOrderMark(): boolean {
    if (this.#bytes.length < 3 && !this.#final) return false
    this.#isFirst = false
    const [a, b, c] = this.#bytes
    if (a === 0xef && b === 0xbb && c === 0xbf) this.#position = 3
    return true
  }

  #checkEncoding(from: number, firstLine: number): void {
    const to = this.#position
    if (isUtf8(this.#bytes.subarray(from, to))) return
    let line = firstLine
    for (let start = from; start < to; line++) {
      const next = this.#bytes.indexOf(lf, start)
      const end = next === -1 || next >= to ? to : next + 1
      if (!isUtf8(this.#bytes.subarray(start, end))) {
        throw new CsvFault(line, 'the line is not UTF-8', 'save the file as UTF-8')
      }
      start = end
    }
  }

  /** Reads one record; false when the bytes end before it does. */
  #record(): boolean {
    const start = this.#position
    const line = this.#line
    if (start >= this.#bytes.length) return false
    let column = 0
    while (this.#field(column)) {
      if (this.#bytes[this.#position] === this.#delimiter) {
        this.#position++
        column++
        continue
      }
      const isBlank = this.#position === start
      if (!this.#endOfLine()) return this.#forget(column + 1, start, line)
      this.#longestRecord = Math.max(this.#longestRecord, this.#position - start)
      this.#complete(column + 1, line, isBlank)
      return true
    }
    return this.#forget(column, start, line)
  }

  #complete(fields: number, line: number, isBlank: boolean): void {
    const columns = this.#columns
    if (columns === undefined) this.#header(line, isBlank)
    else if (!isBlank || columns.names.length === 1) this.#row(fields, columns.names.length, line)
    else this.#isStrict = false
  }

  #header(line: number, isBlank: boolean): void {
    const names = this.#headerFields
    this.#headerFields = []
    if (isBlank) {
      this.#linesBeforeHeader++
      return
    }
    checkNames(names, line)
    this.#columns = new CsvColumns(names)
  }

  #row(fields: number, expected: number, line: number): void {
    if (fields !== expected) throw raggedRow(fields, expected, line)
    if (this.#rows === this.#stopAtRow) this.#stoppedAt = line
    this.#rows++
  }

  /** Undoes the complete fields of an incomplete record, which is read again with more bytes. */
  #forget(fields: number, start: number, line: number): false {
    this.#columns?.forget(fields)
    this.#headerFields = []
    this.#position = start
    this.#line = line
    return false
  }

  /** Goes past the line end; false when it may go on behind the last byte. */
  #endOfLine(): boolean {
    const bytes = this.#bytes
    const byte = bytes[this.#position]
    if (byte === cr) {
      if (this.#position + 1 === bytes.length && !this.#final) return false
      const isPair = bytes[this.#position + 1] === lf
      this.#lineEnds |= isPair ? 2 : 4
      this.#position += isPair ? 2 : 1
    } else if (byte === lf) {
      this.#lineEnds |= 1
      this.#position++
    }
    this.#line++
    return true
  }

  /** Reads one field up to what ends it; false when the bytes end before it does. */
  #field(column: number): boolean {
    const bytes = this.#bytes
    const start = this.#position
    let index = start
    while (bytes[index] === space) index++
    if (bytes[index] === quoteByte) {
      if (index > start) this.#isStrict = false
      return this.#quotedField(column, index + 1)
    }
    const end = this.#endOfText(index)
    if (end === bytes.length && !this.#final) return false
    this.#position = end
    if (this.#columns === undefined) this.#headerFields.push(this.#decode(start, end))
    else if (end > start) this.#columns.value(column, bytes, start, end)
    else this.#columns.missing(column)
    return true
  }

  #endOfText(start: number): number {
    const bytes = this.#bytes
    const delimiter = this.#delimiter
    let index = start
    while (index < bytes.length) {
      const byte = bytes[index]
      if (byte === delimiter || byte === lf || byte === cr) return index
      if (byte === quoteByte) this.#isStrict = false
      index++
    }
    return index
  }

  #quotedField(column: number, start: number): boolean {
    const bytes = this.#bytes
    const end = this.#closingQuote(start)
    if (end === undefined) return false
    let index = end + 1
    while (bytes[index] === space) index++
    if (index > end + 1) this.#isStrict = false
    if (index >= bytes.length && !this.#final) return false
    const next = bytes[index]
    if (next !== undefined && next !== this.#delimiter && next !== lf && next !== cr) {
      throw textBehindQuote(this.#line, this.#decode(start - 1, index + 1))
    }
    this.#position = index
    if (this.#columns === undefined) this.#headerFields.push(this.#decode(start, end).replaceAll('""', '"'))
    else if (this.#hasDoubledQuotes || start === end) this.#columns.text(column)
    else this.#columns.value(column, bytes, start, end)
    return true
  }

  /** Where the quote that opened before `start` closes; undefined when the bytes end before it does. */
  #closingQuote(start: number): number | undefined {
    const bytes = this.#bytes
    const openedAt = this.#line
    this.#hasDoubledQuotes = false
    for (let index = start; index < bytes.length; index++) {
      if (bytes[index] !== quoteByte) {
        this.#line += endsLine(bytes, index) ? 1 : 0
        continue
      }
      if (index + 1 === bytes.length && !this.#final) return undefined
      if (bytes[index + 1] !== quoteByte) return index
      this.#hasDoubledQuotes = true
      index++
    }
    if (!this.#final) return undefined
    throw new CsvFault(openedAt, 'a quote that opens on this line is never closed', 'close it; a quote inside is ""')
  }

  #decode(start: number, end: number): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString('utf8')
  }
}

/** CRLF ends a line once. */
function endsLine(bytes: Uint8Array, index: number): boolean {
  const byte = bytes[index]
  return byte === lf || (byte === cr && bytes[index + 1] !== lf)
}
