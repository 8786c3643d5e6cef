import { expect, test } from 'vitest'
import { fromHost, toHost } from './host.js'
import { Float, Tuple, Undefined } from './types.js'

test('plain values become those of templates and come back', () => {
  const plain = { a: [1, 2.5, null, true, 'x'], b: { c: {} }, big: 9007199254740993n }
  const value = fromHost(plain)
  expect(value).toEqual(
    new Map<string, unknown>([
      ['a', [1, new Float(2.5), null, true, 'x']],
      ['b', new Map([['c', new Map()]])],
      ['big', 9007199254740993n],
    ]),
  )
  expect(toHost(value)).toEqual(plain)
})

test('tuples become arrays, keys become text, a missing value undefined, an object its print', () => {
  const object = { hostObject: true as const, print: () => '"db"."t"', get: () => undefined, keys: () => [] }
  expect(toHost(new Tuple([1, new Float(2)]))).toEqual([1, 2])
  expect(toHost(new Map([[1, 'a']]))).toEqual({ '1': 'a' })
  expect(toHost(new Undefined('x'))).toBeUndefined()
  expect(toHost(object)).toBe('"db"."t"')
})
