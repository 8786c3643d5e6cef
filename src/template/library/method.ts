import type { Value } from '../types.js'
import { bindArguments, type Given, signature } from './signature.js'

/** A method of a built-in type: takes the value that it is called on. */
export type Method<Self> = (self: Self, given: Given, name: string) => Value

/** A method with named parameters, see `signature`. */
export function method<Self>(
  spec: string,
  run: (self: Self, args: readonly (Value | undefined)[]) => Value,
): Method<Self> {
  const parameters = signature(spec)
  return (self, given, name) => run(self, bindArguments(`${name}()`, parameters, given))
}

/** A method that takes whatever it is given. */
export function rawMethod<Self>(run: (self: Self, given: Given) => Value): Method<Self> {
  return run
}
