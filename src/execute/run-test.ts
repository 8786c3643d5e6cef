import type { Connection } from '../adapters/index.js'
import type { TestPlan } from '../plan/index.js'
import type { NodeResult } from './types.js'

/** What a test with that many rows at fault comes to; reads a few of them when there are any. */
export async function runTest(
  test: TestPlan,
  failures: number,
  connection: Connection,
): Promise<Pick<NodeResult, 'status' | 'failures' | 'detail' | 'failure'>> {
  const status = test.verdict(failures)
  const detail = failures === 0 ? 'no failures' : `${failures} ${failures === 1 ? 'failure' : 'failures'}`
  if (status === 'pass') return { status, failures, detail }
  const { columns, rows } = await connection.query(test.sample)
  return {
    status,
    failures,
    detail,
    failure: {
      code: 'test-failed',
      message: `${failures} ${failures === 1 ? 'row fails' : 'rows fail'} the test`,
      rows: { columns: columns.map((column) => column.name), rows },
    },
  }
}
