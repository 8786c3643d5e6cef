import type { Column, ColumnBatch as EngineBatch } from '../adapters/index.js'
import {
  type ColumnBatch,
  type ColumnBatches,
  type InputHandle,
  type Row,
  type Rows,
  type SqlFragment,
  sql,
} from './api.js'
import { buildArrowTable } from './build-arrow-table.js'
import type { Readers } from './readers.js'

/** What a model may read: the relation's SQL, its columns, and the way to its rows. */
export interface InputSource {
  readonly name: string
  readonly relationSql: string
  readonly columns: readonly Column[]
}

/** How handles reach the engine and the project's packages. */
export interface InputAccess {
  readonly readers: Readers
  importArrow(input: string): Promise<unknown>
}

/** The handle of one input as the model's code sees it. */
export class Input implements InputHandle {
  readonly name: string
  readonly columns: readonly Column[]
  readonly sql: SqlFragment
  readonly #source: InputSource
  readonly #access: InputAccess

  constructor(source: InputSource, access: InputAccess) {
    this.name = source.name
    this.columns = source.columns
    this.sql = sql.raw(source.relationSql)
    this.#source = source
    this.#access = access
  }

  /** What the handle of an input reads; undefined for anything else. */
  static sourceOf(value: unknown): InputSource | undefined {
    return value instanceof Input ? value.#source : undefined
  }

  rows<R = Row>(): Rows<R> {
    // The caller names the row's type; the engine's columns decide what is in it.
    return new InputRows(this.#source, this.#access.readers) as unknown as Rows<R>
  }

  batches(): ColumnBatches {
    return new InputBatches(this.#source, this.#access.readers)
  }

  async arrow<Table = unknown>(): Promise<Table> {
    const arrow = await this.#access.importArrow(this.name)
    const batches = await this.batches().toArray()
    return buildArrowTable(arrow, this.columns, batches) as Table
  }
}

/** Rows of an input as objects. Returned untouched by a model, they never become objects. */
export class InputRows implements Rows {
  readonly source: InputSource
  readonly #readers: Readers
  #isStarted = false

  constructor(source: InputSource, readers: Readers) {
    this.source = source
    this.#readers = readers
  }

  get isStarted(): boolean {
    return this.#isStarted
  }

  [Symbol.asyncIterator](): AsyncIterator<Row> {
    this.#isStarted = true
    return new RowIterator(this.#readers.read(this.source.relationSql))
  }

  async toArray(): Promise<Row[]> {
    const rows: Row[] = []
    for await (const row of this) rows.push(row)
    return rows
  }
}

/** Rows of an input, column by column. */
export class InputBatches implements ColumnBatches {
  readonly source: InputSource
  readonly #readers: Readers
  #isStarted = false

  constructor(source: InputSource, readers: Readers) {
    this.source = source
    this.#readers = readers
  }

  get isStarted(): boolean {
    return this.#isStarted
  }

  [Symbol.asyncIterator](): AsyncIterator<EngineBatch> {
    this.#isStarted = true
    return this.#readers.read(this.source.relationSql)
  }

  async toArray(): Promise<ColumnBatch[]> {
    const batches: ColumnBatch[] = []
    for await (const batch of this) batches.push(batch)
    return batches
  }
}

/** A generator would cost two more promises a row. */
class RowIterator implements AsyncIterator<Row> {
  readonly #batches: AsyncIterator<EngineBatch>
  #batch: EngineBatch = { columns: [], values: [] }
  #length = 0
  #position = 0
  #pending: Promise<IteratorResult<Row>> | undefined

  constructor(batches: AsyncIterator<EngineBatch>) {
    this.#batches = batches
  }

  next(): Promise<IteratorResult<Row>> {
    if (this.#pending === undefined && this.#position < this.#length) return this.#step()
    return this.#inTurn(() => this.#step())
  }

  async return(): Promise<IteratorResult<Row>> {
    this.#position = this.#length
    await this.#batches.return?.()
    return { done: true, value: undefined }
  }

  #step(): Promise<IteratorResult<Row>> {
    if (this.#position === this.#length) return this.#nextBatch()
    return Promise.resolve({ done: false, value: rowAt(this.#batch, this.#position++) })
  }

  /** Callers that do not wait for one another are served one after the other. */
  #inTurn(task: () => Promise<IteratorResult<Row>>): Promise<IteratorResult<Row>> {
    const result = this.#pending === undefined ? task() : this.#pending.then(task, task)
    this.#pending = result
    const clear = () => {
      if (this.#pending === result) this.#pending = undefined
    }
    result.then(clear, clear)
    return result
  }

  async #nextBatch(): Promise<IteratorResult<Row>> {
    for (;;) {
      const { done, value } = await this.#batches.next()
      if (done === true) return { done: true, value: undefined }
      const length = value.values[0]?.length ?? 0
      if (length === 0) continue
      this.#batch = value
      this.#length = length
      this.#position = 1
      return { done: false, value: rowAt(value, 0) }
    }
  }
}

function rowAt({ columns, values }: EngineBatch, position: number): Row {
  const row: Row = {}
  for (let index = 0; index < columns.length; index++) {
    const name = columns[index] ?? ''
    const value = values[index]?.[position]
    // Assigning to this name would change the row's prototype.
    if (name === '__proto__') Object.defineProperty(row, name, { value, enumerable: true, writable: true })
    else row[name] = value
  }
  return row
}
