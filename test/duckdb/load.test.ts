import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Column, ColumnBatch, Connection, Warehouse } from '../../src/adapters/index.js'
import { type Relation, text } from '../../src/core/index.js'
import { errorOf, open, rowsOf } from './fixture.js'

let warehouse: Warehouse
let connection: Connection

beforeAll(async () => {
  warehouse = await open()
})
afterAll(() => warehouse.close())
beforeEach(async () => {
  connection = await warehouse.connect()
})

const run = (sql: string) => connection.execute(text(sql))
const t: Relation = { schema: 'main', identifier: 't' }

async function columnsOf(relation: string): Promise<readonly Column[]> {
  return connection.describe(text(`select * from ${relation}`))
}

async function* batchesOf(...batches: readonly ColumnBatch[]): AsyncGenerator<ColumnBatch> {
  yield* batches
}

/** Loads one column of a type into a fresh table and gives back what the engine then holds. */
async function roundTrip(type: string, values: readonly unknown[]): Promise<readonly (string | null)[]> {
  await run(`create or replace table t(v ${type})`)
  await connection.load(t, await columnsOf('t'), batchesOf({ columns: ['v'], values: [values] }))
  return (await rowsOf(connection, 'select v from t')).map(([value]) => value ?? null)
}

const everyType = `select * from (values
  (1, true, 1::tinyint, 2::smallint, 3::utinyint, 4::uinteger, 9007199254740993, 18446744073709551615::ubigint,
   170141183460469231731687303715884105727::hugeint, 1.5::double, 0.1::float, 12.340::decimal(9,3),
   -12345678901234567890.123456789::decimal(38,9), date '2024-02-29', timestamp '2024-01-01 10:11:12.123456',
   timestamptz '2024-01-01 12:00:00.5+02', timestamp_s '2024-01-01 00:00:01', timestamp_ns '2024-01-01 00:00:00.123456789',
   time '10:00:00.5', interval '1 year -3 days 4 hours', 'Grüße 🦆 ''"', 'a\\x00"'::blob, '5b0f4c5e-0a1b-4c2d-8e3f-405162738495'::uuid,
   'x'::enum('x', 'y'), '{"a": [1, null, "z"]}'::json, [1, null, 3], ['a"b', '', null, 'NULL', '[x]', ' y', 'a\\b'],
   {'a': 1.50::decimal(4,2), 'b c': [timestamp '2024-01-01 00:00:00']}, map {'k"': [1], 'l': null}, [1.5, 2]::double[2], '1'::bit,
   '0044-03-15 (BC)'::date, 'infinity'::timestamp, '-infinity'::timestamptz, '12024-01-01'::date, '290000-01-01'::timestamp,
   [{'m': map {1: 'x'}}], 'nan'::double, '10:00:00+02'::timetz)
  ) v(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27, c28, c29,
      c30, c31, c32, c33, c34, c35, c36, c37, c38, c39)`

describe('stream', () => {
  it('gives lossless JavaScript values', async () => {
    const sql = `select 1 as i, 9007199254740993 as b, 1.5::double as d, 0.10::decimal(4,2) as n, date '2024-02-29' as day,
      timestamp '2024-01-01 10:00:00.123456' as ts, timestamptz '2024-01-01 12:00:00+02' as tz, true as t, 'ü' as s, '{"a":1}'::json as j,
      '\\xAA'::blob as x, [1, null] as l, {'a': 1, 'b': date '2024-01-01'} as st, map {'k': 2} as m, interval '1 day' as iv,
      time '10:00:00' as tm, '5b0f4c5e-0a1b-4c2d-8e3f-405162738495'::uuid as u, null::int as nil, 1::hugeint as h, 3::utinyint as ut,
      'x'::enum('x') as e`
    const batches: ColumnBatch[] = []
    for await (const batch of connection.stream(text(sql))) batches.push(batch)
    expect(batches.length).toBe(1)
    const row = Object.fromEntries(
      (batches[0]?.columns ?? []).map((name, index) => [name, batches[0]?.values[index]?.[0]]),
    )
    expect(row).toEqual({
      i: 1,
      b: 9007199254740993n,
      d: 1.5,
      n: '0.10',
      day: '2024-02-29',
      ts: '2024-01-01 10:00:00.123456',
      tz: '2024-01-01 10:00:00+00',
      t: true,
      s: 'ü',
      j: '{"a":1}',
      x: new Uint8Array([0xaa]),
      l: [1, null],
      st: { a: 1, b: '2024-01-01' },
      m: [{ key: 'k', value: 2 }],
      iv: '1 day',
      tm: '10:00:00',
      u: '5b0f4c5e-0a1b-4c2d-8e3f-405162738495',
      nil: null,
      h: 1n,
      ut: 3,
      e: 'x',
    })
  })

  it('keeps every row in order, in batches, with NULLs where they were', async () => {
    let next = 0
    for await (const batch of connection.stream(
      text(
        "select range as n, case when range % 3 = 0 then null else range::varchar || repeat('x', (range % 40)::int) end as s from range(50000)",
      ),
    )) {
      const [numbers = [], texts = []] = batch.values
      expect(numbers.length).toBeLessThanOrEqual(20_000)
      for (let index = 0; index < numbers.length; index++) {
        const expected = next % 3 === 0 ? null : next + 'x'.repeat(next % 40)
        if (numbers[index] !== BigInt(next) || texts[index] !== expected)
          expect([numbers[index], texts[index]]).toEqual([BigInt(next), expected])
        next++
      }
    }
    expect(next).toBe(50_000)
  })

  it('frees the connection when the reader stops early', async () => {
    for await (const batch of connection.stream(text('select range from range(10000000)'))) {
      expect(batch.values.length).toBe(1)
      break
    }
    expect(await rowsOf(connection, 'select 1')).toEqual([['1']])
  })

  it('refuses a statement beside an open stream instead of waiting for ever', async () => {
    const stream = connection.stream(text('select range from range(100000)'))[Symbol.asyncIterator]()
    await stream.next()
    await expect(run('select 1')).rejects.toThrow('before the stream on its connection ended')
    await stream.return?.(undefined)
    expect(await rowsOf(connection, 'select 1')).toEqual([['1']])
  })

  it('fails at the row that fails, as an FftError', async () => {
    const read = async () => {
      for await (const _ of connection.stream(
        text("select case when range = 9000 then error('boom') else range end from range(10000)"),
      )) {
      }
    }
    expect((await errorOf(read())).message).toContain('boom')
    expect(await rowsOf(connection, 'select 1')).toEqual([['1']])
  })
})

describe('load', () => {
  it('takes back everything that a stream gives, unchanged', async () => {
    await run(
      `create or replace table source as from (${everyType}) union all select ${Array.from({ length: 39 }, () => 'null').join(', ')}`,
    )
    await run('create or replace table t as from source limit 0')
    const reader = await warehouse.connect()
    const rows = await connection.load(t, await columnsOf('t'), reader.stream(text('from source')))
    expect(rows).toBe(2)
    expect(await rowsOf(connection, 'from t')).toEqual(await rowsOf(connection, 'from source'))
  })

  it('takes plain JavaScript values', async () => {
    const date = new Date('2024-01-01T10:11:12.123Z')
    const cases: [string, readonly unknown[], readonly (string | null)[]][] = [
      ['bigint', [1, 2n, '3', null, undefined, -1], ['1', '2', '3', null, null, '-1']],
      ['hugeint', [1, 2n ** 100n], ['1', '1267650600228229401496703205376']],
      ['integer', [1n, 2, ' 3 '], ['1', '2', '3']],
      ['double', [1, 0.1, Number.NaN, Number.NEGATIVE_INFINITY], ['1.0', '0.1', 'nan', '-inf']],
      ['double', [1, '2.5', 3n], ['1.0', '2.5', '3.0']],
      ['decimal(9,2)', [1, 1.5, '2.50', 3n, 1e-7, '0.005'], ['1.00', '1.50', '2.50', '3.00', '0.00', '0.01']],
      [
        'decimal(38,3)',
        ['12345678901234567890123456789012345.678', -0.5],
        ['12345678901234567890123456789012345.678', '-0.500'],
      ],
      [
        'varchar',
        ['x', 1, 1.5, 2n, true, date, { a: 1n }, [1]],
        ['x', '1', '1.5', '2', 'true', '2024-01-01 10:11:12.123', '{"a":1}', '[1]'],
      ],
      [
        'timestamp',
        [date, '2024-01-01', '2024-01-01T10:00:00Z', '2024-01-01T10:00:00.5+02:00'],
        ['2024-01-01 10:11:12.123', '2024-01-01 00:00:00', '2024-01-01 10:00:00', '2024-01-01 08:00:00.5'],
      ],
      [
        'timestamptz',
        [date, '2024-01-01 00:00:00', '1969-12-31 23:59:59.999999+00'],
        ['2024-01-01 10:11:12.123+00', '2024-01-01 00:00:00+00', '1969-12-31 23:59:59.999999+00'],
      ],
      ['date', [date, '2024-02-29', '1900-01-01'], ['2024-01-01', '2024-02-29', '1900-01-01']],
      ['boolean', [true, false, 'true', null], ['true', 'false', 'true', null]],
      [
        'json',
        [{ a: 1 }, [1, null], 'hello', '{"x": 1}', 5, true, null, new Map([['k', 1]])],
        ['{"a":1}', '[1,null]', '"hello"', '{"x": 1}', '5', 'true', null, '{"k":1}'],
      ],
      ['integer[]', [[1, 2], [], [null], null], ['[1, 2]', '[]', '[NULL]', null]],
      [
        'struct(a int, b varchar)',
        [{ a: 1, b: "it's" }, { b: null }, {}],
        ["{'a': 1, 'b': 'it\\'s'}", "{'a': NULL, 'b': NULL}", "{'a': NULL, 'b': NULL}"],
      ],
      ['map(varchar, int)', [new Map([['a', 1]]), { b: 2 }, [{ key: 'c', value: 3 }]], ['{a=1}', '{b=2}', '{c=3}']],
      ['blob', [new Uint8Array([0, 65]), Buffer.from('B')], ['\\x00A', 'B']],
      ['time', ['10:00:00'], ['10:00:00']],
      ['varchar', ['', 'null', 'a\0b', '\ud83e\udd86'], ['', 'null', 'a\0b', '🦆']],
    ]
    for (const [type, values, expected] of cases)
      expect([type, await roundTrip(type, values)]).toEqual([type, expected])
  })

  it('matches columns by name, whatever their order and letter case, and fills the others with NULL', async () => {
    await run('create or replace table t(a int, "B b" varchar, c date default current_date)')
    const batches = batchesOf(
      { columns: ['b B', 'A'].map((name) => (name === 'b B' ? 'b b' : name)), values: [['x'], [1]] },
      { columns: ['A'], values: [[2]] },
    )
    expect(await connection.load(t, await columnsOf('t'), batches)).toBe(2)
    expect(await rowsOf(connection, 'from t')).toEqual([
      ['1', 'x', null],
      ['2', null, null],
    ])
  })

  it('names column, row and value that do not fit, and keeps nothing', async () => {
    const cases: [string, readonly unknown[], string][] = [
      ['integer', [1, 2.5], `row 2: the column "v" of type INTEGER does not take 2.5`],
      ['integer', [1, 'abc'], `row 2: the column "v" of type INTEGER does not take 'abc'`],
      ['tinyint', [1, 300], `row 2: the column "v" of type TINYINT does not take 300`],
      ['bigint', [2n ** 63n], `row 1: the column "v" of type BIGINT does not take 9223372036854775808`],
      ['bigint', [true], `row 1: the column "v" of type BIGINT does not take true`],
      ['decimal(4,2)', ['1.00', '123.45'], `row 2: the column "v" of type DECIMAL(4,2) does not take '123.45'`],
      ['timestamp', ['2024-01-01 00:00:00', 'soon'], `row 2: the column "v" of type TIMESTAMP does not take 'soon'`],
      ['date', ['2024-02-30'], `row 1: the column "v" of type DATE does not take '2024-02-30'`],
      ['timestamp', [new Date('nonsense')], `row 1: the column "v" of type TIMESTAMP does not take an invalid date`],
      ['json', ['{"a": '], `row 1: the column "v" of type JSON does not take '{"a": '`],
      ["enum('x')", ['x', 'y'], `row 2: the column "v" of type ENUM('x') does not take 'y'`],
      ['integer[]', [[1], ['x']], `row 2: the column "v" of type INTEGER[] does not take ["x"]`],
      ['struct(a int)', [{ b: 1 }], `row 1: the column "v" of type STRUCT(a INTEGER) does not take {"b":1}`],
      ['boolean', ['maybe'], `row 1: the column "v" of type BOOLEAN does not take 'maybe'`],
    ]
    for (const [type, values, message] of cases) {
      const error = await errorOf(roundTrip(type, values))
      expect([error.code, error.message]).toEqual(['value-not-loadable', message])
      expect(error.hint).toContain('columns: {v:')
      expect(await rowsOf(connection, 'from t')).toEqual([])
    }
  })

  it('counts rows over all batches in the message', async () => {
    await run('create or replace table t(v int)')
    const good = Array.from({ length: 5000 }, (_, index) => index)
    const error = await errorOf(
      connection.load(
        t,
        await columnsOf('t'),
        batchesOf({ columns: ['v'], values: [good] }, { columns: ['v'], values: [[...good.slice(0, 3000), 'x']] }),
      ),
    )
    expect(error.message).toContain('row 8001:')
  })

  it('refuses a column that the table does not have', async () => {
    await run('create or replace table t(amount int)')
    const error = await errorOf(
      connection.load(t, await columnsOf('t'), batchesOf({ columns: ['amout'], values: [[1]] })),
    )
    expect([error.code, error.hint]).toEqual(['column-missing', "did you mean 'amount'?"])
  })

  it('is part of the open transaction', async () => {
    await run('create or replace table t(v int unique)')
    await connection.begin()
    await connection.load(t, await columnsOf('t'), batchesOf({ columns: ['v'], values: [[1, 2]] }))
    expect(await rowsOf(connection, 'select count(*) from t')).toEqual([['2']])
    await connection.rollback()
    expect(await rowsOf(connection, 'from t')).toEqual([])
    await connection.begin()
    const error = await errorOf(
      connection.load(t, await columnsOf('t'), batchesOf({ columns: ['v'], values: [[1, 1]] })),
    )
    expect(error.code).toBe('constraint-violated')
    expect((await errorOf(connection.commit())).code).toBe('transaction-aborted')
    expect(await rowsOf(connection, 'from t')).toEqual([])
  })

  it('fills a temporary table inside a transaction', async () => {
    await connection.begin()
    await run('create temp table staging(v int)')
    const into: Relation = { database: 'temp', schema: 'main', identifier: 'staging' }
    await connection.load(into, await columnsOf('temp.main.staging'), batchesOf({ columns: ['v'], values: [[1]] }))
    await run('create or replace table made as from temp.main.staging')
    await connection.commit()
    expect(await rowsOf(connection, 'from made')).toEqual([['1']])
  })

  it('stops when cancelled, also while it waits for the next batch', async () => {
    await run('create or replace table t(v int)')
    const columns = await columnsOf('t')
    async function* endless(): AsyncGenerator<ColumnBatch> {
      yield { columns: ['v'], values: [[1]] }
      await new Promise(() => {})
    }
    for (let round = 0; round < 30; round++) {
      const pending = errorOf(connection.load(t, columns, endless()))
      await new Promise((resolve) => setTimeout(resolve, round))
      await connection.cancel()
      expect((await pending).code).toBe('cancelled')
      expect(await rowsOf(connection, 'from t')).toEqual([])
    }
  })

  it('passes on an error of the source and keeps nothing', async () => {
    await run('create or replace table t(v int)')
    const columns = await columnsOf('t')
    async function* failing(): AsyncGenerator<ColumnBatch> {
      yield { columns: ['v'], values: [[1]] }
      throw new TypeError('bad model')
    }
    await expect(connection.load(t, columns, failing())).rejects.toThrow('bad model')
    expect(await rowsOf(connection, 'from t')).toEqual([])
  })
})
