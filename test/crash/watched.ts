import type { Connection, Warehouse } from '../../src/adapters/index.js'

/** The calls on a connection that reach the engine. */
const calls = ['execute', 'query', 'describe', 'load', 'loadSeed', 'begin', 'commit'] as const

/** Told before and after every call that changes or asks the engine; the call's number starts at 1. */
export interface Watch {
  readonly before?: (call: number, name: string, connection: Connection) => void | Promise<void>
  readonly after?: (call: number, name: string) => void | Promise<void>
}

/**
 * The same warehouse, whose connections tell of every call. The product knows nothing of it: it is given a warehouse
 * as any other.
 */
export function watched(warehouse: Warehouse, { before, after }: Watch): Warehouse {
  let count = 0
  const tell = (connection: Connection): Connection =>
    proxy(connection, (name, call) => {
      if (!calls.some((known) => known === name)) return call
      return async (...values) => {
        count += 1
        const mine = count
        await before?.(mine, String(name), connection)
        const result = await call(...values)
        await after?.(mine, String(name))
        return result
      }
    })
  return proxy(warehouse, (name, call) => (name === 'connect' ? async () => tell((await call()) as Connection) : call))
}

type AnyCall = (...values: readonly unknown[]) => unknown

function proxy<Target extends object>(target: Target, wrap: (name: string | symbol, call: AnyCall) => AnyCall): Target {
  return new Proxy(target, {
    get: (from, name) => {
      const member: unknown = Reflect.get(from, name, from)
      return typeof member === 'function' ? wrap(name, member.bind(from)) : member
    },
  })
}
