/** The value, or what `fallback` gives when there is none; unlike `??` it keeps None. */
export function orElse<T>(value: T | undefined, fallback: () => T): T {
  return value === undefined ? fallback() : value
}
