import { describe, expect, it } from 'vitest'
import { text } from '../core/index.js'
import { failureOf, lab, run, start } from './test/lab.js'

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
    await lab.connection().execute(text(`create or replace table odd as select 1 as "__proto__", 2 as "constructor"`))
    const build = 'async function* ({ odd }) { for await (const row of odd.rows()) yield row }'
    expect(await run(build, { deps: ['odd'] })).toEqual({
      columns: ['__proto__ INTEGER', 'constructor INTEGER'],
      rows: [[1, 2]],
    })
  })
})
