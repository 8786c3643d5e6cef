import { describe, expect, test } from 'vitest'
import { parseEngineError } from './engine-error.js'

describe('what the server says of a failed statement', () => {
  test('of a row that could not be written is what was wrong with the row', () => {
    const errorMessage = [
      'org.apache.hive.service.cli.HiveSQLException: Error running query: [TASK_WRITE_FAILED] org.apache.spark.SparkException: [TASK_WRITE_FAILED] Task failed while writing rows to file:/tmp/x. SQLSTATE: 58030',
      '\tat org.apache.spark.Foo(Foo.scala:1)',
      'Caused by: org.apache.spark.SparkException: [TASK_WRITE_FAILED] Task failed while writing rows to file:/tmp/x. SQLSTATE: 58030',
      '\tat org.apache.spark.Foo(Foo.scala:1)',
      `Caused by: org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value 'x' of the type "STRING" cannot be cast to "INT" because it is malformed. Correct the value as per the syntax, or change its target type. SQLSTATE: 22018`,
      '== SQL (line 2, position 8) ==',
      'select cast(v as int)',
      '\tat org.apache.spark.Bar(Bar.scala:2)',
    ].join('\n')
    expect(parseEngineError({ errorMessage, sqlState: '58030' })).toMatchObject({
      errorClass: 'CAST_INVALID_INPUT',
      message: `The value 'x' of the type "STRING" cannot be cast to "INT" because it is malformed`,
      sqlState: '22018',
      position: { line: 2, column: 7 },
    })
  })

  test('of a workspace is its display message', () => {
    const displayMessage =
      '[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found. SQLSTATE: 42P01; line 1 pos 14'
    expect(parseEngineError({ displayMessage, errorMessage: 'java', sqlState: '42P01' })).toMatchObject({
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      message: 'The table or view `a`.`b` cannot be found',
      name: 'b',
      position: { line: 1, column: 14 },
    })
  })
})
