import { setImmediate } from 'node:timers/promises'
import { FftError, type Relation, relationName, suggest } from '../../core/index.js'
import { cancelledError } from '../error-place.js'
import { list, names, relation as relationText } from '../names.js'
import type { Column, ColumnBatch } from '../types.js'
import { untilAborted } from '../until-aborted.js'
import { valueNotLoadable } from '../value-not-loadable.js'
import { CopyIn, headerBytes } from './copy-in.js'
import { type Encoder, encoderOf } from './encode.js'
import { serverError } from './errors.js'
import type { Session } from './session.js'

export interface LoadContext {
  readonly session: Session
  readonly signal: AbortSignal
}

export interface LoadTarget {
  readonly into: Relation
  readonly columns: readonly Column[]
}

/**
 * Copies batches into a table, columns by name; columns that a batch does not have become NULL. Gives the rows loaded.
 * Throws `value-not-loadable`, `column-missing`; nothing of it is in the table then.
 */
export async function loadBatches(
  { session, signal }: LoadContext,
  target: LoadTarget,
  batches: AsyncIterable<ColumnBatch>,
): Promise<number> {
  const { into, columns } = target
  const copy = new CopyIn(`copy ${relationText(into)} (${list(names(columns))}) from stdin`)
  session.client.query(copy)
  await copy.ready
  const writer = new RowWriter(copy, target)
  try {
    for await (const batch of untilAborted(batches, signal)) {
      if (signal.aborted) throw cancelledError()
      await writer.write(batch)
      // Encoding blocks; this lets timers, signals and other connections have their turn.
      await setImmediate()
    }
    await writer.flush()
    return await copy.finish()
  } catch (error) {
    await copy.abort()
    throw refusedValue(error, columns)
  }
}

interface Field extends Column {
  readonly encode: Encoder
}

// Messages of this many characters cost the server least; larger ones only hold memory.
const messageCharacters = 1 << 17

/** Turns batches into lines of the text format, and those into messages. */
class RowWriter {
  readonly #copy: CopyIn
  readonly #target: LoadTarget
  readonly #fields: readonly Field[]
  #text = ''
  #rows = 0

  constructor(copy: CopyIn, target: LoadTarget) {
    this.#copy = copy
    this.#target = target
    this.#fields = target.columns.map((column) => ({ ...column, encode: encoderOf(column.type) }))
  }

  async write(batch: ColumnBatch): Promise<void> {
    const values = this.#aligned(batch)
    const count = batch.values[0]?.length ?? 0
    for (let row = 0; row < count; row++) {
      this.#line(values, row)
      this.#rows++
      if (this.#text.length >= messageCharacters) await this.flush()
    }
  }

  async flush(): Promise<void> {
    if (this.#text === '') return
    const message = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(this.#text))
    message.write(this.#text, headerBytes, 'utf8')
    this.#text = ''
    await this.#copy.send(message)
  }

  #line(values: readonly (readonly unknown[] | undefined)[], row: number): void {
    const fields = this.#fields
    let line = ''
    for (let index = 0; index < fields.length; index++) {
      const value = values[index]?.[row]
      if (index > 0) line += '\t'
      line += value === null || value === undefined ? '\\N' : this.#cell(index, value)
    }
    this.#text += `${line}\n`
  }

  #cell(index: number, value: unknown): string {
    const field = this.#fields[index]
    const text = field?.encode(value)
    if (field === undefined || text === undefined) throw valueNotLoadable(field ?? noColumn, this.#rows + 1, value)
    if (typeof value === 'number' || !special.test(text)) return text
    if (text.includes('\0')) throw nulCharacter(field, this.#rows + 1)
    return text.replace(specials, (character) => escapes[character] ?? character)
  }

  #aligned(batch: ColumnBatch): readonly (readonly unknown[] | undefined)[] {
    const { columns, into } = this.#target
    const unknown = batch.columns.find((name) => !columns.some((column) => column.name === name))
    if (unknown !== undefined) {
      throw new FftError(`the rows have a column '${unknown}', which ${relationName(into)} does not have`, {
        code: 'column-missing',
        hint: suggest(unknown, names(columns), 'columns'),
      })
    }
    return columns.map(({ name }) => batch.values[batch.columns.indexOf(name)])
  }
}

const noColumn: Column = { name: '', type: '' }

const special = /[\\\n\r\t\0]/
const specials = /[\\\n\r\t]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function nulCharacter({ name }: Column, row: number): FftError {
  return new FftError(`row ${row}: the text of the column "${name}" has a NUL character, which Postgres cannot store`, {
    code: 'value-not-loadable',
    hint: "remove it, for example with value.replaceAll('\\0', '')",
  })
}

/** The server names line, column and value of what it does not take. */
function refusedValue(error: unknown, columns: readonly Column[]): unknown {
  if (error instanceof FftError) return error
  const { code, where } = serverError(error)
  const match = /^COPY .*, line (\d+), column ([\s\S]+?): "([\s\S]*)"$/.exec(where)
  if (match === null || !code.startsWith('22')) return error
  const column = columns.find(({ name }) => name === match[2])
  return column === undefined ? error : valueNotLoadable(column, Number(match[1]), match[3])
}
