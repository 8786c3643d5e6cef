import { elementOf } from './type-names.js'

/** Makes a lossless value of the server's text. */
export type Decoder = (text: string) => unknown

const decoders: Readonly<Record<number, Decoder>> = {
  16: (text) => text === 't',
  17: bytes,
  20: BigInt,
  21: Number,
  23: Number,
  26: Number,
  700: float,
  701: float,
}

/**
 * How values of a type are read: `bigint` as bigint, smaller integers and floating-point numbers as number, `boolean`,
 * `bytea` as Uint8Array, arrays as arrays of these. Undefined: they stay text (numeric, dates and times in UTC with
 * microseconds, json, uuid, …).
 */
export function decoderOf(oid: number): Decoder | undefined {
  const element = elementOf(oid)
  if (element === undefined) return decoders[oid]
  const decode = decoders[element] ?? ((text) => text)
  return (text) => readArray(text, decode)
}

function float(text: string): number {
  return Number(text)
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
}

const token = /"((?:[^"\\]|\\[\s\S])*)"|[{},]|[^{},"]+/gy

/** Reads `{1,NULL,"a,b"}`; nested arrays too. Bounds in front (`[0:1]=…`) are left out. */
function readArray(text: string, decode: Decoder): unknown[] {
  const open: unknown[][] = [[]]
  token.lastIndex = text.indexOf('{')
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [part, quoted] = match
    if (part === '{') open.push([])
    else if (part === '}') close(open)
    else if (part !== ',') open.at(-1)?.push(item(part, quoted, decode))
  }
  const [whole] = open[0] ?? []
  return Array.isArray(whole) ? whole : []
}

function close(open: unknown[][]): void {
  const closed = open.pop() ?? []
  open.at(-1)?.push(closed)
}

function item(part: string, quoted: string | undefined, decode: Decoder): unknown {
  if (quoted !== undefined) return decode(quoted.replace(/\\([\s\S])/g, '$1'))
  return part === 'NULL' ? null : decode(part)
}
