import type { Column, ColumnBatch, Connection } from '../adapters/index.js'
import { FftError, type Relation, type Sql } from '../core/index.js'
import { isSqlFragment } from './api.js'
import { isArrowPackage } from './build-arrow-table.js'
import { arrowNotInstalled, inputMissing, modelThrew } from './failures.js'
import { type FragmentDialect, fragmentSql } from './fragment-sql.js'
import { Input, InputBatches, InputRows, type InputSource } from './input-handle.js'
import type { LoadedCodeModel } from './load-code-models.js'
import { messageOfThrown } from './load-failure.js'
import { type ModelFacts, modelContext } from './model-context.js'
import { Readers, selectAll } from './readers.js'
import { resultBatches } from './result-batches.js'
import { ResultColumns, type TypeSources } from './result-columns.js'
import { type ResultBatch, RowCollector } from './row-collector.js'
import { placeOfThrown } from './stack-place.js'

/** The part of a dialect that code models need. */
export interface CodeDialect extends FragmentDialect {
  readonly ignoresCase: boolean
  readonly costlyPullRows?: number
  relation(relation: Relation): string
  inferColumn(values: readonly unknown[]): string | undefined
}

export interface RunCodeModelOptions {
  readonly model: LoadedCodeModel
  /** By dependency name without `.ff`. */
  readonly inputs: Readonly<Record<string, Omit<InputSource, 'name'>>>
  readonly dialect: CodeDialect
  readonly facts: ModelFacts
  /** Columns of the relation that the rows are applied to; only where it stays (a delta). */
  readonly existing?: readonly Column[] | undefined
  /** Opens a connection for reading an input; closed here. */
  openReader(): Promise<Connection>
}

/** What a model's code came to. */
export type CodeModelResult =
  /** The engine does the work. */
  | { readonly kind: 'sql'; readonly sql: Sql }
  | {
      readonly kind: 'rows'
      readonly columns: readonly Column[]
      /** Whether there is no row, so that the columns are only what they would be. */
      readonly isEmpty: boolean
      /** Can be read once; the model's code goes on running while it is read. */
      readonly batches: AsyncIterable<ColumnBatch>
      /** Ends the model's code and its reading; call it always, also after everything was read. Never throws. */
      close(): Promise<void>
    }

/** How many rows decide the inferred types. */
const firstRows = 20_000
const laterRows = 4_096

/**
 * Calls a model's function and reads as much of its result as decides the columns. Throws FftError: `model-threw`,
 * `model-result`, `no-columns`, `column-type-changed`, `column-appeared`, `column-twice`, and what the engine says.
 */
export async function runCodeModel(options: RunCodeModelOptions): Promise<CodeModelResult> {
  const readers = new Readers(() => options.openReader(), pullWatch(options))
  try {
    const result = await new CodeModelRun(options, readers).start()
    if (result.kind === 'sql') await readers.close()
    return result
  } catch (error) {
    await closeQuietly(readers)
    throw error
  }
}

/** Says once that so many rows are cheaper left where they are, on engines where they are. */
function pullWatch({ dialect, model, facts }: RunCodeModelOptions): (rows: number) => void {
  const limit = dialect.costlyPullRows ?? Number.POSITIVE_INFINITY
  let pulled = 0
  return (rows) => {
    const before = pulled
    pulled += rows
    if (before > limit || pulled <= limit) return
    facts.log(
      `${model.path} has read more than ${limit.toLocaleString('en')} rows out of the engine: return sql\`…\` to leave the work there`,
    )
  }
}

async function closeQuietly(readers: Readers): Promise<void> {
  try {
    await readers.close()
  } catch {
    // What went wrong before is what the user has to know.
  }
}

class CodeModelRun {
  /** How many calls into the model's code have not come back. */
  #running = 0
  readonly #options: RunCodeModelOptions
  readonly #model: LoadedCodeModel
  readonly #readers: Readers

  constructor(options: RunCodeModelOptions, readers: Readers) {
    this.#options = options
    this.#model = options.model
    this.#readers = readers
  }

  async start(): Promise<CodeModelResult> {
    const { facts, dialect } = this.#options
    const context = modelContext(facts, dialect.relation(facts.relation), this.#model)
    const result = await this.#guarded(async () => this.#model.build(this.#inputs(), context))
    if (isSqlFragment(result)) return { kind: 'sql', sql: fragmentSql(result, dialect, this.#model.file) }
    const source = untouchedInput(result)
    if (source === undefined) return this.#rows(result)
    if (Object.keys(this.#model.columnTypes).length === 0) return { kind: 'sql', sql: selectAll(source.relationSql) }
    return this.#rows(new InputBatches(source, this.#readers), source)
  }

  #inputs(): Readonly<Record<string, Input>> {
    const access = { readers: this.#readers, importArrow: (input: string) => this.#importArrow(input) }
    const inputs = Object.entries(this.#options.inputs).map(([name, source]) => {
      return [name, new Input({ ...source, name }, access)] as const
    })
    return strictInputs(Object.fromEntries(inputs), this.#model)
  }

  async #importArrow(input: string): Promise<unknown> {
    try {
      const imported = await this.#model.modules.importPackage('apache-arrow')
      return isArrowPackage(imported) ? imported : (imported as { readonly default?: unknown }).default
    } catch (error) {
      throw arrowNotInstalled(this.#model, input, error)
    }
  }

  /** `source` is set when the result is an input as it is, which also without rows says its columns. */
  async #rows(result: unknown, source?: InputSource): Promise<CodeModelResult> {
    const collector = new RowCollector(this.#model, this.#options.dialect.ignoresCase)
    let size = firstRows
    const batches = resultBatches(result, collector, this.#model, () => size)
    const first: ResultBatch[] = source === undefined ? [] : [emptyBatch(source)]
    let rows = 0
    while (rows < firstRows) {
      const step = await this.#guarded(() => batches.next())
      if (step.done === true) break
      first.push(step.value)
      rows += step.value.rows
      size = Math.max(1, firstRows - rows)
    }
    const columns = await this.#columnsOf(first, batches, source)
    collector.fixColumns(columns.names)
    size = laterRows
    return {
      kind: 'rows',
      columns: columns.columns,
      isEmpty: rows === 0,
      batches: this.#allBatches(first, columns, batches),
      close: async () => {
        await this.#end(batches)
        await closeQuietly(this.#readers)
      },
    }
  }

  async #columnsOf(
    first: readonly ResultBatch[],
    batches: AsyncGenerator<ResultBatch>,
    source: InputSource | undefined,
  ): Promise<ResultColumns> {
    const { dialect, inputs, existing = [] } = this.#options
    const sources: TypeSources = {
      declared: this.#model.columnTypes,
      inputs: (source === undefined ? Object.values(inputs) : [source]).map((input) => input.columns),
      existing,
      ignoresCase: dialect.ignoresCase,
      inferColumn: (values) => dialect.inferColumn(values),
    }
    try {
      return new ResultColumns(first, sources, this.#model)
    } catch (error) {
      await this.#end(batches)
      throw error
    }
  }

  async *#allBatches(
    first: readonly ResultBatch[],
    columns: ResultColumns,
    rest: AsyncGenerator<ResultBatch>,
  ): AsyncGenerator<ColumnBatch, void, undefined> {
    let row = 1
    try {
      for (const batch of first) {
        yield { columns: columns.names, values: columns.align(batch, row) }
        row += batch.rows
      }
      for (;;) {
        const step = await this.#guarded(() => rest.next())
        if (step.done === true) return
        const values = columns.align(step.value, row)
        columns.check(values, row)
        yield { columns: columns.names, values }
        row += step.value.rows
      }
    } finally {
      await this.#end(rest)
    }
  }

  /** Runs the user's code: ends at once when the run is cancelled, and says where an exception came from. */
  async #guarded<T>(task: () => Promise<T>): Promise<T> {
    const { signal } = this.#options.facts
    try {
      signal.throwIfAborted()
      return await untilAborted(this.#counted(task), signal)
    } catch (error) {
      if (signal.aborted || error instanceof FftError) throw error
      const place = placeOfThrown(error, this.#model.modules) ?? this.#model.span
      throw modelThrew(this.#model, messageOfThrown(error), place, error)
    }
  }

  async #counted<T>(task: () => Promise<T>): Promise<T> {
    this.#running++
    try {
      return await task()
    } finally {
      this.#running--
    }
  }

  /** Lets the `finally` blocks of the user's code run, but waits for no code that hangs. */
  async #end(batches: AsyncGenerator<ResultBatch>): Promise<void> {
    const ended = batches.return(undefined).catch(() => undefined)
    if (this.#running === 0) await untilAborted(ended, this.#options.facts.signal).catch(() => undefined)
  }
}

/** A misspelt input would be `undefined` and fail somewhere later. */
function strictInputs(inputs: Readonly<Record<string, Input>>, model: LoadedCodeModel) {
  return new Proxy(inputs, {
    get: (target, name) => {
      if (typeof name === 'symbol' || Object.hasOwn(target, name) || name === 'then' || name === 'toJSON') {
        return Reflect.get(target, name)
      }
      const place = placeOfThrown(new Error(), model.modules) ?? model.span
      throw inputMissing(model, name, Object.keys(target), place)
    },
  })
}

function untouchedInput(result: unknown): InputSource | undefined {
  if (result instanceof InputRows || result instanceof InputBatches) return result.isStarted ? undefined : result.source
  return Input.sourceOf(result)
}

function emptyBatch(source: InputSource): ResultBatch {
  return { columns: source.columns.map((column) => column.name), values: source.columns.map(() => []), rows: 0 }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
