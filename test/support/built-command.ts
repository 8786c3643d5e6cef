import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Outcome, readEvents } from './outcome.js'

const command = fileURLToPath(new URL('../../dist/fft.cjs', import.meta.url))

/** The built command, running. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly ended: Promise<Outcome>
}

/** Starts the built command in a folder; the bundle has to be there (`npm run bundle`). */
export function startBuilt(
  argv: readonly string[],
  dir: string,
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  if (!existsSync(command)) throw new Error('dist/fft.cjs is not built: npm run bundle')
  const child = spawn(process.execPath, [command, ...argv, '--log-format', 'json'], {
    cwd: dir,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (part) => {
    written.stdout += part
  })
  child.stderr.on('data', (part) => {
    written.stderr += part
  })
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(readEvents({ code: code ?? -1, ...written })))
  })
  return { child, ended }
}

export function runBuilt(
  argv: readonly string[],
  dir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return startBuilt(argv, dir, environment).ended
}
