import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FftError, text } from '../core/index.js'
import { failureOf, lab, run, start } from './test/lab.js'

describe('the inputs of a code model', () => {
  it('are streamed with back-pressure and closed when the reader stops', async () => {
    const build = `async function* ({ many }) {
      let seen = 0
      try { for await (const row of many.rows()) { seen++; yield row } } finally { globalThis.seenByModel = seen }
    }`
    const result = await start(build, { deps: ['many'] })
    if (result.kind !== 'rows') throw new Error('not rows')
    expect(lab.openReaders).toBe(1)
    for await (const batch of result.batches) {
      expect(batch.values[0]).toHaveLength(20000)
      break
    }
    await result.close()
    expect(Reflect.get(globalThis, 'seenByModel')).toBe(20000)
    expect(lab.openReaders).toBe(0)
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
    expect(lab.openReaders).toBe(0)
  })

  it("that cannot be read fail with the engine's error", async () => {
    await lab.connection().execute(text(`create or replace view broken as select cast('x' || 1 as int) as a`))
    const failure = await failureOf('async ({ broken }) => broken.rows().toArray()', { deps: ['broken'] })
    expect(failure.code).not.toBe('model-threw')
    expect(lab.openReaders).toBe(0)
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
      join(lab.projectDir, 'models/lib.ts'),
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
