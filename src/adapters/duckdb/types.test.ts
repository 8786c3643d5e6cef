import { describe, expect, it } from 'vitest'
import { inferColumn, isComparableInTime, literal, minimum, minus, sameType, widens } from './types.js'

describe('literal', () => {
  it('writes each type so that the engine reads the same value', () => {
    expect(literal('2024-01-01 10:00:00.123456', 'TIMESTAMP')).toBe("timestamp '2024-01-01 10:00:00.123456'")
    expect(literal('2024-01-01 10:00:00+00', 'TIMESTAMP WITH TIME ZONE')).toBe("timestamptz '2024-01-01 10:00:00+00'")
    expect(literal('2024-01-01', 'date')).toBe("date '2024-01-01'")
    expect(literal('42', 'BIGINT')).toBe('42')
    expect(literal('-42', 'INTEGER')).toBe('(-42)')
    expect(literal('12.340', 'DECIMAL(18,3)')).toBe('12.340')
    expect(literal('1e+16', 'DOUBLE')).toBe("cast('1e+16' as DOUBLE)")
    expect(literal("it's", 'VARCHAR')).toBe("'it''s'")
    expect(literal('true', 'BOOLEAN')).toBe('true')
    expect(literal('1 day', 'INTERVAL')).toBe("cast('1 day' as INTERVAL)")
    expect(literal('170141183460469231731687303715884105727', 'HUGEINT')).toBe(
      "cast('170141183460469231731687303715884105727' as HUGEINT)",
    )
  })
})

describe('minus', () => {
  it('subtracts durations from dates and timestamps', () => {
    expect(minus("timestamp '2024-01-04'", 'TIMESTAMP', '3 days')).toBe("(timestamp '2024-01-04' - interval '3 days')")
    expect(minus("date '2024-01-04'", 'DATE', '12 hours')).toBe("cast(date '2024-01-04' - interval '12 hours' as date)")
    expect(minus("timestamp '2024-01-04'", 'TIMESTAMP', '1 day 6 Hours')).toContain("interval '1 day 6 hours'")
    expect(minus("timestamp '2024-01-04'", 'TIMESTAMP', '30minutes')).toContain("interval '30 minutes'")
  })

  it('subtracts numbers from numbers, never below the minimum', () => {
    expect(minus('100', 'BIGINT', 5)).toBe('95')
    expect(minus('3', 'INTEGER', 5)).toBe('(-2)')
    expect(minus('3', 'UBIGINT', 5)).toBe('0')
    expect(minus(minimum('INTEGER'), 'INTEGER', 5)).toBe('(-2147483648)')
    expect(minus('9007199254740993', 'BIGINT', '2')).toBe('9007199254740991')
    expect(minus('12.50', 'DECIMAL(9,2)', 0.5)).toBe('(12.50 - 0.5)')
  })

  it('refuses what a type cannot take', () => {
    expect(minus("timestamp '2024-01-04'", 'TIMESTAMP', 3)).toBeUndefined()
    expect(minus("timestamp '2024-01-04'", 'TIMESTAMP', 'a while')).toBeUndefined()
    expect(minus("timestamp '2024-01-04'", 'TIMESTAMP', '3')).toBeUndefined()
    expect(minus("timestamp '2024-01-04'", 'TIMESTAMP', "1 day' or '")).toBeUndefined()
    expect(minus('5', 'BIGINT', '3 days')).toBeUndefined()
    expect(minus("'x'", 'VARCHAR', 3)).toBeUndefined()
  })
})

describe('type names', () => {
  it('are the same type under every alias', () => {
    for (const [a, b] of [
      ['int', 'INTEGER'],
      ['text', 'varchar(20)'],
      ['timestamptz', 'TIMESTAMP WITH TIME ZONE'],
      ['decimal', 'DECIMAL(18, 3)'],
      ['numeric(9)', 'DECIMAL(9,0)'],
      ['struct(A int, b text[])', 'STRUCT(a INTEGER, b VARCHAR[])'],
      ['double precision', 'DOUBLE'],
      ['map(text, int8)', 'MAP(VARCHAR, BIGINT)'],
      ['bool', 'BOOLEAN'],
      ['datetime', 'TIMESTAMP'],
    ] as const) {
      expect([a, sameType(a, b)]).toEqual([a, true])
    }
  })

  it('keep what makes types differ', () => {
    for (const [a, b] of [
      ['DECIMAL(18,3)', 'DECIMAL(18,2)'],
      ["ENUM('a')", "ENUM('A')"],
      ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'],
      ['INTEGER', 'INTEGER[]'],
      ['INTEGER[2]', 'INTEGER[3]'],
      ['JSON', 'VARCHAR'],
    ] as const) {
      expect([a, sameType(a, b)]).toEqual([a, false])
    }
  })
})

describe('widens', () => {
  it('allows only what loses no value', () => {
    const wider = [
      ['INTEGER', 'BIGINT'],
      ['BIGINT', 'HUGEINT'],
      ['BIGINT', 'DECIMAL(38,9)'],
      ['INTEGER', 'DECIMAL(10,0)'],
      ['UINTEGER', 'BIGINT'],
      ['DECIMAL(9,2)', 'DECIMAL(12,4)'],
      ['FLOAT', 'DOUBLE'],
      ['INTEGER', 'DOUBLE'],
      ['VARCHAR(10)', 'VARCHAR(20)'],
      ['DATE', 'TIMESTAMP'],
      ['INTEGER[]', 'BIGINT[]'],
      ["ENUM('a')", "ENUM('b', 'a')"],
      ["ENUM('a')", 'VARCHAR'],
      ['INTEGER', 'int4'],
    ] as const
    const not = [
      ['BIGINT', 'INTEGER'],
      ['BIGINT', 'DOUBLE'],
      ['BIGINT', 'DECIMAL(18,3)'],
      ['DECIMAL(9,2)', 'DECIMAL(9,3)'],
      ['DOUBLE', 'FLOAT'],
      ['TIMESTAMP', 'DATE'],
      ['INTEGER', 'VARCHAR'],
      ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'],
      ['INTEGER', 'UBIGINT'],
      ['UBIGINT', 'BIGINT'],
      ['HUGEINT', 'DECIMAL(38,0)'],
      ["ENUM('a')", "ENUM('b')"],
      ['DOUBLE', 'DECIMAL(38,9)'],
      ['BOOLEAN', 'INTEGER'],
    ] as const
    for (const [from, to] of wider) expect([from, to, widens(from, to)]).toEqual([from, to, true])
    for (const [from, to] of not) expect([from, to, widens(from, to)]).toEqual([from, to, false])
  })
})

describe('inferColumn', () => {
  it('takes the narrowest type that holds every value', () => {
    const cases: [readonly unknown[], string][] = [
      [[1, 2, null], 'BIGINT'],
      [[1, 2.5], 'DOUBLE'],
      [[1, 2n], 'BIGINT'],
      [[2n ** 70n, 1], 'HUGEINT'],
      [[2n ** 130n], 'VARCHAR'],
      [[true, undefined], 'BOOLEAN'],
      [['2024-01-01T00:00:00Z'], 'VARCHAR'],
      [[new Date()], 'TIMESTAMP'],
      [[{ a: 1 }], 'JSON'],
      [[[1]], 'JSON'],
      [[null, undefined], 'VARCHAR'],
      [[], 'VARCHAR'],
      [[1, 'x'], 'VARCHAR'],
      [['x', { a: 1 }], 'JSON'],
      [[Number.NaN], 'DOUBLE'],
      [[2 ** 60], 'DOUBLE'],
      [[new Uint8Array(1)], 'BLOB'],
      [[true, 1], 'VARCHAR'],
    ]
    for (const [values, type] of cases) expect([values, inferColumn(values)]).toEqual([values, type])
  })
})

it('knows the types that are points in time', () => {
  expect(['DATE', 'datetime', 'TIMESTAMPTZ', 'TIMESTAMP_NS'].every(isComparableInTime)).toBe(true)
  expect(['TIME', 'BIGINT', 'VARCHAR', 'INTERVAL'].some(isComparableInTime)).toBe(false)
})
