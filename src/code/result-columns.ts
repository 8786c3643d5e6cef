import type { Column } from '../adapters/index.js'
import {
  columnAppeared,
  columnTwice,
  columnTypeChanged,
  type FailingModel,
  noColumns,
  valueNotStorable,
} from './failures.js'
import type { ResultBatch } from './row-collector.js'
import { commonKind, fits, kindOf, kindWords, type ValueKind } from './value-kinds.js'

/** What decides the types of a model's columns. */
export interface TypeSources {
  /** `columns` of the model's options. */
  readonly declared: Readonly<Record<string, string>>
  /** The columns of each input. */
  readonly inputs: readonly (readonly Column[])[]
  /**
   * Columns of the relation that the rows go into, when it stays: for a model without rows, for columns of NULLs, and
   * for integers that go into a column of numbers.
   */
  readonly existing: readonly Column[]
  readonly ignoresCase: boolean
  inferColumn(values: readonly unknown[]): string | undefined
}

/** The columns of a model's rows, fixed by its first rows, and the check that later rows keep to them. */
export class ResultColumns {
  readonly columns: readonly Column[]
  readonly names: readonly string[]
  readonly #model: FailingModel
  readonly #ignoresCase: boolean
  /** Kinds of the inferred columns; undefined where the type was given. `null`: only NULL so far. */
  readonly #kinds: (ValueKind | null | undefined)[]
  readonly #infer: TypeSources['inferColumn']
  readonly #existing: readonly Column[]

  /** Throws `no-columns`, `column-twice`, `column-type-changed`, `value-not-storable`. */
  constructor(first: readonly ResultBatch[], sources: TypeSources, model: FailingModel) {
    this.#model = model
    this.#ignoresCase = sources.ignoresCase
    this.#infer = (values) => sources.inferColumn(values)
    this.#existing = sources.existing
    const names = unionOfNames(first, sources.ignoresCase)
    if (names.length === 0) {
      this.columns = columnsWithoutRows(sources, model)
      this.names = this.columns.map((column) => column.name)
      this.#kinds = this.names.map(() => undefined)
      return
    }
    for (const name of Object.keys(sources.declared)) {
      if (names.every((each) => !sameName(each, name, sources.ignoresCase))) names.push(name)
    }
    this.names = names
    this.#kinds = names.map(() => undefined)
    const aligned = this.#alignAll(first)
    this.columns = names.map((name, index) => ({
      name,
      type: givenType(name, sources) ?? broughtType(first, name) ?? this.#inferred(aligned, index),
    }))
  }

  /** The batch with exactly these columns, in their order. `row` is the number of its first row. */
  align(batch: ResultBatch, row: number): readonly (readonly unknown[])[] {
    if (sameList(batch.columns, this.names)) return batch.values
    const positions = batch.columns.map((name) => findName(this.names, name, this.#ignoresCase))
    const aligned = this.names.map((_, position) => batch.values[positions.indexOf(position)])
    for (const [index, position] of positions.entries()) {
      const name = batch.columns[index] ?? ''
      const first = positions.indexOf(position)
      if (position === -1) this.#refuseNew(name, batch.values[index] ?? [], row)
      else if (first !== index) throw columnTwice(this.#model, [batch.columns[first] ?? '', name], row)
    }
    return aligned.map((values) => values ?? new Array<null>(batch.rows).fill(null))
  }

  /** Throws `column-type-changed` when a value does not fit its column's inferred type. */
  check(values: readonly (readonly unknown[])[], row: number): void {
    for (const [index, kind] of this.#kinds.entries()) {
      if (kind !== undefined) this.#checkColumn(values[index] ?? [], index, row)
    }
  }

  #refuseNew(name: string, values: readonly unknown[], row: number): void {
    const at = values.findIndex((value) => value !== null && value !== undefined)
    if (at !== -1) throw columnAppeared(this.#model, name, row + at)
  }

  #alignAll(batches: readonly ResultBatch[]): readonly (readonly (readonly unknown[])[])[] {
    let row = 1
    return batches.map((batch) => {
      const values = this.align(batch, row)
      row += batch.rows
      return values
    })
  }

  #inferred(batches: readonly (readonly (readonly unknown[])[])[], index: number): string {
    const values = batches.length === 1 ? (batches[0]?.[index] ?? []) : batches.flatMap((batch) => batch[index] ?? [])
    const kind = this.#commonKind(values, index)
    const type = this.#infer(values)
    if (type === undefined) throw noColumns(this.#model)
    return this.#settled(index, kind, type)
  }

  #commonKind(values: readonly unknown[], index: number): ValueKind | null {
    let kind: ValueKind | null = null
    for (const [at, value] of values.entries()) {
      const next = kindOf(value)
      if (next === undefined || next === kind) continue
      if (next === 'other') throw valueNotStorable(this.#model, this.names[index] ?? '', at + 1, value)
      const common: ValueKind | undefined = kind === null ? next : commonKind(kind, next)
      if (common === undefined) throw this.#changed(index, at + 1, value, kind)
      kind = common
    }
    return kind
  }

  /** A few rows may look narrower than the column that they go into: NULLs only, or integers by chance. */
  #settled(index: number, kind: ValueKind | null, type: string): string {
    this.#kinds[index] = kind
    const names = this.#existing.map((column) => column.name)
    const existing = this.#existing[findName(names, this.names[index] ?? '', this.#ignoresCase)]?.type
    if (existing === undefined) return type
    if (kind === null) {
      this.#kinds[index] = undefined
      return existing
    }
    if (kind !== 'integer' || this.#infer([0.5]) !== existing) return type
    this.#kinds[index] = 'float'
    return existing
  }

  #checkColumn(values: readonly unknown[], index: number, row: number): void {
    let kind = this.#kinds[index]
    for (let at = 0; at < values.length; at++) {
      const value = values[at]
      const next = kindOf(value)
      if (next === undefined || next === kind) continue
      if (kind === null && this.#infer([value]) === this.columns[index]?.type) {
        kind = next
        this.#kinds[index] = next
      } else if (kind === null || kind === undefined || !fits(next, kind)) {
        throw this.#changed(index, row + at, value, kind ?? null)
      }
    }
  }

  #changed(index: number, row: number, value: unknown, kind: ValueKind | null) {
    const before = kind === null ? 'only NULL' : kindWords[kind]
    const column = this.names[index] ?? ''
    return columnTypeChanged(this.#model, { column, row, value, before, type: this.columns?.[index]?.type })
  }
}

function unionOfNames(batches: readonly ResultBatch[], ignoresCase: boolean): string[] {
  const names: string[] = []
  for (const batch of batches) {
    for (const name of batch.columns) if (findName(names, name, ignoresCase) === -1) names.push(name)
  }
  return names
}

function columnsWithoutRows(sources: TypeSources, model: FailingModel): readonly Column[] {
  const declared = Object.entries(sources.declared).map(([name, type]) => ({ name, type }))
  if (declared.length > 0) return declared
  if (sources.existing.length > 0) return sources.existing
  const [only, ...others] = sources.inputs
  if (only === undefined || others.length > 0) throw noColumns(model)
  return only
}

function givenType(name: string, sources: TypeSources): string | undefined {
  const declaredNames = Object.keys(sources.declared)
  const declared = declaredNames[findName(declaredNames, name, sources.ignoresCase)]
  if (declared !== undefined) return sources.declared[declared]
  const found = sources.inputs.flatMap((columns) => {
    const names = columns.map((column) => column.name)
    return columns[findName(names, name, sources.ignoresCase)] ?? []
  })
  return found.length === 1 ? found[0]?.type : undefined
}

function broughtType(batches: readonly ResultBatch[], name: string): string | undefined {
  for (const batch of batches) {
    const type = batch.types?.[batch.columns.indexOf(name)]
    if (type !== undefined) return type
  }
  return undefined
}

/** The position of a name: the exact one, else the same in another letter case where the engine ignores it; else -1. */
function findName(names: readonly string[], name: string, ignoresCase: boolean): number {
  const exact = names.indexOf(name)
  return exact === -1 && ignoresCase ? names.findIndex((each) => sameName(each, name, true)) : exact
}

function sameName(a: string, b: string, ignoresCase: boolean): boolean {
  return a === b || (ignoresCase && a.toLowerCase() === b.toLowerCase())
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index])
}
