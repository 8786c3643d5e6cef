import { expect, test } from 'vitest'
import { concat, displaySql, trimBlankLines, wrappable } from './index.js'

const span = { file: 'models/x.ff.sql', line: 1, column: 1 }
const hole = [{ hole: { kind: 'watermark' as const, column: 'ts', span } }]

test('a hole at the end of a statement stays, the semicolon after it goes', () => {
  expect(displaySql(wrappable(concat('select 1 where ts >= ', hole, ' ;\n-- done')))).toBe(
    'select 1 where ts >= <watermark of ts>',
  )
})

test('a comment inside a string is no comment', () => {
  expect(displaySql(wrappable(concat("select '--x;' -- y")))).toBe("select '--x;'")
})

test('blank lines at both ends go, indentation of the first line stays', () => {
  expect(displaySql(trimBlankLines(concat('\n \n  select 1\n\n')))).toBe('  select 1')
})
