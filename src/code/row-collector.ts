import { columnAppeared, columnTwice, type FailingModel } from './failures.js'

/** Rows column by column, on their way from a model to the engine; NULL is null. */
export interface ResultBatch {
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
  readonly rows: number
  /** Engine types that the values bring with them (Arrow's decimals), column by column. */
  readonly types?: readonly (string | undefined)[]
}

/** Turns row objects into column batches. Rows with the same keys in the same order go a fast way. */
export class RowCollector {
  readonly #model: FailingModel
  readonly #ignoresCase: boolean
  #names: string[] = []
  #values: unknown[][] = []
  /** Position of every spelling seen. */
  readonly #positions = new Map<string, number>()
  #count = 0
  #isFixed = false
  /** Rows of the stream that are no longer here. */
  rowsBefore = 0

  constructor(model: FailingModel, ignoresCase: boolean) {
    this.#model = model
    this.#ignoresCase = ignoresCase
  }

  get count(): number {
    return this.#count
  }

  /** The 1-based number of the next row in the whole stream. */
  get nextRow(): number {
    return this.rowsBefore + this.#count + 1
  }

  /** From now on these are the columns, and a new one is an error. */
  fixColumns(names: readonly string[]): void {
    this.#names = [...names]
    this.#values = names.map(() => [])
    this.#positions.clear()
    for (const [position, name] of names.entries()) this.#positions.set(name, position)
    this.#isFixed = true
  }

  /** Adds a row that has exactly the known columns in their order; false (and nothing added) when it has not. */
  addAlike(row: Readonly<Record<string, unknown>>): boolean {
    const names = this.#names
    const at = this.#count
    let position = 0
    for (const name in row) {
      const column = this.#values[position]
      if (column === undefined || names[position] !== name) return false
      const value = row[name]
      column[at] = value === undefined ? null : value
      position++
    }
    if (position === 0 || position !== names.length) return false
    this.#count = at + 1
    return true
  }

  /** Adds any row. Throws `column-appeared`, `column-twice`. */
  add(row: Readonly<Record<string, unknown>>): void {
    const at = this.#count
    const filledBy = new Map<number, string>()
    for (const [name, value] of Object.entries(row)) {
      const position = this.#positions.get(name) ?? this.#positionOfNew(name, value)
      if (position === undefined) continue
      const other = filledBy.get(position)
      if (other !== undefined) throw columnTwice(this.#model, [other, name], this.nextRow)
      filledBy.set(position, name)
      this.#set(position, at, value)
    }
    for (const position of this.#names.keys()) if (!filledBy.has(position)) this.#set(position, at, null)
    this.#count = at + 1
  }

  #set(position: number, at: number, value: unknown): void {
    const column = this.#values[position]
    if (column !== undefined) column[at] = value === undefined ? null : value
  }

  /** Takes the rows out as a batch. */
  take(): ResultBatch {
    // A row that failed the fast way may have left values behind its last row.
    for (const column of this.#values) column.length = this.#count
    const batch = { columns: [...this.#names], values: this.#values, rows: this.#count }
    this.#values = this.#names.map(() => [])
    this.rowsBefore += this.#count
    this.#count = 0
    return batch
  }

  #positionOfNew(name: string, value: unknown): number | undefined {
    const known = this.#ignoresCase ? this.#names.findIndex((each) => each.toLowerCase() === name.toLowerCase()) : -1
    if (known === -1 && this.#isFixed) {
      if (value === undefined) return undefined
      throw columnAppeared(this.#model, name, this.nextRow)
    }
    const position = known === -1 ? this.#names.push(name) - 1 : known
    if (known === -1) this.#values.push(new Array<unknown>(this.#count).fill(null))
    this.#positions.set(name, position)
    return position
  }
}
