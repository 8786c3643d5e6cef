import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { compile, run } from '../../src/index.js'
import { projectFolder } from '../support/project-folder.js'

afterEach(() => vi.unstubAllEnvs())

test('a program takes FFT_NOW for the time, and writes no secret into an artifact', async () => {
  vi.stubEnv('FFT_NOW', '2024-03-01')
  const folder = await projectFolder({
    engine: 'duckdb',
    duckdb: { path: 'lab.duckdb', settings: { my_token: 'k7-x9' } },
  })
  try {
    await folder.write({ 'models/a.ff.sql': "select 'k7-x9' as x, '{{ run_started_at.date() }}' as day\n" })
    expect(await compile({ projectDir: folder.dir })).toEqual({
      'model.lab.a': "select 'k7-x9' as x, '2024-03-01' as day",
    })
    await run({ projectDir: folder.dir }).catch(() => {})
    const results = readFileSync(join(folder.dir, 'target/run_results.json'), 'utf8')
    expect(JSON.parse(results).metadata.env.FFT_NOW).toBe('2024-03-01T00:00:00.000Z')
    expect(readFileSync(join(folder.dir, 'target/manifest.json'), 'utf8')).not.toContain('k7-x9')
  } finally {
    await folder.end()
  }
})
