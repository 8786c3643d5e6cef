import { afterAll, beforeAll, expect, it } from 'vitest'
import { literal, minimum, minus, widens } from '../../src/adapters/duckdb/types.js'
import type { Connection, Warehouse } from '../../src/adapters/index.js'
import { open, rowsOf } from './fixture.js'

let warehouse: Warehouse
let connection: Connection

beforeAll(async () => {
  warehouse = await open()
  connection = await warehouse.connect()
})
afterAll(() => warehouse.close())

const ordered = [
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
  'DOUBLE',
  'FLOAT',
  'DECIMAL(4,2)',
  'DECIMAL(38,0)',
  'DECIMAL(5,5)',
  'DATE',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'TIMESTAMP_S',
  'TIMESTAMP_MS',
  'TIMESTAMP_NS',
  'VARCHAR',
  'BOOLEAN',
  'TIME',
  'UUID',
  'BLOB',
]

it('every minimum is a value of its type that comes back unchanged as a literal', async () => {
  for (const type of ordered) {
    const [row] = await rowsOf(connection, `select typeof(${minimum(type)}), (${minimum(type)})::varchar`)
    const value = row?.[1] ?? ''
    const [again] = await rowsOf(connection, `select ${literal(value, type)} = ${minimum(type)}`)
    expect([type, row?.[0], again?.[0]]).toEqual([type, type, 'true'])
  }
})

it('literals give back what the engine printed', async () => {
  const values: [string, string][] = [
    ['TIMESTAMP', '2024-01-01 10:11:12.123456'],
    ['TIMESTAMP', 'infinity'],
    ['DATE', '0044-03-15 (BC)'],
    ['BIGINT', '-9223372036854775808'],
    ['UBIGINT', '18446744073709551615'],
    ['HUGEINT', '170141183460469231731687303715884105727'],
    ['DECIMAL(38,9)', '-12345678901234567890.123456789'],
    ['DOUBLE', '1.7976931348623157e+308'],
    ['DOUBLE', 'nan'],
    ['VARCHAR', 'it\'s\n"x"'],
    ['TIMESTAMP WITH TIME ZONE', '2024-01-01 10:00:00.5+00'],
    ['TIME', '10:00:00.5'],
    ['INTERVAL', '1 year 2 days 04:00:00'],
    ['UUID', '5b0f4c5e-0a1b-4c2d-8e3f-405162738495'],
    ['INTEGER[]', '[1, 2]'],
    ['TIMESTAMP_NS', '2024-01-01 00:00:00.123456789'],
    ['BOOLEAN', 'false'],
  ]
  for (const [type, value] of values) {
    expect([type, ...((await rowsOf(connection, `select (${literal(value, type)})::varchar`))[0] ?? [])]).toEqual([
      type,
      value,
    ])
  }
})

it('lookbacks keep the type and never fail at the minimum', async () => {
  for (const type of ordered) {
    for (const lookback of ['3 days', '90 minutes', 7, 0.5]) {
      const expression = minus(minimum(type), type, lookback)
      if (expression === undefined) continue
      const [row] = await rowsOf(connection, `select ${expression} <= ${minimum(type)}`)
      expect([type, lookback, row?.[0]]).toEqual([type, lookback, 'true'])
    }
  }
  expect(
    await rowsOf(
      connection,
      `select typeof(${minus("date '2024-03-01'", 'DATE', '12 hours')}), ${minus("date '2024-03-01'", 'DATE', '12 hours')}`,
    ),
  ).toEqual([['DATE', '2024-02-29']])
})

it('a wider type takes every value of the narrower one', async () => {
  const types = ordered.filter((type) => !['BLOB', 'UUID'].includes(type))
  for (const from of types) {
    for (const to of types.filter((type) => widens(from, type) && !minimum(from).includes('inf'))) {
      const sql = `select cast(cast(${minimum(from)} as ${to}) as ${from}) = ${minimum(from)}`
      expect([from, to, ...((await rowsOf(connection, sql))[0] ?? [])]).toEqual([from, to, 'true'])
    }
  }
})
