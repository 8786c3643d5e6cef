import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseCommand } from './parse-command.js'
import { type Parsed, readLs, readRun, readShow, readState } from './read-options.js'

const cwd = resolve('.')

describe('options of run', () => {
  test('without flags they are the defaults', async () => {
    expect(await readRun(parsed('run'))).toEqual({
      projectDir: cwd,
      vars: {},
      environment: {},
      interactive: false,
      select: [],
      exclude: [],
      resourceTypes: [],
      allowEmpty: false,
      withParents: false,
      fullRefresh: false,
      jobs: 'auto',
      failFast: false,
      cache: 'rw',
      rebuild: false,
      waitLockMs: 60_000,
      dryRun: false,
      backfillColumns: false,
      batches: false,
      defer: false,
      empty: false,
      storeFailures: false,
      reports: [],
    })
  })

  test('flags are read as what they mean', async () => {
    const line =
      'run src -t ci --vars a=1 --vars b=x --jobs 3 --wait-lock 1.5 --no-cache --report junit=a.xml --resource-type model test'
    expect(await readRun(parsed(line))).toMatchObject({
      projectDir: resolve('src'),
      env: 'ci',
      vars: { a: 1, b: 'x' },
      jobs: 3,
      waitLockMs: 1500,
      cache: 'off',
      reports: ['junit=a.xml'],
      resourceTypes: ['model', 'test'],
    })
  })

  test('--target is --env, and two different ones are refused', async () => {
    expect(await readRun(parsed('run --target ci'))).toMatchObject({ env: 'ci' })
    await expect(readRun(parsed('run --target ci --env dev'))).rejects.toThrow('exclude each other')
  })

  test('a word that is no folder is refused', async () => {
    await expect(readRun(parsed('run orders'))).rejects.toMatchObject({
      diagnostics: [{ code: 'no-such-folder', hint: expect.stringContaining('fft run --select orders') }],
    })
  })

  test('two different projects are refused', async () => {
    await expect(readRun(parsed('run src --project test'))).rejects.toThrow('the project is given twice')
  })

  test('--fail-fast and --keep-going exclude each other', async () => {
    await expect(readRun(parsed('run -x --keep-going'))).rejects.toThrow('exclude each other')
  })

  test('a report needs a known kind', async () => {
    await expect(readRun(parsed('run --report html=a'))).rejects.toThrow('--report')
  })
})

test('FFT_TARGET_PATH is the default of --target-path', async () => {
  const withPath = { ...parsed('ls'), environment: { FFT_TARGET_PATH: 'out' } }
  expect(await readLs(withPath)).toMatchObject({ targetPath: resolve('out') })
  expect(await readLs({ ...withPath, flags: { targetPath: 'mine' } })).toMatchObject({ targetPath: resolve('mine') })
})

test('show has its own limit and output', async () => {
  expect(await readShow(parsed('show -s a --limit 0 --output json'))).toMatchObject({ limit: 0, output: 'json' })
  expect(await readShow(parsed('show -s a'))).toMatchObject({ limit: 10, output: 'table' })
})

test('state set takes a model and columns', async () => {
  expect(await readState('set', parsed('state set orders updated_at=2024-01-01 n=a=b'))).toMatchObject({
    action: 'set',
    model: 'orders',
    values: [
      { column: 'updated_at', value: '2024-01-01' },
      { column: 'n', value: 'a=b' },
    ],
  })
  await expect(readState('set', parsed('state set orders updated_at'))).rejects.toThrow('updated_at')
})

function parsed(line: string): Parsed {
  const request = parseCommand(line.split(' '), { color: false, columns: 100, environment: {} })
  if (request.kind !== 'start') throw new Error(request.text)
  const { spec, words, flags } = request
  const takesModels = spec.name === 'run'
  return { command: spec.name, takesModels, words, flags, cwd, environment: {}, interactive: false }
}
