/** A type taken apart: its name in lower case and, for nested ones, what is inside. */
export interface TypeTree {
  readonly name: string
  /** Precision and scale, or a length. */
  readonly numbers: readonly number[]
  /** Of an array its element, of a map key and value, of a struct its fields. */
  readonly inner: readonly { readonly field?: string; readonly type: TypeTree }[]
}

const aliases: Readonly<Record<string, string>> = {
  integer: 'int',
  long: 'bigint',
  short: 'smallint',
  byte: 'tinyint',
  real: 'float',
  dec: 'decimal',
  numeric: 'decimal',
  text: 'string',
  bool: 'boolean',
  timestamp_ltz: 'timestamp',
}

/** Reads `decimal(10,2)`, `struct<a:int,b:array<string>>`; names that are no type of Spark stay as they are. */
export function parseType(text: string): TypeTree {
  return new TypeReader(text).type()
}

/** A type's name in the engine's own spelling: lower case, aliases replaced, `decimal` with precision and scale. */
export function canonicalType(text: string): string {
  return printType(parseType(text))
}

function printType({ name, numbers, inner }: TypeTree): string {
  const counts = name === 'decimal' ? [numbers[0] ?? 10, numbers[1] ?? 0] : numbers
  const sizes = counts.length === 0 ? '' : `(${counts.join(',')})`
  const parts = inner.map(({ field, type }) => (field === undefined ? printType(type) : `${field}:${printType(type)}`))
  return `${name}${sizes}${parts.length === 0 ? '' : `<${parts.join(',')}>`}`
}

class TypeReader {
  readonly #words: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#words = text.match(/`(?:[^`]|``)*`|[A-Za-z0-9_]+|[^\s]/g) ?? []
  }

  type(): TypeTree {
    const word = (this.#next() ?? '').toLowerCase()
    const name = aliases[word] ?? word
    if (name === 'interval') return { name: this.#interval(), numbers: [], inner: [] }
    const numbers = this.#peek() === '(' ? this.#numbers() : []
    const inner = this.#peek() === '<' ? this.#inner(name === 'struct') : []
    while (this.#peek() === 'collate' || this.#peek() === 'COLLATE') this.#at += 2
    // Whether a part may be NULL is said behind it.
    if (/^not$/i.test(this.#peek() ?? '')) this.#at += 2
    return { name, numbers, inner }
  }

  #interval(): string {
    const words = ['interval']
    while (/^[A-Za-z]+$/.test(this.#peek() ?? '')) words.push((this.#next() ?? '').toLowerCase())
    return words.join(' ')
  }

  #numbers(): readonly number[] {
    const numbers: number[] = []
    while (this.#peek() !== undefined && this.#next() !== ')') {
      const word = this.#peek() ?? ''
      if (/^\d+$/.test(word)) numbers.push(Number(word))
    }
    return numbers
  }

  #inner(isStruct: boolean): TypeTree['inner'] {
    const parts: { field?: string; type: TypeTree }[] = []
    this.#at++
    while (this.#peek() !== undefined && this.#peek() !== '>') {
      const field = isStruct ? this.#next() : undefined
      if (isStruct && this.#peek() === ':') this.#at++
      parts.push(field === undefined ? { type: this.type() } : { field, type: this.type() })
      if (this.#peek() === ',') this.#at++
    }
    this.#at++
    return parts
  }

  #peek(): string | undefined {
    return this.#words[this.#at]
  }

  #next(): string | undefined {
    return this.#words[this.#at++]
  }
}

/** Whether a type is made of others, or is VARIANT: values that only their JSON tells in full. */
export function isNested(type: string): boolean {
  return ['array', 'map', 'struct', 'variant'].includes(parseType(type).name)
}

/** Whether the engine can compare two values of a type: none with a MAP or a VARIANT anywhere in it. */
export function isComparable(type: string): boolean {
  const comparable = ({ name, inner }: TypeTree): boolean =>
    name !== 'map' && name !== 'variant' && inner.every((part) => comparable(part.type))
  return comparable(parseType(type))
}

/** Bits of the integer types. */
export const integerBits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, int: 32, bigint: 64 }

/** Precision and scale of a DECIMAL; undefined for other types. */
export function decimalParts(type: string): { readonly precision: number; readonly scale: number } | undefined {
  const { name, numbers } = parseType(type)
  return name === 'decimal' ? { precision: numbers[0] ?? 10, scale: numbers[1] ?? 0 } : undefined
}
