import { type Host, type Output, runCli } from './run-cli.js'

/** Runs the command line of this process; sets its exit code and ends it. */
export async function main(): Promise<void> {
  const { signal, codeOf } = watchSignals()
  const host: Host = {
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    environment: process.env,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    isInputTerminal: process.stdin.isTTY === true,
    signal,
    now: () => new Date(),
    ask,
  }
  const code = codeOf(await runCli(host))
  await Promise.all([drain(process.stdout), drain(process.stderr)])
  // Engines keep threads and timers; nothing of theirs is waited for.
  process.exit(code)
}

/** The first Ctrl-C (or SIGTERM) cancels, the second one ends the process at once. */
function watchSignals(): { signal: AbortSignal; codeOf: (code: number) => number } {
  const controller = new AbortController()
  let received: 'SIGINT' | 'SIGTERM' | undefined
  const exitCode = (): number => (received === 'SIGTERM' ? 143 : 130)
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (received !== undefined) {
        if (process.stderr.isTTY) process.stderr.write('\u001b[?25h')
        process.exit(exitCode())
      }
      received = name
      controller.abort(new Error(`cancelled by ${name}`))
    })
  }
  return { signal: controller.signal, codeOf: (code) => (received === undefined ? code : exitCode()) }
}

/** Text that nobody reads any more (`fft ls | head`) is dropped quietly. */
function outputOf(stream: NodeJS.WriteStream): Output {
  let isClosed = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    isClosed = true
  })
  return {
    write: (text) => {
      if (!isClosed) stream.write(text)
    },
    isTerminal: stream.isTTY === true,
    // Some terminals say 0.
    columns: () => stream.columns || 120,
  }
}

async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim())
  } finally {
    prompt.close()
  }
}

function drain(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve()
    else stream.write('', () => resolve())
  })
}
