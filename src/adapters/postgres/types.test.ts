import { describe, expect, test } from 'vitest'
import { canonicalType } from './canonical-type.js'
import { parseDsn } from './dsn.js'
import { toFftError } from './errors.js'
import { safeCast } from './safe-cast.js'
import { literal, minimum, minus, sameType, widens } from './types.js'

describe('types', () => {
  test.each([
    ['int', 'integer'],
    ['INT8', 'bigint'],
    ['varchar(7)', 'character varying(7)'],
    ['decimal(5)', 'numeric(5,0)'],
    ['DECIMAL(38, 9)[]', 'numeric(38,9)[]'],
    ['timestamptz', 'timestamp with time zone'],
    ['timestamp(3)', 'timestamp(3) without time zone'],
    ['timestamp(3) without time zone', 'timestamp(3) without time zone'],
    ['float8', 'double precision'],
    ['float(10)', 'real'],
    ['char', 'character(1)'],
    ['bpchar', 'bpchar'],
    ['bpchar(3)', 'character(3)'],
    ['bool[]', 'boolean[]'],
    ['time', 'time without time zone'],
    ['"My Type"', '"My Type"'],
  ])('%s is %s', (given, canonical) => {
    expect(canonicalType(given)).toBe(canonical)
    expect(canonicalType(canonical)).toBe(canonical)
    expect(sameType(given, canonical)).toBe(true)
  })

  test.each([
    ['integer', 'bigint', true],
    ['bigint', 'integer', false],
    ['bigint', 'numeric(19,0)', true],
    ['bigint', 'numeric(18,0)', false],
    ['bigint', 'double precision', false],
    ['integer', 'double precision', true],
    ['numeric(10,2)', 'numeric(12,2)', true],
    ['numeric(10,2)', 'numeric(10,3)', false],
    ['numeric(10,2)', 'numeric', true],
    ['numeric', 'numeric(38,9)', false],
    ['varchar(5)', 'varchar(6)', true],
    ['varchar(5)', 'text', true],
    ['text', 'varchar(5)', false],
    ['date', 'timestamp', true],
    ['date', 'timestamptz', false],
    ['timestamp(3)', 'timestamp', true],
    ['timestamp', 'timestamptz', false],
    ['integer[]', 'bigint[]', true],
    ['char(3)', 'text', false],
  ])('%s widens to %s: %s', (from, to, expected) => {
    expect(widens(from, to)).toBe(expected)
  })

  test('a lookback is taken off without going below the smallest value', () => {
    expect(minus(literal('2024-01-31', 'date'), 'date', '3 days')).toBe(
      "cast(cast('2024-01-31' as date) - interval '3 days' as date)",
    )
    expect(minus(minimum('timestamptz'), 'timestamptz', '3 days')).toBe(minimum('timestamptz'))
    expect(minus(literal('t', 'timestamp'), 'timestamp', '2 quarters')).toContain("interval '6 months'")
    expect(minus(minimum('bigint'), 'bigint', 5)).toBe(minimum('bigint'))
    expect(minus(literal('7', 'integer'), 'integer', 1.5)).toBe('5')
    expect(minus(literal('7', 'integer'), 'integer', '3 days')).toBeUndefined()
    expect(minus(literal('x', 'text'), 'text', 3)).toBeUndefined()
  })

  test('a safe cast looks at the text first', () => {
    expect(safeCast('x', 'integer')).toContain('between -2147483648 and 2147483647')
    expect(safeCast('x', 'text')).toBe('cast(x as text)')
  })
})

describe('a connection string', () => {
  test.each([
    [
      'postgresql://u:p%40ss@host:5433/db?sslmode=require',
      { user: 'u', password: 'p@ss', host: 'host', port: '5433', dbname: 'db', sslmode: 'require' },
    ],
    ['postgres://host', { host: 'host' }],
    ['postgresql://[::1]:5432/db', { host: '::1', port: '5432', dbname: 'db' }],
    ["host=h dbname = 'my db' password='it\\'s'", { host: 'h', dbname: 'my db', password: "it's" }],
  ])('%s', (dsn, parts) => {
    expect(parseDsn(dsn)).toEqual(parts)
  })

  test.each(['nonsense', 'postgresql://h:port/db', 'host=h nonsense'])('%s is none', (dsn) => {
    expect(() => parseDsn(dsn)).toThrow('is no connection string of Postgres')
  })
})

test.each([
  ['53100', 'disk-full', false],
  ['40001', 'write-conflict', true],
  ['40P01', 'write-conflict', true],
  ['57P01', 'connection-lost', false],
  ['ECONNRESET', 'connection-lost', true],
  ['23505', 'constraint-violated', false],
])('an error with the state %s is %s', (state, code, mayRunAgain) => {
  const error = toFftError(Object.assign(new Error('what the server says'), { code: state }))
  expect([error.code, error.mayRunAgain, error.hint !== undefined || code === 'constraint-violated']).toEqual([
    code,
    mayRunAgain,
    true,
  ])
})
