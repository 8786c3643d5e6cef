import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RunningCommand, runBuilt, startBuilt } from '../support/built-command.js'
import { queriesOnFile, queryFile } from '../support/duckdb-file.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'

const config = "materialized='incremental', unique_key='id'"
const slow = 'select count(*) as id from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3'

describe('Ctrl-C while a statement of the built command runs', () => {
  let folder: ProjectFolder
  let path: string
  beforeEach(async () => {
    folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'warehouse.duckdb' } })
    path = join(folder.dir, 'warehouse.duckdb')
    await folder.write({ 'models/m.ff.sql': `{{ config(${config}) }}\nselect 1 as id\n` })
    expect((await runBuilt(['run'], folder.dir)).code).toBe(0)
  })
  afterEach(() => folder.end())

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: exit code %i, the old rows are there, nothing holds the database', async (signal, code) => {
    await folder.write({ 'models/m.ff.sql': `{{ config(${config}) }}\n${slow}\n` })
    const running = startBuilt(['run'], folder.dir)
    const { child, ended } = running
    await nodeStarted(running)
    await sleep(300)
    const pressed = performance.now()
    child.kill(signal)
    const outcome = await ended
    expect(outcome.code, outcome.stderr).toBe(code)
    expect(performance.now() - pressed).toBeLessThan(5000)
    expect(await queryFile(path, 'select * from m')).toEqual([['1']])
    const leftovers = "select table_name from information_schema.tables where table_name like '\\_\\_fft%' escape '\\'"
    expect(await queryFile(path, leftovers)).toEqual([])
    await folder.write({ 'models/m.ff.sql': `{{ config(${config}) }}\nselect 2 as id\n` })
    expect((await runBuilt(['run'], folder.dir)).code).toBe(0)
    expect(await queryFile(path, 'select * from m order by id')).toEqual([['1'], ['2']])
  })

  test('a child of the cancelled node is not started', async () => {
    await folder.write({
      'models/m.ff.sql': `{{ config(${config}) }}\n${slow}\n`,
      'models/n.ff.sql': "select * from {{ ref('m') }}\n",
    })
    const running = startBuilt(['run'], folder.dir)
    const { child, ended } = running
    await nodeStarted(running)
    await sleep(300)
    child.kill('SIGINT')
    const outcome = await ended
    expect(outcome.code).toBe(130)
    expect(outcome.nodes['n']?.status).toBe('skipped')
    const [tables] = await queriesOnFile(path, [
      "select table_name from information_schema.tables where table_schema = 'main'",
    ])
    expect(tables).toEqual([['m']])
  })
})

describe('two runs at once on one database', () => {
  test.each([
    ['by default', []],
    ['with --wait-lock 60', ['--wait-lock', '60']],
  ])('%s the second waits for the first, says who holds the database, and both end well', async (_, flags) => {
    const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'warehouse.duckdb' } })
    try {
      const some = 'select i as id, i % 7 as v from range(3000000) r(i) where hash(i) % 2 = 0'
      await folder.write({ 'models/m.ff.sql': `{{ config(${config}) }}\n${some}\n` })
      const first = startBuilt(['run'], folder.dir)
      await nodeStarted(first)
      const second = await runBuilt(['run', ...flags], folder.dir)
      expect((await first.ended).nodes['m']?.detail).toBe('created')
      expect(second.code, second.stderr).toBe(0)
      expect(second.nodes['m']?.rows_affected).toBe(0)
      expect(second.stderr).toMatch(new RegExp(`waiting_for_lock.*${first.child.pid}`))
    } finally {
      await folder.end()
    }
  })

  test('with --wait-lock 0 the second fails at once and names the holder', async () => {
    const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'warehouse.duckdb' } })
    try {
      await folder.write({ 'models/m.ff.sql': `{{ config(${config}) }}\n${slow}\n` })
      const running = startBuilt(['run'], folder.dir)
      const { child, ended } = running
      await nodeStarted(running)
      const second = await runBuilt(['run', '--wait-lock', '0'], folder.dir)
      child.kill('SIGINT')
      await ended
      expect(second.code).toBe(1)
      expect(second.faults.map(({ code, message }) => [code, message?.includes(String(child.pid))])).toEqual([
        ['database-locked', true],
      ])
    } finally {
      await folder.end()
    }
  })
})

/** Resolves when the command says that its first node runs. */
async function nodeStarted({ child }: RunningCommand): Promise<void> {
  let stderr = ''
  child.stderr?.on('data', (part) => {
    stderr += part
  })
  while (!stderr.includes('node_started')) await once(child.stderr ?? child, 'data')
}
