import { describe, expect, test } from 'vitest'
import { canonicalType, isComparable } from './type-names.js'
import { hostValue, inferColumn, minus, sameType, widens } from './types.js'
import { streamValue } from './values.js'

describe('types', () => {
  test.each([
    ['INTEGER', 'int'],
    ['Decimal( 10 , 2 )', 'decimal(10,2)'],
    ['numeric', 'decimal(10,0)'],
    ['struct<a: int, `b c`: array<string>>', 'struct<a:int,`b c`:array<string>>'],
    ['struct<a: int not null>', 'struct<a:int>'],
    ['map<string,struct<x:bigint>>', 'map<string,struct<x:bigint>>'],
    ['interval day to second', 'interval day to second'],
    ['string collate UTF8_LCASE', 'string'],
  ])('%s is %s', (given, canonical) => {
    expect(canonicalType(given)).toBe(canonical)
    expect(sameType(given, canonical)).toBe(true)
  })

  test.each([
    ['int', 'bigint', true],
    ['bigint', 'int', false],
    ['bigint', 'decimal(19,0)', true],
    ['bigint', 'decimal(18,0)', false],
    ['int', 'double', true],
    ['bigint', 'double', false],
    ['date', 'timestamp', true],
    ['timestamp', 'date', false],
    ['decimal(10,2)', 'decimal(12,2)', true],
    ['decimal(10,2)', 'decimal(10,3)', false],
    ['varchar(5)', 'varchar(9)', true],
    ['varchar(5)', 'string', true],
    ['string', 'varchar(5)', false],
  ])('%s widens to %s: %s', (from, to, does) => {
    expect(widens(from, to)).toBe(does)
  })

  test('with a map or a variant anywhere in them cannot be compared', () => {
    expect(
      ['int', 'array<struct<a:int>>', 'array<map<int,int>>', 'variant', 'struct<a:variant>'].map(isComparable),
    ).toEqual([true, true, false, false, false])
  })

  test('of JavaScript values are the narrowest that hold them all', () => {
    expect(inferColumn([1, null, 2n])).toBe('bigint')
    expect(inferColumn([1, 1.5])).toBe('double')
    expect(inferColumn([2n ** 70n, 1])).toBe('decimal(38,0)')
    expect(inferColumn(['2024-01-01', null])).toBe('string')
    expect(inferColumn([{ a: 1 }, [1]])).toBe('string')
  })
})

describe('a lookback', () => {
  test('is subtracted from times as an interval and from numbers as a number', () => {
    expect(minus("timestamp '2024-01-01 00:00:00'", 'timestamp', '1 day 6 hours')).toBe(
      "(timestamp '2024-01-01 00:00:00' - interval 1 day 6 hours)",
    )
    expect(minus('100L', 'bigint', 2.5)).toBe("cast('97' as bigint)")
    expect(minus("date '2024-01-01'", 'date', 'soon')).toBeUndefined()
    expect(minus("'a'", 'string', 3)).toBeUndefined()
  })
})

describe('a text cell as a JavaScript value', () => {
  test('of a template is a number where that loses nothing', () => {
    expect([hostValue('7', 'bigint'), hostValue('9007199254740993', 'bigint'), hostValue('true', 'boolean')]).toEqual([
      7,
      9007199254740993n,
      true,
    ])
    expect(hostValue('1.10', 'decimal(10,2)')).toBe('1.10')
  })

  test.each([
    ['9007199254740993', 'bigint', 9007199254740993n],
    ['NaN', 'double', Number.NaN],
    ['1.10', 'decimal(10,2)', '1.10'],
    [
      '{"a":9007199254740993,"b":[1.10,null],"c":{"k":"1"}}',
      'struct<a:bigint,b:array<decimal(3,2)>,c:map<string,string>>',
      {
        a: 9007199254740993n,
        b: ['1.10', null],
        c: [{ key: 'k', value: '1' }],
      },
    ],
    ['["say \\"1\\"", "2"]', 'array<string>', ['say "1"', '2']],
  ])('loses nothing: %s', (cell, type, value) => {
    expect(streamValue(cell, type)).toEqual(value)
  })
})
