import type { Value } from '../types.js'
import { bindArguments, type Given, signature } from './signature.js'

/** What a filter may ask of the evaluator: filters and tests by their names, as `map('upper')` needs. */
export interface FilterContext {
  filter(name: string, value: Value, given: Given): Value
  test(name: string, value: Value, given: Given): boolean
}

/** A filter: takes the value before the bar. */
export type Filter = (value: Value, given: Given, context: FilterContext) => Value

/** A filter with named parameters, see `signature`. */
export function filter(
  name: string,
  spec: string,
  run: (value: Value, args: readonly (Value | undefined)[]) => Value,
): [string, Filter] {
  const parameters = signature(spec)
  return [name, (value, given) => run(value, bindArguments(`the filter '${name}'`, parameters, given))]
}
