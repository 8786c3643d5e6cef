import { describe, expect, test } from 'vitest'
import { CsvRows } from './csv-rows.js'

function rowsOf(text: string, chunkBytes: number, columns = 2) {
  const bytes = Buffer.from(text)
  const reader = new CsvRows(',', columns)
  const rows = []
  for (let at = 0; at < bytes.length; at += chunkBytes) rows.push(...reader.push(bytes.subarray(at, at + chunkBytes)))
  return [...rows, ...reader.finish()]
}

const file = '\ufeffa,b\r\n1,"x ""y"", z"\r\n\r\n,""\n"line\r\nbreak",é\r3,4'
const rows = [
  ['1', 'x "y", z'],
  [null, ''],
  ['line\r\nbreak', 'é'],
  ['3', '4'],
]

describe('records of a CSV file', () => {
  test.each([1, 2, 3, 7, 1_000])('are the same in chunks of %i bytes', (chunkBytes) => {
    expect(rowsOf(file, chunkBytes)).toEqual(rows)
  })

  test('of one column may be blank', () => {
    expect(rowsOf('a\n1\n\n2\n', 3, 1)).toEqual([['1'], [null], ['2']])
  })
})
