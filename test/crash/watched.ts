import type { Connection, Warehouse } from '../../src/adapters/index.js'

/** The calls on a connection that reach the engine. */
const calls = ['execute', 'query', 'describe', 'load', 'loadSeed', 'begin', 'commit'] as const
type Call = (typeof calls)[number]

/** Told before and after every call that changes or asks the engine; the call's number starts at 1. */
export interface Watch {
  readonly before?: (call: number, name: Call) => void
  readonly after?: (call: number, name: Call) => void
}

/**
 * The same warehouse, whose connections tell of every call while `isOn`. The product knows nothing of it: it is given
 * a warehouse as any other.
 */
export function watched(warehouse: Warehouse, watch: Watch & { readonly isOn: () => boolean }): Warehouse {
  let count = 0
  const tell = (connection: Connection): Connection =>
    proxy(connection, (name, call) => {
      if (!calls.some((known) => known === name) || !watch.isOn()) return call
      return async (...values: readonly unknown[]) => {
        count += 1
        const mine = count
        watch.before?.(mine, name as Call)
        const result = await call(...values)
        watch.after?.(mine, name as Call)
        return result
      }
    })
  return proxy(warehouse, (name, call) =>
    name === 'connect' ? async () => tell((await call()) as Connection) : call,
  )
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
