import type { Agent } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * Makes a request fail whose connection ends in the middle of the answer. The driver's HTTP client copies the answer
 * into a stream of its own without noticing that its source broke off, and would wait for the rest for a quarter of an
 * hour. (node-fetch 2, docs: only chunked answers are checked.)
 */
export function failOnTruncatedAnswers(agent: Agent): void {
  const create: unknown = Reflect.get(agent, 'createConnection')
  if (typeof create !== 'function') return
  Object.defineProperty(agent, 'createConnection', {
    value: (...options: readonly unknown[]): Socket => {
      const socket = create.apply(agent, options) as Socket
      // Before Node's own listener, which takes the answer apart.
      socket.prependListener('close', () => failAnswer(socket))
      return socket
    },
  })
}

function failAnswer(socket: Socket): void {
  const answer = part(part(socket, '_httpMessage'), 'res')
  if (answer === undefined || Reflect.get(answer, 'complete') === true) return
  const copies: unknown = Reflect.get(part(answer, '_readableState') ?? {}, 'pipes')
  for (const copy of Array.isArray(copies) ? (copies as readonly Readable[]) : []) {
    copy.destroy(new Error('premature close: the connection ended in the middle of an answer'))
  }
}

function part(of: object | undefined, name: string): object | undefined {
  const value: unknown = of === undefined ? undefined : Reflect.get(of, name)
  return typeof value === 'object' && value !== null ? value : undefined
}
