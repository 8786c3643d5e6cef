import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { keeperCommand } from '../../tools/spark/server.js'
import { sparkMissing, sparkPatienceMs } from './server.js'

describe.skipIf(sparkMissing !== undefined)(
  `the process that keeps Spark${sparkMissing ? ` (${sparkMissing})` : ''}`,
  () => {
    test(
      'ends the server and removes its folder when whom it serves is killed',
      async () => {
        const [command, options] = keeperCommand('0')
        // A process in between, which is killed and so cannot say goodbye.
        const parent = spawn(process.execPath, ['-e', parentProgram, command, ...options], {
          stdio: ['pipe', 'pipe', 'inherit'],
        })
        const [chunk] = (await once(parent.stdout, 'data')) as [Buffer]
        const { pid, folder } = JSON.parse(chunk.toString()) as { readonly pid: number; readonly folder: string }
        expect([isAlive(pid), existsSync(folder)]).toEqual([true, true])
        parent.kill('SIGKILL')
        await expect.poll(() => [isAlive(pid), existsSync(folder)], { timeout: 20_000 }).toEqual([false, false])
      },
      sparkPatienceMs,
    )
  },
)

const parentProgram = `
  const [command, ...options] = process.argv.slice(1)
  const keeper = require('node:child_process').spawn(command, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  keeper.stdout.pipe(process.stdout)`

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
