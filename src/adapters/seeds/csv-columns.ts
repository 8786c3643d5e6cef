import { classify, kind, kindMask, scaleOf, typeOf, wholeOf } from './csv-values.js'

/** What the values of a CSV file's columns are, counted while the file is read. */
export class CsvColumns {
  readonly names: readonly string[]
  readonly #kinds: Uint32Array
  readonly #wholes: Uint8Array
  readonly #scales: Uint8Array
  readonly #counts: Float64Array
  /** Which columns of the record that is being read have a value. */
  readonly #present: Uint8Array

  constructor(names: readonly string[]) {
    this.names = names
    this.#kinds = new Uint32Array(names.length)
    this.#wholes = new Uint8Array(names.length)
    this.#scales = new Uint8Array(names.length)
    this.#counts = new Float64Array(names.length)
    this.#present = new Uint8Array(names.length)
  }

  /** A value of that column; columns that the header does not name are ignored. */
  value(column: number, bytes: Uint8Array, start: number, end: number): void {
    this.#count(column)
    const known = this.#kinds[column] ?? kind.text
    if ((known & kind.text) !== 0) return
    const found = classify(bytes, start, end)
    this.#kinds[column] = known | (found & kindMask)
    if (wholeOf(found) > (this.#wholes[column] ?? 0)) this.#wholes[column] = wholeOf(found)
    if (scaleOf(found) > (this.#scales[column] ?? 0)) this.#scales[column] = scaleOf(found)
  }

  /** A value that can only be text: empty in quotes, or with quotes in it. */
  text(column: number): void {
    this.#count(column)
    this.#kinds[column] = (this.#kinds[column] ?? 0) | kind.text
  }

  missing(column: number): void {
    this.#present[column] = 0
  }

  /** Takes back the counts of a record of which only the first fields were there. */
  forget(fields: number): void {
    const columns = Math.min(fields, this.names.length)
    for (let column = 0; column < columns; column++) {
      this.#counts[column] = (this.#counts[column] ?? 0) - (this.#present[column] ?? 0)
    }
  }

  /** How many values that are not NULL a column has. */
  valuesIn(column: number): number {
    return this.#counts[column] ?? 0
  }

  /** The type that all values so far fit, by column. */
  types(): readonly string[] {
    return this.names.map((_, column) =>
      typeOf({ kinds: this.#kinds[column] ?? 0, whole: this.#wholes[column] ?? 0, scale: this.#scales[column] ?? 0 }),
    )
  }

  #count(column: number): void {
    this.#counts[column] = (this.#counts[column] ?? 0) + 1
    this.#present[column] = 1
  }
}
