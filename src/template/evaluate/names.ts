import { globals } from '../library/globals.js'
import type { Value } from '../types.js'
import { orElse } from '../values/or-else.js'
import type { Scope } from './scope.js'

/** The value of a name: the template's own variables, then macros, then the host's names, then the built-in functions. */
export function lookupName(scope: Scope, name: string): Value | undefined {
  const own = scope.get(name)
  if (own !== undefined) return own
  const { host } = scope.frame
  return orElse(host.macro(name), () => orElse<Value | undefined>(host.globals.get(name), () => globals.get(name)))
}

/** All names that could have been meant. */
export function* knownNames(scope: Scope): Iterable<string> {
  yield* scope.names()
  yield* scope.frame.host.globals.keys()
  yield* scope.frame.host.names()
  yield* globals.keys()
}
