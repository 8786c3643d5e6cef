import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapterOf, type Column, type ColumnBatch, type Connection, type Warehouse } from '../adapters/index.js'
import { FftError, sqlText, text } from '../core/index.js'
import { loadCodeModels } from './load-code-models.js'
import type { ModelFacts } from './model-context.js'
import { runCodeModel } from './run-code-model.js'

let projectDir: string
let warehouse: Warehouse
let connection: Connection
let openReaders = 0

beforeAll(async () => {
  projectDir = mkdtempSync(join(tmpdir(), 'fft-run-code-'))
  mkdirSync(join(projectDir, 'models'))
  const adapter = await adapterOf('duckdb')
  warehouse = await adapter.open({
    profile: {
      env: 'dev',
      engine: 'duckdb',
      settings: { path: join(projectDir, 'w.duckdb'), schema: 'main' },
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
  rmSync(projectDir, { recursive: true, force: true })
})

interface RunSettings {
  readonly deps?: readonly string[]
  readonly options?: string
  readonly facts?: Partial<ModelFacts>
  readonly existing?: readonly Column[]
  readonly head?: string
  readonly costlyPullRows?: number
}

async function start(build: string, settings: RunSettings = {}) {
  const { deps = [], options = '', facts = {}, existing, head = '', costlyPullRows } = settings
  const source = `import { model, sql } from 'fastflowtransform'\n${head}
export default model({ deps: ${JSON.stringify(deps)}, ${options} } as any,
${build}
)\n`
  writeFileSync(join(projectDir, 'models/m.ff.ts'), source)
  const { models, diagnostics } = await loadCodeModels([{ path: 'models/m.ff.ts', text: source }], { projectDir })
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
      openReaders++
      const close = reader.close.bind(reader)
      return Object.assign(reader, {
        close: () => {
          openReaders--
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
async function run(build: string, settings: RunSettings = {}) {
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

async function failureOf(build: string, settings: RunSettings = {}): Promise<FftError> {
  try {
    await run(build, settings)
  } catch (error) {
    if (error instanceof FftError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('the result of a code model', () => {
  it('may be a list, an iterable, an async iterable, lists of rows, or a promise of them', async () => {
    const expected = {
      columns: ['a BIGINT', 'b VARCHAR'],
      rows: [
        [1, 'x'],
        [2, null],
      ],
    }
    for (const build of [
      `() => [{ a: 1, b: 'x' }, { a: 2 }]`,
      `async () => [{ a: 1, b: 'x' }, { a: 2, b: undefined }]`,
      `function* () { yield { a: 1, b: 'x' }; yield { b: null, a: 2 } }`,
      `async function* () { yield { a: 1, b: 'x' }; yield { a: 2 } }`,
      `async function* () { yield [{ a: 1, b: 'x' }, { a: 2 }] }`,
      `async function* () { yield []; yield [{ a: 1, b: 'x' }]; yield { a: 2 } }`,
      `() => [Promise.resolve({ a: 1, b: 'x' }), { a: 2 }]`,
      `() => new Set([{ a: 1, b: 'x' }, { a: 2 }])`,
      `() => ({ columns: ['a', 'b'], values: [[1, 2], ['x', undefined]] })`,
      `async function* () { yield { columns: ['a', 'b'], values: [[1], ['x']] }; yield { columns: ['a'], values: [new Int32Array([2])] } }`,
      `async () => { class R { constructor(a, b) { this.a = a; this.b = b } get c() { return 1 } } return [new R(1, 'x'), new R(2, null)] }`,
    ]) {
      expect([build, await run(build)]).toEqual([build, expected])
    }
  })

  it('may be sql with inputs, values, names and fragments, and stays in the engine', async () => {
    const build = `async ({ events }, ctx) => {
      const only = sql\`name in (\${['a', "b'c"]})\`
      return sql\`select \${sql.identifier('id')}, \${1} as one from \${events} join \${events.sql} using (id)
        where \${only} and day > \${ctx.var('day')} and not exists (from \${ctx.relation})\`
    }`
    const { sql } = await run(build, { deps: ['events'] })
    expect(sql).toBe(`select "id", 1 as one from "main"."events" join "main"."events" using (id)
        where name in ('a', 'b''c') and day > '2024-01-01' and not exists (from "main"."m")`)
  })

  it('as sql knows its places in the file', async () => {
    const result = await start(`({ events }) =>\n  sql\`select nope from \${events} where 1\``, { deps: ['events'] })
    expect(result).toMatchObject({
      kind: 'sql',
      sql: [
        { text: 'select nope from ', verbatim: true, span: { file: 'models/m.ff.ts', line: 5, column: 7 } },
        { text: '"main"."events"' },
        { text: ' where 1', span: { line: 5, column: 33 } },
      ],
    })
  })

  it('is left to the engine when an input is returned untouched', async () => {
    for (const build of [
      'async ({ events }) => events.rows()',
      'async ({ events }) => events',
      '({ events }) => events.batches()',
    ]) {
      expect(await run(build, { deps: ['events'] })).toEqual({ sql: 'select * from "main"."events"' })
    }
  })

  it('of an untouched input takes the declared types', async () => {
    const settings = { deps: ['events'], options: `columns: { N: 'decimal(9,2)' }` }
    expect(await run('({ events }) => events.rows()', settings)).toMatchObject({
      columns: ['id BIGINT', 'name VARCHAR', 'amount DECIMAL(18,3)', 'updated_at TIMESTAMP', 'n decimal(9,2)'],
      rows: [
        [9007199254740993n, 'a', '1.500', '2024-01-01 10:00:00.123456', null],
        [2n, 'b', null, '2024-01-02 00:00:00', 7],
      ],
    })
    const empty = await run('({ empty }) => empty.rows()', { ...settings, deps: ['empty'] })
    expect(empty).toMatchObject({ columns: { length: 5 }, rows: [] })
  })
})

describe('the columns of returned rows', () => {
  it('have declared types, else the type of the one input column of that name, else the inferred one', async () => {
    const build = `async function* ({ events }) {
      for await (const { id, updated_at, amount } of events.rows()) {
        yield { ID: id, updated_at, amount, at: '2024-01-01', big: 2n ** 60n, x: 0.5, flag: true, list: [1], d: new Date(0) }
      }
    }`
    const { columns, rows } = await run(build, { deps: ['events'], options: `columns: { AMOUNT: 'decimal(38,9)' }` })
    expect(columns).toEqual([
      'ID BIGINT',
      'updated_at TIMESTAMP',
      'amount decimal(38,9)',
      'at VARCHAR',
      'big BIGINT',
      'x DOUBLE',
      'flag BOOLEAN',
      'list JSON',
      'd TIMESTAMP',
    ])
    expect(rows?.[0]?.slice(0, 3)).toEqual([9007199254740993n, '2024-01-01 10:00:00.123456', '1.500'])
  })

  it('are inferred where two inputs have a column of that name', async () => {
    const { columns } = await run(`() => [{ id: 'text', born: '2024-01-01' }]`, { deps: ['events', 'users'] })
    expect(columns).toEqual(['id VARCHAR', 'born DATE'])
  })

  it('are all there when no row has a declared one', async () => {
    expect(await run('() => [{ a: 1 }]', { options: `columns: { z: 'date' }` })).toEqual({
      columns: ['a BIGINT', 'z date'],
      rows: [[1, null]],
    })
  })

  it('widen from integers to numbers within the first batch only', async () => {
    expect((await run('() => [{ a: 1 }, { a: 1.5 }]')).columns).toEqual(['a DOUBLE'])
    const late = `function* () { for (let i = 0; i < 25000; i++) yield { a: i === 24999 ? 1.5 : i } }`
    const failure = await failureOf(late)
    expect(failure).toMatchObject({ code: 'column-type-changed', hint: "declare its type: columns: { a: '<type>' }" })
    expect(failure.message).toBe(
      "model 'm': column 'a' has the number 1.5 in row 25000, but integers before it, so it is BIGINT",
    )
    expect((await run(late, { options: `columns: { a: 'double' }` })).rows).toHaveLength(25000)
  })

  it('refuse a mixture of kinds', async () => {
    const failure = await failureOf(`() => [{ a: 1 }, { a: null }, { a: 'x' }]`)
    expect(failure.message).toBe("model 'm': column 'a' has the text 'x' in row 3, but integers before it")
    expect(await failureOf('() => [{ a: () => 1 }]')).toMatchObject({ code: 'value-not-storable' })
  })

  it('are fixed by the first batch', async () => {
    const rows = (key: string, value: string) =>
      `async function* () { for (let i = 1; i <= 20001; i++) yield i === 20001 ? { a: i, ${key}: ${value} } : { a: i } }`
    expect(await failureOf(rows('b', '2'))).toMatchObject({
      code: 'column-appeared',
      message: "model 'm': row 20001 has a new column 'b' that the first rows do not have",
    })
    expect((await run(rows('b', 'undefined'))).rows).toHaveLength(20001)
    expect((await run(rows('b', '2'), { options: `columns: { b: 'int' }` })).rows?.at(-1)).toEqual([20001, 2])
    const batches = `function* () { yield { columns: ['a'], values: [Array(20000).fill(1)] }; yield { columns: ['a', 'b'], values: [[1, 1], [null, 5]] } }`
    expect((await failureOf(batches)).message).toContain("row 20002 has a new column 'b'")
    expect(await failureOf(rows('A', '2'))).toMatchObject({ code: 'column-twice' })
  })

  it('ignore letter case as the engine does', async () => {
    expect(await run('() => [{ a: 1 }, { A: 2 }]')).toEqual({ columns: ['a BIGINT'], rows: [[1], [2]] })
    expect((await failureOf('() => [{ a: 1, A: 2 }]')).message).toBe(
      "model 'm': row 1 has 'a' and 'A', which are one column",
    )
  })

  it('of no rows come from the declaration, the relation that is there, or the only input', async () => {
    expect(await run('() => []', { options: `columns: { a: 'int' }`, deps: ['events'] })).toEqual({
      columns: ['a int'],
      rows: [],
    })
    expect(await run('() => []', { existing: [{ name: 'e', type: 'DATE' }] })).toEqual({
      columns: ['e DATE'],
      rows: [],
    })
    expect((await run('() => []', { deps: ['users'] })).columns).toEqual(['id BIGINT', 'born DATE'])
    expect(await failureOf('() => []')).toMatchObject({ code: 'no-columns' })
    expect(await failureOf('() => []', { deps: ['users', 'events'] })).toMatchObject({ code: 'no-columns' })
  })

  it('of a few rows keep the type of the relation that is there when they only look narrower', async () => {
    const existing = [
      { name: 'a', type: 'DOUBLE' },
      { name: 'b', type: 'DATE' },
      { name: 'c', type: 'DATE' },
    ]
    const { columns } = await run(`() => [{ a: 1, b: null, c: 'x' }]`, { existing })
    expect(columns).toEqual(['a DOUBLE', 'b DATE', 'c VARCHAR'])
  })

  it('may have any name', async () => {
    await connection.execute(text(`create or replace table odd as select 1 as "__proto__", 2 as "constructor"`))
    const build = 'async function* ({ odd }) { for await (const row of odd.rows()) yield row }'
    expect(await run(build, { deps: ['odd'] })).toEqual({
      columns: ['__proto__ INTEGER', 'constructor INTEGER'],
      rows: [[1, 2]],
    })
  })
})

describe('the inputs of a code model', () => {
  it('are streamed with back-pressure and closed when the reader stops', async () => {
    const build = `async function* ({ many }) {
      let seen = 0
      try { for await (const row of many.rows()) { seen++; yield row } } finally { globalThis.seenByModel = seen }
    }`
    const result = await start(build, { deps: ['many'] })
    if (result.kind !== 'rows') throw new Error('not rows')
    expect(openReaders).toBe(1)
    for await (const batch of result.batches) {
      expect(batch.values[0]).toHaveLength(20000)
      break
    }
    await result.close()
    expect(Reflect.get(globalThis, 'seenByModel')).toBe(20000)
    expect(openReaders).toBe(0)
  })

  it('are worth one warning when more rows are read than the engine gives cheaply', async () => {
    const build = `async ({ many, users }) => {
      for (const input of [many, users, many]) for await (const _ of input.rows()) {}
      return [{ n: 1 }]
    }`
    const warned = async (costlyPullRows: number) => {
      const said: string[] = []
      await run(build, { deps: ['many', 'users'], facts: { log: (line) => said.push(line) }, costlyPullRows })
      return said
    }
    expect(await warned(30_000)).toEqual([
      'models/m.ff.ts has read more than 30,000 rows out of the engine: return sql`…` to leave the work there',
    ])
    expect(await warned(100_001)).toEqual([])
  })

  it('can be read side by side, again, whole, and by callers that do not wait', async () => {
    const build = `async ({ events, users }) => {
      const users2 = await users.rows().toArray()
      const iterator = events.rows()[Symbol.asyncIterator]()
      const steps = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()])
      const pairs = []
      for await (const e of events.rows()) for await (const u of users.rows()) pairs.push({ e: e.id, u: u.id })
      return [{ users: users2.length, steps: steps.map((s) => s.done).join(), pairs: pairs.length, columns: events.columns.length }]
    }`
    expect((await run(build, { deps: ['events', 'users'] })).rows).toEqual([[1, 'false,false,true,true', 2, 5]])
    expect(openReaders).toBe(0)
  })

  it("that cannot be read fail with the engine's error", async () => {
    await connection.execute(text(`create or replace view broken as select cast('x' || 1 as int) as a`))
    const failure = await failureOf('async ({ broken }) => broken.rows().toArray()', { deps: ['broken'] })
    expect(failure.code).not.toBe('model-threw')
    expect(openReaders).toBe(0)
  })

  it('that the model does not name are refused at their place', async () => {
    expect(await failureOf('async ({ usres }) => usres.rows()', { deps: ['users'] })).toMatchObject({
      code: 'input-missing',
      message: "model 'm' has no input 'usres'",
      hint: "did you mean 'users'?",
      span: { file: 'models/m.ff.ts', line: 4, column: 10 },
    })
    expect(await run('async (inputs) => [{ names: Object.keys(inputs).join() }]', { deps: ['users'] })).toMatchObject({
      rows: [['users']],
    })
  })

  it('say what to install when Arrow is asked for and not there', async () => {
    expect(await failureOf('async ({ users }) => users.arrow()', { deps: ['users'] })).toMatchObject({
      code: 'arrow-not-installed',
      hint: 'install it in the project: npm install apache-arrow',
    })
  })
})

describe('a fault in the code of a model', () => {
  it('is shown at the innermost line of the project', async () => {
    writeFileSync(
      join(projectDir, 'models/lib.ts'),
      `type N = number\nexport function half(n: N) {\n  if (n % 2) throw new Error('odd: ' + n)\n  return n / 2\n}`,
    )
    const head = `import { half } from './lib.ts'`
    const failure = await failureOf('async () => [{ a: half(3) }]', { head })
    expect(failure).toMatchObject({
      code: 'model-threw',
      message: "model 'm' threw: odd: 3",
      span: { file: 'models/lib.ts', line: 3, column: 20 },
    })
    const later = `async function* (_: unknown) {\n  yield { a: 1 }\n  const x: any = undefined; x.y\n}`
    expect(await failureOf(later)).toMatchObject({
      message: "model 'm' threw: TypeError: Cannot read properties of undefined (reading 'y')",
      span: { file: 'models/m.ff.ts', line: 6, column: 31 },
    })
  })

  it('may be anything that can be thrown', async () => {
    expect(await failureOf(`async () => { throw 'no' }`)).toMatchObject({
      code: 'model-threw',
      message: "model 'm' threw: no (not an Error)",
      span: { file: 'models/m.ff.ts', line: 3, column: 16 },
    })
    expect(await failureOf('() => Promise.reject(undefined)')).toMatchObject({ code: 'model-threw' })
    expect(await failureOf('() => Promise.reject({ a: 1n })')).toMatchObject({ code: 'model-threw' })
    expect(await failureOf('() => Promise.reject(new Error("late"))')).toMatchObject({
      message: "model 'm' threw: late",
    })
    expect(await failureOf('async function* () { yield Promise.reject(new Error("in")) }')).toMatchObject({
      code: 'model-threw',
    })
  })

  it('names what was returned when it is no result', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['() => {}', 'returned nothing (undefined)'],
      ['async () => null', 'returned null'],
      ['() => 3', 'returned the number 3'],
      [`() => 'select 1'`, `returned the text 'select 1'`],
      ['() => ({ a: 1, b: 2 })', 'returned an object with the keys a, b'],
      ['() => function* rows() {}', 'returned the function rows, which was not called'],
      [`() => [{ a: 1 }, 'x']`, `gave the text 'x' as row 2`],
      ['() => [[{ a: 1 }, 2]]', 'gave the number 2 as row 2'],
      ['() => new Map([[1, 2]])', 'gave the number 1 as row 1'],
      [`() => ({ columns: ['a'], values: [[1], [2]] })`, 'returned an object with the keys columns, values'],
    ]
    for (const [build, message] of cases) {
      const failure = await failureOf(build)
      expect([build, failure.code, failure.message]).toEqual([build, 'model-result', `model 'm' ${message}`])
    }
  })
})

describe('the context of a code model', () => {
  it("gives the run's facts, variables and watermarks", async () => {
    const build = `(_, ctx) => [{ engine: ctx.engine, env: ctx.env, token: ctx.environment.TOKEN, day: ctx.var('day'),
      other: ctx.var('other', 5), now: ctx.now.toISOString(), w: ctx.watermark('updated_at'), n: String(ctx.watermark('x')),
      full: ctx.isFullRefresh, to: String(ctx.relation), target: ctx.target.name }]`
    expect((await run(build)).rows).toEqual([
      [
        'duckdb',
        'dev',
        'x',
        '2024-01-01',
        5,
        '2024-05-01T00:00:00.000Z',
        '2024-01-01 00:00:00',
        'null',
        false,
        '"main"."m"',
        'dev',
      ],
    ])
  })

  it('refuses a variable without value and default at the call', async () => {
    expect(await failureOf(`(_, ctx) =>\n  [{ a: ctx.var('dya') }]`)).toMatchObject({
      code: 'code-variable-missing',
      hint: "did you mean 'day'?",
      span: { file: 'models/m.ff.ts', line: 5 },
    })
  })

  it('ends code that hangs when the run is cancelled', async () => {
    const controller = new AbortController()
    const reason = new FftError('cancelled', { code: 'cancelled' })
    const running = start('() => new Promise(() => {})', { facts: { signal: controller.signal } })
    setTimeout(() => controller.abort(reason), 10)
    await expect(running).rejects.toBe(reason)
    const between = new AbortController()
    const result = await start(
      'async function* () { for (let i = 0; i < 20000; i++) yield { i }; await new Promise(() => {}) }',
      { facts: { signal: between.signal } },
    )
    if (result.kind !== 'rows') throw new Error('not rows')
    setTimeout(() => between.abort(reason), 10)
    const readAll = async () => {
      for await (const { values } of result.batches) expect(values[0]).toHaveLength(20000)
    }
    await expect(readAll()).rejects.toBe(reason)
    await result.close()
  })
})
