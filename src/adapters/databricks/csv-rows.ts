/** The cells of a CSV record; null is an empty field without quotes. */
export type CsvRow = readonly (string | null)[]

const quoted = '"'

/**
 * Reads the records of a CSV file behind its header, by the same rules as `CsvScan`, which has checked the file: fields
 * in quotes keep line ends and doubled quotes, blank lines are passed over.
 */
export class CsvRows {
  readonly #delimiter: string
  readonly #columns: number
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: false })
  #text = ''
  #isHeaderRead = false

  constructor(delimiter: string, columns: number) {
    this.#delimiter = delimiter
    this.#columns = columns
  }

  /** The records that are complete with these bytes. */
  *push(bytes: Uint8Array): Generator<CsvRow> {
    this.#text += this.#decoder.decode(bytes, { stream: true })
    yield* this.#records(false)
  }

  /** What is left when no bytes follow. */
  *finish(): Generator<CsvRow> {
    this.#text += this.#decoder.decode()
    yield* this.#records(true)
  }

  *#records(isFinal: boolean): Generator<CsvRow> {
    let position = 0
    for (;;) {
      const record = this.#record(position, isFinal)
      if (record === undefined) break
      position = record.end
      if (record.isBlank && (this.#columns > 1 || !this.#isHeaderRead)) continue
      if (this.#isHeaderRead) yield record.cells
      this.#isHeaderRead = true
    }
    this.#text = this.#text.slice(position)
  }

  #record(start: number, isFinal: boolean): { cells: CsvRow; end: number; isBlank: boolean } | undefined {
    if (start >= this.#text.length) return undefined
    const cells: (string | null)[] = []
    for (let at = start; ; ) {
      const field = this.#field(at)
      if (field.end >= this.#text.length && !isFinal) return undefined
      cells.push(field.value)
      if (this.#text[field.end] === this.#delimiter) {
        at = field.end + 1
        continue
      }
      const end = this.#behindLineEnd(field.end)
      // A CR at the end of a chunk may be half of a line end.
      if (end >= this.#text.length && this.#text[field.end] === '\r' && end === field.end + 1 && !isFinal)
        return undefined
      return { cells, end, isBlank: field.end === start }
    }
  }

  #field(start: number): { value: string | null; end: number } {
    let at = start
    while (this.#text[at] === ' ') at++
    if (this.#text[at] === quoted) return this.#quotedField(at + 1)
    while (at < this.#text.length && !this.#endsField(at)) at++
    const value = this.#text.slice(start, at)
    return { value: value === '' ? null : value, end: at }
  }

  #quotedField(start: number): { value: string; end: number } {
    let close = this.#text.indexOf(quoted, start)
    while (close !== -1 && this.#text[close + 1] === quoted) close = this.#text.indexOf(quoted, close + 2)
    if (close === -1) return { value: '', end: this.#text.length }
    let end = close + 1
    while (this.#text[end] === ' ') end++
    return { value: this.#text.slice(start, close).replaceAll('""', '"'), end }
  }

  #endsField(at: number): boolean {
    const character = this.#text[at]
    return character === this.#delimiter || character === '\n' || character === '\r'
  }

  #behindLineEnd(at: number): number {
    if (this.#text[at] === '\r' && this.#text[at + 1] === '\n') return at + 2
    return Math.min(at + 1, this.#text.length)
  }
}
