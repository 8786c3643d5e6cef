import { describe, expect, test } from 'vitest'
import { type Host, runCli } from './run-cli.js'

describe('running a command line', () => {
  test('without arguments prints the help to standard output and is no fault', async () => {
    const { code, stdout, stderr } = await run([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Usage: fft <command>')
  })

  test('a fault of usage is a diagnostic on standard error and exit code 2', async () => {
    expect(await run(['rnu'])).toEqual({
      code: 2,
      stdout: '',
      stderr: "error[unknown-command]: unknown command 'rnu'\n  hint: did you mean 'run'?\n",
    })
  })

  test('with --log-format json a fault of usage is a line of JSON', async () => {
    const { code, stderr } = await run(['--log-format', 'json', 'run', '--selct', 'a'])
    expect(code).toBe(2)
    expect(JSON.parse(stderr)).toMatchObject({
      type: 'diagnostic',
      code: 'unknown-option',
      hint: "did you mean '--select'?",
    })
  })

  test('a time in FFT_NOW that is none is exit code 2', async () => {
    const { code, stderr } = await run(['completion', 'bash'], { environment: { FFT_NOW: 'soon' } })
    expect(code).toBe(2)
    expect(stderr).toContain("error[bad-now]: FFT_NOW is 'soon'")
  })

  test('a script for each shell names each command', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = await run(['completion', shell])
      expect(code).toBe(0)
      for (const name of ['run', 'build', 'ls', 'full-refresh', 'project']) expect(stdout).toContain(name)
    }
    expect((await run(['completion', 'tcsh'])).code).toBe(2)
  })

  test('colors are for terminals, unless NO_COLOR or --no-color says otherwise', async () => {
    const colored = '\u001b['
    expect((await run(['rnu'], { isTerminal: true })).stderr).toContain(colored)
    expect((await run(['rnu', '--no-color'], { isTerminal: true })).stderr).not.toContain(colored)
    expect((await run(['rnu'], { isTerminal: true, environment: { NO_COLOR: '1' } })).stderr).not.toContain(colored)
    expect((await run(['rnu'], { environment: { FORCE_COLOR: '1' } })).stderr).toContain(colored)
    expect((await run(['--help'], { isTerminal: true })).stdout).toContain(colored)
  })

  test('a command that was cancelled is exit code 130', async () => {
    expect((await run(['completion', 'bash'], { signal: AbortSignal.abort() })).code).toBe(130)
  })
})

interface Setting {
  readonly isTerminal?: boolean
  readonly environment?: Record<string, string>
  readonly signal?: AbortSignal
}

async function run(argv: readonly string[], { isTerminal = false, environment = {}, signal }: Setting = {}) {
  const text = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr'): Host['stdout'] => ({
    write: (part) => {
      text[name] += part
    },
    isTerminal,
    columns: () => 100,
  })
  const code = await runCli({
    argv,
    cwd: '.',
    environment,
    stdout: output('stdout'),
    stderr: output('stderr'),
    isInputTerminal: false,
    signal: signal ?? new AbortController().signal,
    now: () => new Date(0),
    ask: async () => false,
  })
  return { code, ...text }
}
