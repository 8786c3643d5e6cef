import { templateDiagnostic } from '../diagnostics.js'
import type { Value } from '../types.js'
import { ValueFault } from '../values/value-fault.js'

/** The parameters of a built-in: its names in order, how many must be given, whether more may be given. */
export interface Signature {
  readonly names: readonly string[]
  readonly required: number
  readonly more: boolean
}

/** What a call gives, by position and by name. */
export interface Given {
  readonly args: readonly Value[]
  readonly kwargs: ReadonlyMap<string, Value>
}

/** Reads `'old new count?'`: `?` marks what may be left out, `*` at the end takes any number of further values. */
export function signature(spec: string): Signature {
  const words = spec.split(' ').filter((word) => word !== '' && word !== '*')
  return {
    names: words.map((word) => word.replace('?', '')),
    required: words.filter((word) => !word.endsWith('?')).length,
    more: spec.endsWith('*'),
  }
}

/** The given values in the order of the parameters; fails as Python does for too few, too many or unknown ones. */
export function bindArguments(
  callee: string,
  { names, required, more }: Signature,
  given: Given,
): (Value | undefined)[] {
  const { args, kwargs } = given
  if (args.length > names.length && !more) {
    throw new ValueFault(templateDiagnostic('too-many-arguments', { callee, given: args.length, taken: names.length }))
  }
  const bound: (Value | undefined)[] = [...args]
  for (const [name, value] of kwargs) bound[namedIndex(callee, names, name, args.length)] = value
  for (let i = 0; i < required; i++) {
    if (bound[i] === undefined) {
      throw new ValueFault(templateDiagnostic('missing-argument', { callee, name: names[i] ?? '' }))
    }
  }
  return bound
}

function namedIndex(callee: string, known: readonly string[], name: string, given: number): number {
  const index = known.indexOf(name)
  if (index === -1)
    throw new ValueFault(templateDiagnostic('unknown-argument', { callee, name, known }), { keyword: name })
  if (index < given) throw new ValueFault(templateDiagnostic('repeated-argument', { callee, name }), { keyword: name })
  return index
}
