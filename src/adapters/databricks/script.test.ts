import { describe, expect, test } from 'vitest'
import { sqlText, text } from '../../core/index.js'
import { isReplayable, statementsOf } from './script.js'

describe('a text of several statements', () => {
  test.each([
    ['select 1', ['select 1']],
    ['select 1; select 2;', ['select 1', ' select 2']],
    [
      "select ';', \"a;b\", `c;d` -- no; end\n; select '\\';'",
      ['select \';\', "a;b", `c;d` -- no; end\n', " select '\\';'"],
    ],
    ["select r'\\' ; select /* ; */ 2", ["select r'\\' ", ' select /* ; */ 2']],
    ['begin select 1; select 2; end', ['begin select 1; select 2; end']],
    ['-- nothing\n;', []],
  ])('is taken apart at its semicolons alone: %s', (script, statements) => {
    expect(statementsOf(text(script)).map(sqlText)).toEqual(statements)
  })

  test('keeps the places of its statements', () => {
    const span = { file: 'm.ff.sql', line: 1, column: 1 }
    const [, second] = statementsOf([{ text: 'select 1;\nselect 2', span, verbatim: true }])
    expect(second).toEqual([{ text: '\nselect 2', span: { ...span, column: 10 }, verbatim: true }])
  })
})

describe('a statement that was lost on its way', () => {
  const own = (sql: string) => isReplayable(text(sql))
  const users = (sql: string) => isReplayable([{ text: sql, span: { file: 'm.ff.sql', line: 1, column: 1 } }])

  test.each(['select 1', ' -- x\nwith a as (select 1) select * from a', 'describe t', 'reset x'])(
    'is sent again when it reads: %s',
    (sql) => {
      expect([own(sql), users(sql)]).toEqual([true, true])
    },
  )

  test.each(['create or replace table t as select 1', 'merge into t using s on true', 'drop table if exists t'])(
    "is sent again when it is fft's and leaves the same: %s",
    (sql) => {
      expect([own(sql), users(sql)]).toEqual([true, false])
    },
  )

  test.each([
    'insert into t select 1',
    'with a as (select 1) insert into t select * from a',
    'alter table t add columns (a int)',
  ])('is not sent again when it could do its work twice: %s', (sql) => {
    expect([own(sql), users(sql)]).toEqual([false, false])
  })
})
