import { expect, test } from 'vitest'
import { concat, displaySql, trimBlankLines, wrappable } from './index.js'

const doubled = { stringEscapes: 'doubled' } as const
const span = { file: 'models/x.ff.sql', line: 1, column: 1 }
const hole = [{ hole: { kind: 'watermark' as const, column: 'ts', span } }]

test('a hole at the end of a statement stays, the semicolon after it goes', () => {
  expect(displaySql(wrappable(concat('select 1 where ts >= ', hole, ' ;\n-- done'), doubled))).toBe(
    'select 1 where ts >= <watermark of ts>',
  )
})

test('a comment inside a string is no comment', () => {
  expect(displaySql(wrappable(concat("select '--x;' -- y"), doubled))).toBe("select '--x;'")
})

test.each([
  ['backslash', "select 'it\\'s --x;', r'c:\\' -- y", "select 'it\\'s --x;', r'c:\\'"],
  ['backslash', 'select "a\\" --x" -- y', 'select "a\\" --x"'],
  ['doubled', "select 'c:\\' -- '", "select 'c:\\'"],
  ['doubled', "select E'it\\'s --x;', 'it''s' -- y", "select E'it\\'s --x;', 'it''s'"],
] as const)('where quotes are escaped by %s, %s ends with its last string', (stringEscapes, sql, bare) => {
  expect(displaySql(wrappable(concat(sql), { stringEscapes }))).toBe(bare)
})

test('blank lines at both ends go, indentation of the first line stays', () => {
  expect(displaySql(trimBlankLines(concat('\n \n  select 1\n\n')))).toBe('  select 1')
})
