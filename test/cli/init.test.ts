import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runFft } from '../support/run-fft.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fft-init-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const init = (...argv: readonly string[]) => runFft(['init', 'shop', ...argv], dir)

test.each([
  [[], 'duckdb'],
  [['--engine', 'duckdb'], 'duckdb'],
  [['--engine', 'postgres'], 'postgres'],
  [['--engine', 'databricks_spark'], 'databricks'],
])('init %j makes a project that compiles for %s', async (argv, engine) => {
  expect((await init(...argv)).code).toBe(0)
  const project = join(dir, 'shop')
  expect([existsSync(join(project, 'profiles.postgres.yml')), existsSync(join(project, '.gitignore'))]).toEqual([
    false,
    true,
  ])
  const { code } = await runFft(['compile'], project)
  const manifest = JSON.parse(readFileSync(join(project, 'target/manifest.json'), 'utf8'))
  expect([code, manifest.metadata.adapter_type]).toEqual([0, engine])
})

test('init refuses an engine that fft does not speak, and makes nothing', async () => {
  const { code, faults } = await init('--engine', 'postgrs')
  expect([code, faults]).toMatchObject([2, [{ code: 'engine-unknown', hint: "did you mean 'postgres'?" }]])
  expect(existsSync(join(dir, 'shop'))).toBe(false)
})
