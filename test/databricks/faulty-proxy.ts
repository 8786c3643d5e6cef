import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SparkPlace } from '../../tools/spark/answers.js'

/**
 * What goes wrong with one request: it never reaches the server; its answer is lost; a status in its place, with what
 * the server asks to wait; half of its answer.
 */
export type Fault =
  | { readonly kind: 'lost_request' }
  | { readonly kind: 'lost_answer'; readonly afterMs?: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'half_answer' }

/** Stands between a client and a real server, and lets requests of a Thrift method fail as it is told. */
export interface FaultyProxy {
  readonly place: SparkPlace
  /** The next requests of the method meet these faults, one each. */
  fail(method: string, ...faults: readonly Fault[]): void
  /** The answer to the next statement that has this text in it is lost, once it has ended at the server. */
  losesAnswersTo(text: string): void
  /** The server refuses statements that set something of Delta's from now on, as SQL warehouses do. */
  refuseDeltaSettings(): void
  /** How many requests of the method reached the server. */
  reached(method: string): number
  close(): Promise<void>
}

export async function faultyProxy(server: SparkPlace): Promise<FaultyProxy> {
  const faults = new Map<string, Fault[]>()
  const counts = new Map<string, number>()
  let lostText: string | undefined
  let refusesSettings = false
  const proxy = createServer((incoming, answer) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const sent = Buffer.concat(parts)
      // Of the same length, so that the message stays whole; the server itself says that it does not know it.
      const body = refusesSettings ? replaced(sent, 'set `spark.databricks', 'sot `spark.databricks') : sent
      const method = methodOf(body)
      const isLost = lostText !== undefined && method === 'ExecuteStatement' && body.includes(lostText)
      if (isLost) lostText = undefined
      const fault = isLost ? ({ kind: 'lost_answer', afterMs: 3_000 } as const) : faults.get(method)?.shift()
      if (fault?.kind === 'lost_request') return void answer.destroy()
      if (fault?.kind === 'status') return void refuse(answer, fault)
      counts.set(method, (counts.get(method) ?? 0) + 1)
      const { host, port, httpPath: path } = server
      const onward = request({ host, port, path, method: 'POST', headers: incoming.headers }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () => {
          if (fault?.kind === 'lost_answer') return void setTimeout(() => answer.destroy(), fault.afterMs ?? 0)
          const whole = Buffer.concat(chunks)
          answer.writeHead(reply.statusCode ?? 500, {
            'Content-Type': 'application/x-thrift',
            'Content-Length': whole.length,
          })
          if (fault?.kind !== 'half_answer') return void answer.end(whole)
          answer.write(whole.subarray(0, whole.length / 2))
          setTimeout(() => answer.destroy(), 20)
        })
      })
      onward.on('error', () => answer.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return {
    place: { ...server, host: '127.0.0.1', port },
    fail: (method, ...added) => void faults.set(method, [...added]),
    losesAnswersTo: (text) => {
      lostText = text
    },
    refuseDeltaSettings: () => {
      refusesSettings = true
    },
    reached: (method) => counts.get(method) ?? 0,
    close: async () => {
      const closed = new Promise((resolve) => proxy.close(resolve))
      proxy.closeAllConnections()
      await closed
    },
  }
}

/** Thrift's binary protocol: version, then length and name of the method. */
function methodOf(body: Buffer): string {
  return body.toString('latin1', 8, 8 + body.readInt32BE(4))
}

function refuse(answer: ServerResponse, { status, retryAfterSeconds }: Extract<Fault, { kind: 'status' }>): void {
  answer.writeHead(status, retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) })
  answer.end()
}

function replaced(body: Buffer, text: string, by: string): Buffer {
  const at = body.indexOf(text)
  return at === -1 ? body : Buffer.concat([body.subarray(0, at), Buffer.from(by), body.subarray(at + text.length)])
}
