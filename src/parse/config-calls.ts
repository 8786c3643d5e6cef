import type { ConfigLayer, ValuePath } from '../config/index.js'
import type { SourceSpan } from '../core/index.js'
import { type Call, type CallPlaces, toHost } from '../template/index.js'
import { parseDiagnostic } from './diagnostics.js'

/** The `config()` calls of one file, taken together. */
export interface ConfigCalls {
  /** Reports 'config-argument', 'config-contradicts'. */
  add(call: Call): void
  values(): Readonly<Record<string, unknown>>
  /** The calls as the in-file layer. */
  layer(): ConfigLayer
}

export function collectConfig(file: string): ConfigCalls {
  const values: Record<string, unknown> = {}
  const owners = new Map<string, CallPlaces>()
  const start: SourceSpan = { file, line: 1, column: 1 }
  const add = (call: Call): void => {
    if (call.args.length > 0) call.report(parseDiagnostic('config-argument', undefined, call.placeOf([0])))
    const { places } = call
    for (const [key, value] of call.kwargs) {
      const plain = toHost(value)
      const earlier = owners.get(key)
      if (earlier !== undefined && !sameValue(values[key], plain)) {
        call.report(
          parseDiagnostic('config-contradicts', { key }, call.placeOf([key], 'key'), [
            { message: 'first set here', span: earlier.placeOf([key], 'key') },
          ]),
        )
      }
      values[key] = plain
      owners.set(key, places)
    }
  }
  const ownerOf = (path: ValuePath) => owners.get(String(path[0] ?? ''))
  return {
    add,
    values: () => values,
    layer: () => ({
      origin: 'file',
      values,
      placeOf: (path, which) => ownerOf(path)?.placeOf(path, which) ?? start,
      textAt: (path) => {
        const literal = ownerOf(path)?.literal(path)
        return literal?.origin === undefined ? undefined : { ...literal, origin: literal.origin }
      },
    }),
  }
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
