import { expect, test } from 'vitest'
import { parseVars } from './parse-vars.js'

test('name=value pairs have YAML values, and the later one wins', async () => {
  expect(await parseVars(['n=5', 'on=true', 'list=[a, b]', 'text=a=b', 'empty=', 'n=6'])).toEqual({
    n: 6,
    on: true,
    list: ['a', 'b'],
    text: 'a=b',
    empty: '',
  })
})

test('a text may be a whole YAML or JSON map', async () => {
  expect(await parseVars(['{"a": 1}', 'b: x y', '{c: [1, 2]}'])).toEqual({ a: 1, b: 'x y', c: [1, 2] })
})

test.each(['a', '[1, 2]', 'a: [1'])('%s is refused', async (text) => {
  await expect(parseVars([text])).rejects.toThrow('--vars cannot read')
})
