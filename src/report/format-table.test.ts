import { expect, test } from 'vitest'
import { formatDuration, formatTable, maskSecrets } from './index.js'

test('a table has names, a rule and rows; numbers stand right', () => {
  const rows = [
    ['1', 'ada', '2.50'],
    ['22', null, null],
    ['3', 'two\nlines', '-10.00'],
  ]
  expect(formatTable(['id', 'name', 'amount'], rows)).toBe(`\
id  name       amount
──  ─────────  ──────
 1  ada          2.50
22  NULL         NULL
 3  two⏎lines  -10.00
`)
})

test('a table that is too wide cuts its widest columns', () => {
  const text = formatTable(['id', 'text'], [['1', 'x'.repeat(100)]], { columns: 30 })
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(30)
  expect(text).toContain('x…')
})

test('a table without rows has its names', () => {
  expect(formatTable(['a', 'b'], [])).toBe('a  b\n─  ─\n')
})

test.each([
  [0, '0.00s'],
  [1234, '1.23s'],
  [9999, '10.0s'],
  [59_990, '1m 00s'],
  [125_000, '2m 05s'],
  [3_599_900, '1h 00m'],
  [3_720_000, '1h 02m'],
])('%d ms are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

test('secrets are masked, also inside URLs and JSON, the longer ones first', () => {
  const text = 'pass: p@ss"word url: p%40ss%22word json: p@ss\\"word and p@ss"word-2, not abc'
  expect(maskSecrets(text, ['abc', 'p@ss"word', 'p@ss"word-2'])).toBe('pass: *** url: *** json: *** and ***, not abc')
})

test('a secret that is a common word is hidden as a word, not inside others; any other one everywhere', () => {
  expect(maskSecrets("tests pass, latest 'test' and test_x: test, x=test", ['test'])).toBe(
    "tests pass, latest '***' and test_x: ***, x=***",
  )
  expect(maskSecrets('aq1w2e3rb and 12345678901', ['q1w2e3r', '1234'])).toBe('a***b and 12345678901')
})
