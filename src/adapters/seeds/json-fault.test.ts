import { expect, test } from 'vitest'
import { jsonFault } from './json-fault.js'

test.each([
  ['[{"id": 1}, {"id": -2.5e3, "a": [null, true, {}]}]', undefined],
  ['"a \\" \\u00e4"', undefined],
  ['[\n  {"id": 1},\n  {"id": }\n]\n', 24],
  ['[1, 2,]', 6],
  ['{"a": 1 "b": 2}', 8],
  ['{"a": 01}', 7],
  ['[1, 2', 5],
  ['{a: 1}', 1],
  ["['a']", 1],
  ['[1] [2]', 4],
  ['[}', 1],
  ['', 0],
])('%j stops to be JSON at %s', (text, offset) => {
  expect(jsonFault(text)).toBe(offset)
})
