import type { Attachments, Column } from '../../src/adapters/index.js'

/** A dialect whose statements are kept as files; nothing is connected. */
export interface GoldenDialect {
  readonly engine: string
  /** The environment in `profiles.yml`, complete enough to be compiled. */
  readonly profile: Readonly<Record<string, unknown>>
  readonly schema: string
  /** The engine's own names of types. */
  readonly types: Readonly<Record<'integer' | 'bigint' | 'text' | 'timestamp' | 'double', string>>
  /** What hangs at a table, on engines where that has to be kept. */
  readonly attachments?: Attachments
}

export const dialects: readonly GoldenDialect[] = [
  {
    engine: 'duckdb',
    profile: { engine: 'duckdb', duckdb: { path: ':memory:' } },
    schema: 'main',
    types: { integer: 'INTEGER', bigint: 'BIGINT', text: 'VARCHAR', timestamp: 'TIMESTAMP', double: 'DOUBLE' },
  },
  {
    engine: 'postgres',
    profile: { engine: 'postgres', postgres: { host: 'localhost', user: 'u', dbname: 'd', schema: 'lab' } },
    schema: 'lab',
    types: {
      integer: 'integer',
      bigint: 'bigint',
      text: 'text',
      timestamp: 'timestamp without time zone',
      double: 'double precision',
    },
    attachments: {
      dependents: [
        {
          relation: { schema: 'lab', identifier: 'by_hand' },
          drop: 'drop view "lab"."by_hand"',
          restore: ['create view "lab"."by_hand" as select id from lab.m', 'grant select on "lab"."by_hand" to reader'],
        },
      ],
      restore: ['comment on table "lab"."m" is \'events\'', 'create index on "lab"."m" (t)'],
      blockers: [],
    },
  },
  {
    engine: 'databricks',
    profile: { engine: 'databricks', databricks: { host: 'h', http_path: '/p', token: 't', schema: 'lab' } },
    schema: 'lab',
    types: { integer: 'int', bigint: 'bigint', text: 'string', timestamp: 'timestamp', double: 'double' },
  },
]

/** Columns of the source, and of the delta that most plans have. */
export function columnsOf({ types }: GoldenDialect) {
  const column = (name: string, type: keyof GoldenDialect['types']): Column => ({ name, type: types[type] })
  const [id, v, t] = [column('id', 'integer'), column('v', 'text'), column('t', 'timestamp')]
  return {
    id,
    v,
    t,
    all: [id, v, t] as const,
    gone: column('gone', 'text'),
    added: column('new', 'double'),
    wideId: column('id', 'bigint'),
  }
}
