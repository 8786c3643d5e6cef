import { type Host, runCli } from '../../src/cli/run-cli.js'
import { type Outcome, readEvents } from './outcome.js'

/** Runs a command line in this process, as `fft` would; the environment is empty but for `environment`. */
export async function runFft(
  argv: readonly string[],
  dir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' }
  const output = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text
    },
    isTerminal: false,
    columns: () => 120,
  })
  const host: Host = {
    argv: [...argv, '--log-format', 'json'],
    cwd: dir,
    environment,
    stdout: output('stdout'),
    stderr: output('stderr'),
    isInputTerminal: false,
    signal: new AbortController().signal,
    now: () => new Date(),
    ask: async () => false,
  }
  const code = await runCli(host)
  return readEvents({ code, ...written })
}
