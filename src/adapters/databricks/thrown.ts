/** What the driver throws: not all of it is an Error. */
export interface Thrown {
  readonly message: string
  /** The name of its class. */
  readonly kind: string
  get(key: string): unknown
}

/** Reads a thrown value; undefined for what has no message. */
export function thrownOf(value: unknown): Thrown | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const message: unknown = Reflect.get(value, 'message')
  if (typeof message !== 'string') return undefined
  return { message, kind: value.constructor.name, get: (key) => Reflect.get(value, key) }
}

/** The thrown value and what caused it, the outermost first. */
export function thrownChain(value: unknown): readonly Thrown[] {
  const chain: Thrown[] = []
  for (let at = value; chain.length < 5; ) {
    const thrown = thrownOf(at)
    if (thrown === undefined) break
    chain.push(thrown)
    at = thrown.get('cause') ?? thrown.get('payload')
  }
  return chain
}
