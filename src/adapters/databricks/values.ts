import { parseType, type TypeTree } from './type-names.js'

/**
 * A text cell, as `textExpression` of `read.ts` gives it, as a value of a stream: whole numbers up to 32 bits, FLOAT and DOUBLE as
 * number; BIGINT as bigint; BOOLEAN; BINARY as Uint8Array; ARRAY as array; STRUCT as object; MAP as a list of
 * `{key, value}`; everything else (DECIMAL, dates, times, VARIANT as JSON) as the engine's text.
 */
export function streamValue(cell: string, type: string): unknown {
  const tree = parseType(type)
  if (['array', 'map', 'struct'].includes(tree.name)) return fromJson(JSON.parse(quoteNumbers(cell)), tree)
  return scalar(cell, tree.name)
}

function scalar(cell: string, name: string): unknown {
  switch (name) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'float':
    case 'double':
      return numberOf(cell)
    case 'bigint':
      return BigInt(cell)
    case 'boolean':
      return cell === 'true'
    case 'binary':
      return new Uint8Array(Buffer.from(cell, 'hex'))
    default:
      return cell
  }
}

/** The engine prints `Infinity`, `-Infinity` and `NaN` as JavaScript reads them. */
function numberOf(cell: string): number {
  return Number(cell)
}

/** Numbers become text before they are read, as JavaScript's own would lose digits. */
function quoteNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    part.startsWith('"') ? part : `"${part}"`,
  )
}

function fromJson(value: unknown, type: TypeTree): unknown {
  if (value === null || value === undefined) return null
  const [first, second] = type.inner
  if (type.name === 'array' && Array.isArray(value) && first !== undefined) {
    return value.map((item: unknown) => fromJson(item, first.type))
  }
  if (type.name === 'struct' && isRecord(value)) {
    const fields = type.inner.map(({ field = '', type: inner }) => {
      const name = field.startsWith('`') ? field.slice(1, -1).replaceAll('``', '`') : field
      return [name, fromJson(value[name], inner)] as const
    })
    return Object.fromEntries(fields)
  }
  if (type.name === 'map' && isRecord(value) && first !== undefined && second !== undefined) {
    return Object.entries(value).map(([key, inner]) => {
      return { key: scalar(key, first.type.name), value: fromJson(inner, second.type) }
    })
  }
  return leaf(value, type.name)
}

function leaf(value: unknown, name: string): unknown {
  if (typeof value === 'boolean') return value
  if (name === 'binary') return new Uint8Array(Buffer.from(String(value), 'base64'))
  return typeof value === 'string' ? scalar(value, name) : JSON.stringify(value)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
