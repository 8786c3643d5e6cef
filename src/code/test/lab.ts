import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { adapterOf, type Column, type ColumnBatch, type Connection, type Warehouse } from '../../adapters/index.js'
import { FftError, sqlText, text } from '../../core/index.js'
import { loadCodeModels } from '../load-code-models.js'
import type { ModelFacts } from '../model-context.js'
import { runCodeModel } from '../run-code-model.js'

interface RunSettings {
  readonly deps?: readonly string[]
  readonly options?: string
  readonly facts?: Partial<ModelFacts>
  readonly existing?: readonly Column[]
  readonly head?: string
  readonly costlyPullRows?: number
}

let warehouse: Warehouse

/** A project folder and a database with a few tables; made before the first test of the file that imports this. */
export const lab = { projectDir: '', openReaders: 0, connection: () => connection }
let connection: Connection

beforeAll(async () => {
  lab.projectDir = mkdtempSync(join(tmpdir(), 'fft-run-code-'))
  mkdirSync(join(lab.projectDir, 'models'))
  const adapter = await adapterOf('duckdb')
  warehouse = await adapter.open({
    profile: {
      env: 'dev',
      engine: 'duckdb',
      settings: { path: join(lab.projectDir, 'w.duckdb'), schema: 'main' },
      sources: [],
      vars: {},
    },
    waitLockMs: 0,
  })
  connection = await warehouse.connect()
  await connection.execute(
    text(`create table events as select * from (values
      (9007199254740993, 'a', 1.5::decimal(18,3), timestamp '2024-01-01 10:00:00.123456', null),
      (2, 'b', null, timestamp '2024-01-02', 7)) t(id, name, amount, updated_at, n)`),
  )
  await connection.execute(text('create table users as select 1::bigint as id, current_date as born'))
  await connection.execute(text('create table empty as select * from events limit 0'))
  await connection.execute(text(`create table many as select i as id, 'n' || i as name from range(50000) t(i)`))
})

afterAll(async () => {
  await connection.close()
  await warehouse.close()
  rmSync(lab.projectDir, { recursive: true, force: true })
})

/** Runs a code model with that function. */
export async function start(build: string, settings: RunSettings = {}) {
  const { deps = [], options = '', facts = {}, existing, head = '', costlyPullRows } = settings
  const source = `import { model, sql } from 'fastflowtransform'\n${head}
export default model({ deps: ${JSON.stringify(deps)}, ${options} },
${build}
)\n`
  writeFileSync(join(lab.projectDir, 'models/m.ff.ts'), source)
  const { models, diagnostics } = await loadCodeModels([{ path: 'models/m.ff.ts', text: source }], {
    projectDir: lab.projectDir,
  })
  expect(diagnostics).toEqual([])
  const [model] = models
  if (model === undefined) throw new Error('the model was not loaded')
  const inputs = await Promise.all(
    deps.map(async (dep) => {
      const columns = await connection.describe(text(`select * from ${dep}`))
      return [dep, { relationSql: `"main"."${dep}"`, columns }] as const
    }),
  )
  return runCodeModel({
    model,
    inputs: Object.fromEntries(inputs),
    dialect: { ...warehouse.dialect, ...(costlyPullRows === undefined ? {} : { costlyPullRows }) },
    existing,
    openReader: async () => {
      const reader = await warehouse.connect()
      lab.openReaders++
      const close = reader.close.bind(reader)
      return Object.assign(reader, {
        close: () => {
          lab.openReaders--
          return close()
        },
      })
    },
    facts: {
      engine: 'duckdb',
      env: 'dev',
      environment: { TOKEN: 'x' },
      vars: { day: '2024-01-01' },
      now: new Date('2024-05-01T00:00:00Z'),
      isIncremental: false,
      isFullRefresh: false,
      watermark: (column) => (column === 'updated_at' ? '2024-01-01 00:00:00' : null),
      relation: { schema: 'main', identifier: 'm' },
      target: { name: 'dev' },
      log: () => {},
      signal: new AbortController().signal,
      ...facts,
    },
  })
}

/** Columns as `name type`, and the rows. */
export async function run(build: string, settings: RunSettings = {}) {
  const result = await start(build, settings)
  if (result.kind === 'sql') return { sql: sqlText(result.sql) }
  try {
    const batches: ColumnBatch[] = []
    for await (const batch of result.batches) batches.push(batch)
    const rows = batches.flatMap(({ values }) => (values[0] ?? []).map((_, row) => values.map((each) => each[row])))
    return { columns: result.columns.map(({ name, type }) => `${name} ${type}`), rows }
  } finally {
    await result.close()
  }
}

/** What it throws. */
export async function failureOf(build: string, settings: RunSettings = {}): Promise<FftError> {
  try {
    await run(build, settings)
  } catch (error) {
    if (error instanceof FftError) return error
    throw error
  }
  throw new Error('it did not fail')
}
