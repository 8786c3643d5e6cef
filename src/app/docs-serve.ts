import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { FftError } from '../core/index.js'
import { generateDocs } from './docs.js'
import type { AppContext, ServeOptions } from './options.js'

/** What is served, and as what; nothing else of the folder is. */
const served: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'catalog.json': 'application/json',
  'manifest.json': 'application/json',
}

/** `fft docs serve`: makes the documentation and shows it to this machine until it is stopped. Gives the exit code. */
export async function docsServeCommand(options: ServeOptions, app: AppContext): Promise<number> {
  const server = serverOf(await generateDocs(options, app))
  await listen(server, options.port)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  app.emit({ type: 'notice', message: `http://localhost:${port} shows the documentation; Ctrl-C stops it` })
  if (!app.signal.aborted) await once(app.signal, 'abort')
  server.closeAllConnections()
  server.close()
  return 0
}

function serverOf(folder: string): Server {
  return createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/, '').slice(1)
    const name = path === '' ? 'index.html' : path
    const type = Object.hasOwn(served, name) ? served[name] : undefined
    if (type === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
      return
    }
    readFile(join(folder, name)).then(
      (content) => response.writeHead(200, { 'content-type': type }).end(content),
      () => response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n'),
    )
  })
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    const message = `port ${port} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new FftError(message, { code: 'port-taken', hint: 'give another one: --port 8081', cause })
  }
}
