import { describe, expect, test } from 'vitest'
import { ProjectError } from '../core/index.js'
import { commands, notBuiltYet } from './commands.js'
import { parseCommand } from './parse-command.js'

const style = { color: false, columns: 100, environment: {} }

describe('parsing a command line', () => {
  test('global options stand before or after the command', () => {
    const before = started(['-q', '--env', 'prod', '--project', 'shop', 'run'])
    const after = started(['run', '-q', '--env', 'prod', '--project', 'shop'])
    expect(before).toEqual(after)
    expect(after.flags).toMatchObject({ quiet: true, env: 'prod', project: 'shop' })
  })

  test('the project is the first word', () => {
    expect(started(['run', 'shop', '--select', 'a', 'b']).words).toEqual(['shop'])
  })

  test('words of one --select are one list, each further flag a list of its own', () => {
    const { flags } = started(['run', '--select', 'a', 'tag:b', '-s', 'c', '--exclude', 'd', 'e'])
    expect(flags).toMatchObject({ select: [['a', 'tag:b'], ['c']], exclude: [['d', 'e']] })
  })

  test('short flags can be joined', () => {
    expect(started(['run', '-fxq', '-s', 'a', '-t', 'ci']).flags).toMatchObject({
      fullRefresh: true,
      failFast: true,
      quiet: true,
      select: [['a']],
      env: 'ci',
    })
  })

  test('an alias means its command', () => {
    expect(started(['list']).name).toBe('ls')
  })

  test('nothing at all prints the help', () => {
    expect(printed([])).toContain('Usage: fft <command>')
  })

  test('the help of each command has its usage', () => {
    for (const { name } of commands) {
      expect(printed([name, '--help'])).toContain(`Usage: fft ${name}`)
      expect(printed(['help', name])).toBe(printed([name, '--help']))
    }
  })

  test('the help names no command that does not work yet', () => {
    const help = printed(['--help'])
    for (const name of notBuiltYet.commands) expect(help).not.toMatch(new RegExp(`^ +${name} `, 'm'))
  })

  test('examples in the help can be parsed', () => {
    for (const [line] of commands.flatMap((it) => it.examples)) {
      expect(() => parseCommand(line.replace(/ >>.*/, '').split(' ').slice(1), style)).not.toThrow()
    }
  })
})

describe('a command line that cannot be followed', () => {
  test.each([
    [['rnu'], 'unknown-command', "did you mean 'run'?"],
    [['state', 'shw'], 'unknown-command', "did you mean 'show'?"],
    [['run', '--selct', 'a'], 'unknown-option', "did you mean '--select'?"],
    [['run', '--full-refesh=1'], 'unknown-option', "did you mean '--full-refresh'?"],
    [['run', '--jobs', 'x'], 'bad-option-value', 'give a whole number from 1 on, or auto'],
    [['run', '--jobs', '0'], 'bad-option-value', 'give a whole number from 1 on, or auto'],
    [['run', '--jobs'], 'option-without-value', 'see fft run --help'],
    [['run', '--select'], 'option-without-value', 'see fft run --help'],
    [['run', '--select', ''], 'bad-option-value', 'an empty value selects nothing: name a node or leave the flag out'],
    [['run', '--cache', 'none'], 'bad-option-value', 'allowed: rw, ro, wo, off'],
    [['ls', '--output', 'jsno'], 'bad-option-value', "did you mean 'json'?"],
    [['run', 'shop', 'orders'], 'too-many-arguments', 'to choose models: fft run --select orders'],
    [['init'], 'missing-argument', 'see fft init --help'],
    [['utest', '--any'], 'not-built-yet', 'fft --help lists what works'],
    [['-q', 'verify', 'x', 'y'], 'not-built-yet', 'fft --help lists what works'],
    [['state', 'gaps', 'orders', '--json'], 'not-built-yet', 'fft --help lists what works'],
  ])('%j is %s', (argv, code, hint) => {
    expect(faultOf(argv)).toMatchObject({ code, hint })
  })
})

function started(argv: readonly string[]) {
  const request = parseCommand(argv, style)
  if (request.kind !== 'start') throw new Error(request.text)
  return { name: request.spec.name, words: request.words, flags: request.flags }
}

function printed(argv: readonly string[]): string {
  const request = parseCommand(argv, style)
  return request.kind === 'print' ? request.text : ''
}

function faultOf(argv: readonly string[]) {
  try {
    parseCommand(argv, style)
  } catch (error) {
    if (error instanceof ProjectError) return error.diagnostics[0]
    throw error
  }
  return undefined
}
