import { type Relation, type Sql, text } from '../core/index.js'
import type { RunRecord, RunRecords, SchemaName, Statement } from './types.js'

interface RecordWords {
  relation(relation: Relation): string
  value(given: unknown): string
}

const counted = ['inserted', 'updated', 'deleted', 'unchanged', 'late', 'duplicates'] as const

/** What a run did, in standard SQL. */
export function runRecords({ relation, value }: RecordWords): RunRecords {
  const table = (schema: SchemaName, identifier: string) => relation({ ...schema, identifier })
  return {
    record: (schema, run, keepFrom) => [
      statement(
        `insert into ${table(schema, 'runs')} (run_id, command, environment, fft_version, status, started_at, finished_at) values (${[run.runId, run.command, run.environment, run.version, run.status, run.startedAt, run.finishedAt].map(value).join(', ')})`,
        'record the run',
      ),
      statement(
        `insert into ${table(schema, 'node_runs')} (run_id, relation, model, status, started_at, milliseconds, ${counted.join(', ')}) values ${rowsOf(run, value)}`,
        'record what it did to each relation',
      ),
      ...[
        ['runs', 'started_at'],
        ['node_runs', 'started_at'],
      ].map(([name = '', column]) =>
        statement(`delete from ${table(schema, name)} where ${column} < ${value(keepFrom)}`, 'forget what is long ago'),
      ),
    ],
    read: (schema) =>
      text(
        `select started_at, model, relation, status, milliseconds, ${counted.join(', ')}, run_id from ${table(schema, 'node_runs')} order by started_at desc, model`,
      ),
  }
}

function rowsOf({ runId, nodes }: RunRecord, value: RecordWords['value']): string {
  const rows = nodes.map(({ relation, model, status, startedAt, milliseconds, counts }) => {
    const cells = [runId, relation, model, status, startedAt, milliseconds, ...counted.map((name) => counts?.[name])]
    return `(${cells.map(value).join(', ')})`
  })
  return rows.join(', ')
}

function statement(sql: string, note: string): Statement & { readonly sql: Sql } {
  return { sql: text(sql), note }
}
