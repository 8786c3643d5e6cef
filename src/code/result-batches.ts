import { arrowBatches, isArrowTable } from './arrow-batches.js'
import { describeValue } from './diagnostics.js'
import { type FailingModel, modelResult } from './failures.js'
import type { ResultBatch, RowCollector } from './row-collector.js'

type AnyRow = Readonly<Record<string, unknown>>

/**
 * Cuts whatever a model returned into batches: rows are collected up to `size()` each, batches pass as they are. The
 * model's code runs while the batches are asked for. Throws `model-result`.
 */
export async function* resultBatches(
  result: unknown,
  collector: RowCollector,
  model: FailingModel,
  size: () => number,
): AsyncGenerator<ResultBatch, void, undefined> {
  const whole = wholeResult(result)
  if (whole !== undefined) {
    yield* passing(whole, collector)
    return
  }
  const iterator = iteratorOf(result, model)
  let isDone = false
  try {
    while (!isDone) {
      const item = await collectRows(iterator, collector, size())
      isDone = item === 'end'
      if (collector.count > 0) yield collector.take()
      if (typeof item !== 'string') yield* itemBatches(item.value, collector, model)
    }
  } finally {
    if (!isDone) await endQuietly(iterator)
  }
}

/** Ends code that is not asked for more; what it says about that is no news. */
async function endQuietly(iterator: Items): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // Either its failure is known already, or the one who stopped reading has a better reason.
  }
}

interface Items {
  next(): Promise<IteratorResult<unknown>> | IteratorResult<unknown>
  return?(): unknown
}

function wholeResult(result: unknown): Iterable<ResultBatch> | undefined {
  if (isArrowTable(result)) return arrowBatches(result)
  const batch = columnBatchOf(result)
  return batch === undefined ? undefined : [batch]
}

function* passing(batches: Iterable<ResultBatch>, collector: RowCollector): Generator<ResultBatch> {
  for (const batch of batches) {
    yield batch
    collector.rowsBefore += batch.rows
  }
}

function iteratorOf(result: unknown, model: FailingModel): Items {
  if (typeof result === 'object' && result !== null) {
    const iterable = result as Partial<AsyncIterable<unknown> & Iterable<unknown>>
    if (typeof iterable[Symbol.asyncIterator] === 'function')
      return (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    if (typeof iterable[Symbol.iterator] === 'function') return (iterable as Iterable<unknown>)[Symbol.iterator]()
  }
  throw modelResult(
    model,
    `returned ${describeValue(result)}${typeof result === 'function' ? ', which was not called' : ''}`,
  )
}

/** Collects rows until there are enough, or an item comes that is no row. */
async function collectRows(
  iterator: Items,
  collector: RowCollector,
  size: number,
): Promise<'full' | 'end' | { readonly value: unknown }> {
  while (collector.count < size) {
    // Awaiting what is there already would cost a tick for every row of a plain list.
    const next = iterator.next()
    const step = isPromise(next) ? await next : next
    if (step.done === true) return 'end'
    const value: unknown = isPromise(step.value) ? await step.value : step.value
    if (!addRow(value, collector)) return { value }
  }
  return 'full'
}

function isPromise<T>(value: Promise<T> | T): value is Promise<T> {
  return value instanceof Promise
}

/** Adds a row; false (and nothing added) when the value is none. */
function addRow(value: unknown, collector: RowCollector): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (collector.addAlike(value as AnyRow)) return true
  if (!isRow(value)) return false
  collector.add(value)
  return true
}

/** Anything but lists, maps, dates and the like; objects of the user's own classes are rows. */
function isRow(value: object): value is AnyRow {
  if (Array.isArray(value) || value instanceof Date || ArrayBuffer.isView(value)) return false
  return !(Symbol.iterator in value) && !isArrowTable(value) && columnBatchOf(value) === undefined
}

function* itemBatches(item: unknown, collector: RowCollector, model: FailingModel): Generator<ResultBatch> {
  if (Array.isArray(item)) {
    for (const row of item) if (!addRow(row, collector)) throw wrongRow(row, collector, model)
    if (collector.count > 0) yield collector.take()
    return
  }
  const whole = wholeResult(item)
  if (whole === undefined) throw wrongRow(item, collector, model)
  yield* passing(whole, collector)
}

function wrongRow(row: unknown, collector: RowCollector, model: FailingModel) {
  return modelResult(model, `gave ${describeValue(row)} as row ${collector.nextRow}`)
}

/** A batch in the user's form, checked; undefined when it is none. */
function columnBatchOf(value: unknown): ResultBatch | undefined {
  if (typeof value !== 'object' || value === null || !('columns' in value && 'values' in value)) return undefined
  const { columns, values } = value
  if (!Array.isArray(columns) || !Array.isArray(values) || columns.length !== values.length) return undefined
  if (!columns.every((each) => typeof each === 'string')) return undefined
  const lists: readonly unknown[] = values
  const plain = lists.map(plainList)
  const rows = plain[0]?.length ?? 0
  if (!plain.every((list) => list !== undefined && list.length === rows)) return undefined
  return { columns, values: plain.filter((list) => list !== undefined), rows }
}

function plainList(list: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(list)) return isTypedArray(list) ? Array.from(list) : undefined
  const values: readonly unknown[] = list
  return values.includes(undefined) ? values.map((value) => value ?? null) : values
}

function isTypedArray(value: unknown): value is ArrayLike<number | bigint> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}
