import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ColumnBatch } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import { errorOf, type Lab, openLab, rowsOf } from './fixture.js'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.end())

async function* once(batch: ColumnBatch): AsyncGenerator<ColumnBatch> {
  yield batch
}

async function streamed(sql: string): Promise<readonly (readonly unknown[])[]> {
  const columns: unknown[][] = []
  for await (const { values } of lab.connection.stream(text(sql))) {
    values.forEach((list, index) => {
      columns[index] = [...(columns[index] ?? []), ...list]
    })
  }
  return columns
}

/** Loads values into a new column of a type and reads them as a model would. */
async function roundTrip(type: string, values: readonly unknown[]): Promise<readonly unknown[]> {
  const into = lab.relation(`t_${crypto.randomUUID().slice(0, 8)}`)
  const columns = [
    { name: 'n', type: 'integer' },
    { name: 'v', type },
  ]
  const { dialect } = lab.warehouse
  await lab.connection.execute(dialect.createEmpty(into, columns, 'aside').sql)
  const batch = { columns: ['v', 'n'], values: [values, values.map((_, index) => index)] }
  expect(await lab.connection.load(into, columns, once(batch))).toBe(values.length)
  return (await streamed(`select v from ${dialect.relation(into)} order by n`))[0] ?? []
}

describe('values', () => {
  test.each<[string, readonly unknown[]]>([
    ['integer', [-2147483648, 0, null, 2147483647]],
    ['bigint', [9007199254740993n, -9223372036854775808n, null]],
    ['numeric', ['0.10', '123456789012345678901234567890.5', 'NaN', 'Infinity', '-Infinity']],
    ['numeric(38,9)', ['0.000000001', '-12345678901234567890123456789.123456789']],
    ['double precision', [0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, Number.MAX_VALUE]],
    ['real', [1.5, Number.NaN]],
    ['boolean', [true, false, null]],
    ['date', ['2024-02-29', 'infinity', '-infinity', '0001-01-01']],
    ['timestamp', ['2024-01-02 03:04:05.123456', 'infinity', '1969-12-31 23:59:59.999999']],
    ['timestamptz', ['2024-01-01 10:00:00.000001+00', '-infinity']],
    ['text', ['', ' ', '\\N', '\\.', 'tab\tline\nreturn\r', 'back\\slash \\t \\', "it's", '日本 🦆', 'NULL', null]],
    ['json', ['{"a": 1,  "b": [1.50]}', '"text"', 'null']],
    ['jsonb', ['{"a": 1}', '[1, 2]']],
    ['bytea', [new Uint8Array([0, 92, 255]), new Uint8Array()]],
    ['integer[]', [[1, null, -3], [], null]],
    ['text[]', [['a,b', 'q"q', 'back\\slash', '', 'NULL', '{}', null]]],
    [
      'bigint[]',
      [
        [
          [1n, 2n],
          [3n, 9007199254740993n],
        ],
      ],
    ],
    ['numeric[]', [['0.10', null]]],
    ['uuid', ['5b0f4c5e-0a1b-4c2d-8e3f-405162738495']],
    ['interval', ['1 day', '25:00:00']],
  ])('%s comes back from COPY and a stream as it was', async (type, values) => {
    expect(await roundTrip(type, values)).toEqual(values)
  })

  test('JavaScript objects and dates go into the types that hold them', async () => {
    expect(await roundTrip('jsonb', [{ a: [1, { b: 'x' }] }, [1, 2], 10n])).toEqual([
      '{"a": [1, {"b": "x"}]}',
      '[1, 2]',
      '10',
    ])
    const date = new Date('2024-02-29T12:34:56.789Z')
    expect(await roundTrip('timestamp', [date, '2024-02-29T12:34:56.789+02:00'])).toEqual([
      '2024-02-29 12:34:56.789',
      '2024-02-29 10:34:56.789',
    ])
    expect(await roundTrip('timestamptz', [date, '2024-02-29T12:34:56Z'])).toEqual([
      '2024-02-29 12:34:56.789+00',
      '2024-02-29 12:34:56+00',
    ])
  })

  test('a value that its column does not take is named with its row', async () => {
    const fraction = await errorOf(roundTrip('integer', [1, 1.5]))
    expect(fraction.code).toBe('value-not-loadable')
    expect(fraction.message).toBe('row 2: the column "v" of type integer does not take 1.5')
    const refused = await errorOf(roundTrip('date', ['2024-01-01', '2024-02-30']))
    expect(refused.message).toBe(`row 2: the column "v" of type date does not take '2024-02-30'`)
    const nul = await errorOf(roundTrip('text', ['fine', 'a\0b']))
    expect(nul.message).toContain('row 2: the text of the column "v" has a NUL character')
    expect(await rowsOf(lab.connection, 'select 1')).toEqual([['1']])
  })

  test('a query gives text as the server prints it, and the columns with their whole types', async () => {
    await lab.admin(`create type ${lab.schema}.mood as enum ('ok', 'sad')`)
    const sql = `select 1.50::numeric(10,2) as a, true as b, 'ok'::${lab.schema}.mood as c, '{1,2}'::int[] as d,
      'x'::varchar(7) as e, now()::timestamp(3) as f, interval '1 day' year to month as g`
    const { columns, rows } = await lab.connection.query(text(sql))
    expect(columns.map(({ type }) => type)).toEqual([
      'numeric(10,2)',
      'boolean',
      'mood',
      'integer[]',
      'character varying(7)',
      'timestamp(3) without time zone',
      'interval year to month',
    ])
    expect(rows[0]?.slice(0, 4)).toEqual(['1.50', 'true', 'ok', '{1,2}'])
    expect(await lab.connection.describe(text(sql))).toEqual(columns)
  })

  test('describing a query does not run it', async () => {
    const began = performance.now()
    const columns = await lab.connection.describe(text("select pg_sleep(20), 'x' as a"))
    expect(columns).toEqual([
      { name: 'pg_sleep', type: 'void' },
      { name: 'a', type: 'text' },
    ])
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('a stream holds only a part of a large result, and may end early', async () => {
    const stream = lab.connection.stream(
      text('select i::bigint as i, i::text as t from generate_series(1, 100000) as i'),
    )
    let rows = 0
    for await (const { values } of stream) {
      rows += values[0]?.length ?? 0
      expect(values[0]?.length).toBeLessThanOrEqual(2_000)
      if (rows > 5_000) break
    }
    expect(await rowsOf(lab.connection, 'select 1')).toEqual([['1']])
    const all = await streamed('select i from generate_series(1, 12345) as i')
    expect(all[0]?.length).toBe(12345)
  })

  test('a stream that fails on the way says so, and the connection works on', async () => {
    const error = await errorOf(streamed('select 10 / (5000 - i) from generate_series(1, 6000) as i'))
    expect(error.message).toBe('division by zero')
    expect(await rowsOf(lab.connection, 'select 1')).toEqual([['1']])
  })
})
