import { isUtf8 } from 'node:buffer'
import { classify, kind, kindMask, scaleOf, typeOf, wholeOf } from './csv-values.js'

/** Why a CSV file is malformed, and where: `line` is the physical line, from 1. */
export class CsvFault extends Error {
  readonly line: number
  readonly hint: string

  constructor(line: number, message: string, hint: string) {
    super(message)
    this.line = line
    this.hint = hint
  }
}

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
  #bytes: Uint8Array = new Uint8Array(0)
  #position = 0
  #final = false
  /** Bytes that came while the record before them was still incomplete. */
  readonly #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #isFirst = true

  #line = 1
  #names: string[] | undefined
  #headerFields: string[] = []
  #headerLines = 0
  #rows = 0
  #longestRecord = 0
  /** A bit for each line end that records have: LF, CRLF, CR. */
  #lineEnds = 0
  #kinds = new Uint32Array(0)
  #wholes = new Uint8Array(0)
  #scales = new Uint8Array(0)
  #counts = new Float64Array(0)
  /** Which columns of the record that is being read have a value. */
  #present = new Uint8Array(0)
  /** Stops at a row, to find its line: `lineOfRow`. */
  readonly #stopAtRow: number
  #stoppedAt: number | undefined

  constructor(delimiter: number, stopAtRow = -1) {
    this.#delimiter = delimiter
    this.#stopAtRow = stopAtRow
  }

  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    const rest = this.#bytes.length - this.#position
    // A record longer than a chunk is read again when it has doubled, so that the work stays linear.
    if (this.#waitingBytes < rest) return
    this.#read(false)
  }

  finish(): void {
    this.#read(true)
    if (this.#names === undefined) {
      throw new CsvFault(1, 'the file is empty', 'the first line has to name the columns')
    }
  }

  /** The header's names; undefined until its line is read. */
  get names(): readonly string[] | undefined {
    return this.#names
  }
  get rows(): number {
    return this.#rows
  }
  /** Blank lines before the header. */
  get linesBeforeHeader(): number {
    return this.#headerLines
  }
  get longestRecordBytes(): number {
    return this.#longestRecord
  }
  get hasMixedLineEnds(): boolean {
    return (this.#lineEnds & (this.#lineEnds - 1)) !== 0
  }
  /** The physical line of the row that the scan was to stop at. */
  get stoppedAtLine(): number | undefined {
    return this.#stoppedAt
  }

  /** The type that all values so far fit, by column. */
  types(): readonly string[] {
    return (this.#names ?? []).map((_, column) =>
      typeOf({ kinds: this.#kinds[column] ?? 0, whole: this.#wholes[column] ?? 0, scale: this.#scales[column] ?? 0 }),
    )
  }

  /** Whether a column has had any value so far. */
  hasValues(column: number): boolean {
    return this.valuesIn(column) > 0
  }

  /** How many values that are not NULL a column has. */
  valuesIn(column: number): number {
    return this.#counts[column] ?? 0
  }

  #read(final: boolean): void {
    this.#final = final
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#position), ...this.#waiting])
    this.#waiting.length = 0
    this.#waitingBytes = 0
    this.#position = 0
    if (this.#isFirst) this.#skipByteOrderMark()
    if (this.#isFirst) return
    const from = this.#position
    const firstLine = this.#line
    try {
      while (this.#stoppedAt === undefined && this.#record()) {}
    } catch (fault) {
      this.#checkEncoding(from, this.#position, firstLine)
      throw fault
    }
    this.#checkEncoding(from, this.#position, firstLine)
  }

  #skipByteOrderMark(): void {
    // Two bytes may yet become a mark.
    if (this.#bytes.length < 3 && !this.#final) return
    this.#isFirst = false
    const [a, b, c] = this.#bytes
    if (a === 0xef && b === 0xbb && c === 0xbf) this.#position = 3
  }

  #checkEncoding(from: number, to: number, firstLine: number): void {
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
    for (;;) {
      if (!this.#field(column)) {
        this.#forget(column, start, line)
        return false
      }
      const byte = this.#bytes[this.#position]
      if (byte !== this.#delimiter) break
      this.#position++
      column++
    }
    const isBlank = this.#position === start
    if (!this.#endOfLine()) {
      this.#forget(column + 1, start, line)
      return false
    }
    this.#longestRecord = Math.max(this.#longestRecord, this.#position - start)
    if (this.#names === undefined) this.#header(isBlank, line)
    else if (!isBlank || this.#names.length === 1) this.#row(column + 1, line)
    return true
  }

  #row(fields: number, line: number): void {
    const expected = this.#kinds.length
    if (fields !== expected) throw raggedRow(fields, expected, line)
    if (this.#rows === this.#stopAtRow) this.#stoppedAt = line
    this.#rows++
  }

  /** Undoes what the complete fields of an incomplete record have counted; it is read again with more bytes. */
  #forget(fields: number, start: number, line: number): void {
    const columns = Math.min(fields, this.#counts.length)
    for (let column = 0; column < columns; column++) {
      this.#counts[column] = (this.#counts[column] ?? 0) - (this.#present[column] ?? 0)
    }
    this.#headerFields = []
    this.#position = start
    this.#line = line
  }

  /** Past the line end; false when it may go on behind the last byte. */
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
    const length = bytes.length
    let index = this.#position
    if (bytes[index] === space) {
      while (bytes[index] === space) index++
      if (index === length && !this.#final) return false
    }
    if (bytes[index] === quoteByte) return this.#quotedField(column, index + 1)
    const start = this.#position
    const delimiter = this.#delimiter
    while (index < length) {
      const byte = bytes[index]
      if (byte === delimiter || byte === lf || byte === cr) break
      index++
    }
    if (index === length && !this.#final) return false
    this.#position = index
    if (index > start) this.#value(column, start, index)
    else this.#missing(column)
    return true
  }

  #quotedField(column: number, start: number): boolean {
    const bytes = this.#bytes
    const length = bytes.length
    const openedAt = this.#line
    let hasQuotes = false
    let index = start
    for (;;) {
      const byte = bytes[index]
      if (byte === undefined) {
        if (!this.#final) return false
        throw new CsvFault(openedAt, 'a quote that opens on this line is never closed', 'close it; write a quote inside as ""')
      }
      if (byte === quoteByte) {
        if (index + 1 === length && !this.#final) return false
        if (bytes[index + 1] !== quoteByte) break
        hasQuotes = true
        index++
      } else if (byte === lf || (byte === cr && bytes[index + 1] !== lf)) {
        this.#line++
      }
      index++
    }
    const end = index
    index++
    while (bytes[index] === space) index++
    if (index >= length && !this.#final) return false
    const next = bytes[index]
    if (index < length && next !== this.#delimiter && next !== lf && next !== cr) {
      throw new CsvFault(this.#line, `text follows a closing quote: ${excerpt(bytes, start - 1, index + 1)}`, 'write a quote inside a quoted value as ""')
    }
    this.#position = index
    if (hasQuotes || start === end) this.#text(column, start, end)
    else this.#value(column, start, end)
    return true
  }

  #value(column: number, start: number, end: number): void {
    if (this.#names === undefined) {
      this.#headerFields.push(this.#decode(start, end))
      return
    }
    this.#count(column)
    const known = this.#kinds[column] ?? kind.text
    if ((known & kind.text) !== 0) return
    const found = classify(this.#bytes, start, end)
    this.#kinds[column] = known | (found & kindMask)
    if (wholeOf(found) > (this.#wholes[column] ?? 0)) this.#wholes[column] = wholeOf(found)
    if (scaleOf(found) > (this.#scales[column] ?? 0)) this.#scales[column] = scaleOf(found)
  }

  #text(column: number, start: number, end: number): void {
    if (this.#names === undefined) {
      this.#headerFields.push(this.#decode(start, end).replaceAll('""', '"'))
      return
    }
    this.#count(column)
    this.#kinds[column] = (this.#kinds[column] ?? 0) | kind.text
  }

  #count(column: number): void {
    this.#counts[column] = (this.#counts[column] ?? 0) + 1
    this.#present[column] = 1
  }

  #missing(column: number): void {
    if (this.#names === undefined) this.#headerFields.push('')
    else this.#present[column] = 0
  }

  #decode(start: number, end: number): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString('utf8')
  }

  #header(isBlank: boolean, line: number): void {
    const names = this.#headerFields
    this.#headerFields = []
    if (isBlank) {
      this.#headerLines++
      return
    }
    checkNames(names, line)
    this.#names = names
    this.#kinds = new Uint32Array(names.length)
    this.#wholes = new Uint8Array(names.length)
    this.#scales = new Uint8Array(names.length)
    this.#counts = new Float64Array(names.length)
    this.#present = new Uint8Array(names.length)
  }
}

function checkNames(names: readonly string[], line: number): void {
  const seen = new Map<string, string>()
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') {
      const hint = 'give every column a name; a delimiter at the end of the line starts one more column'
      throw new CsvFault(line, `column ${index + 1} has no name in the header`, hint)
    }
    const same = seen.get(name.toLowerCase())
    if (same !== undefined) {
      const also = same === name ? '' : ` (also as '${same}': letter case makes no difference)`
      throw new CsvFault(line, `the header has the column '${name}' twice${also}`, 'give each column a name of its own')
    }
    seen.set(name.toLowerCase(), name)
  }
}

function raggedRow(fields: number, expected: number, line: number): CsvFault {
  const message = `the row has ${fields} ${fields === 1 ? 'value' : 'values'}, the header names ${expected} ${expected === 1 ? 'column' : 'columns'}`
  const hint =
    fields > expected
      ? 'put quotes around a value that holds the delimiter, or remove what is too much'
      : 'add what is missing (an empty value is NULL), or check the delimiter'
  return new CsvFault(line, message, hint)
}

function excerpt(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
  return text.length > 40 ? `…${text.slice(-40)}` : text
}
