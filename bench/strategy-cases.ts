/** How an engine writes what the cases' SQL needs. */
export interface Words {
  /** The model's table. */
  readonly target: string
  /** An item of FROM with the numbers `i` from 0 to below a number. */
  series(count: number): string
}

/** A strategy with a delta, and what a person would write for the same result. */
export interface StrategyCase {
  readonly name: string
  /** What stands in `config()`. */
  readonly config: string
  /** Whether the delta is the whole SELECT; else it is the body with `is_incremental()`. */
  readonly isWhole?: true
  readonly delta: string
  /** Ways to the same result with the same checks, by name; `delta` is staged before each. */
  readonly hand: Readonly<Record<string, readonly string[]>>
  /** Without checks, and without looking which rows are equal. */
  readonly unchecked: readonly string[]
}

const deltaRows = 100_000
const columns = 'id, name, amount, status, updated_at, day'

/** Every row of the table before: ten thousand a day, an id a second. */
export function fullSql({ series }: Words, size: number): string {
  return rowsSql('i', 'i', `timestamp '2024-01-01' + i * interval '1 second'`, series(size))
}

function rowsSql(id: string, value: string, updatedAt: string, from: string): string {
  return `select cast(${id} as bigint) as id, concat('name ', ${value}) as name, cast(${value} * 1.5 as decimal(18, 2)) as amount,
  case when ${value} % 3 = 0 then 'open' else 'paid' end as status, ${updatedAt} as updated_at,
  date '2020-01-01' + cast(floor(${id} / 10000.0) as integer) as day from ${from}`
}

/** The cases for a table of so many rows. */
export function strategyCases(words: Words, size: number): readonly StrategyCase[] {
  const spread = spreadSql(words, size)
  return [...limited(words, spread), ...partitioned(words, size), ...(size > 1_000_000 ? [] : [missing(words, size)])]
}

/** The first two thirds of the delta are keys of the table, spread over all of it; the others are new. */
function spreadSql({ series }: Words, size: number): string {
  const updates = Math.floor((deltaRows * 2) / 3)
  const id = `(case when i < ${updates} then i * ${Math.floor(size / updates)} else ${size} + i end)`
  return rowsSql(id, '(i + 1)', `timestamp '2034-01-01' + i * interval '1 second'`, series(deltaRows))
}

const keyCheck = 'select count(*) - count(id), count(id) - count(distinct id) from delta'
const merge = "materialized='incremental', unique_key='id', updated_at='updated_at'"
const match = 'target.id = delta.id'
const newer = '(target.updated_at is null or delta.updated_at >= target.updated_at)'

function differing(names: readonly string[]): string {
  return `(${names.map((name) => `target.${name} is distinct from delta.${name}`).join(' or ')})`
}

function assignments(names: readonly string[]): string {
  return names.map((name) => `${name} = delta.${name}`).join(', ')
}

function insertNew(target: string, where = 'true'): string {
  return `insert into ${target} (${columns}) select ${columns} from delta where ${where} and not exists (select 1 from ${target} as target where ${match})`
}

/** Updates some columns of the rows that a condition is true of. */
function updating(target: string, set: string, when: string, before: readonly string[] = [keyCheck]) {
  const values = columns
    .split(', ')
    .map((name) => `delta.${name}`)
    .join(', ')
  return {
    'update + insert': [
      ...before,
      `update ${target} as target set ${set} from delta where ${match} and ${when}`,
      insertNew(target),
    ],
    MERGE: [
      ...before,
      `merge into ${target} as target using delta on ${match} when matched and ${when} then update set ${set} when not matched then insert (${columns}) values (${values})`,
    ],
  }
}

const rest = ['name', 'amount', 'status', 'updated_at', 'day']

function limited({ target }: Words, delta: string): readonly StrategyCase[] {
  const replace = [
    `delete from ${target} as target using delta where ${match}`,
    `insert into ${target} (${columns}) select ${columns} from delta`,
  ]
  const addColumn = `alter table ${target} add column prev_status varchar`
  const remember = `${assignments(rest)}, prev_status = case when target.status is distinct from delta.status then target.status else target.prev_status end`
  const isGone = "delta.status = 'open'"
  const some = assignments(['amount'])
  return [
    {
      name: 'merge, update_columns',
      config: `${merge}, update_columns=['amount']`,
      delta,
      hand: updating(target, some, `${newer} and ${differing(['amount'])}`),
      unchecked: updating(target, some, 'true', []).MERGE,
    },
    {
      name: 'merge, update_when',
      config: `${merge}, update_when='delta.updated_at >= target.updated_at'`,
      delta,
      hand: updating(target, assignments(rest), `delta.updated_at >= target.updated_at and ${differing(rest)}`),
      unchecked: updating(target, assignments(rest), 'delta.updated_at >= target.updated_at', []).MERGE,
    },
    {
      name: 'merge, flagged deletions',
      config: `${merge}, deletes={'when': "status = 'open'"}`,
      delta,
      hand: {
        'delete + insert': [
          keyCheck,
          `delete from ${target} as target using delta where ${match} and ${newer}`,
          insertNew(target, `not ${isGone}`),
        ],
        MERGE: [
          keyCheck,
          `merge into ${target} as target using delta on ${match} when matched and ${isGone} and ${newer} then delete when matched and ${newer} and ${differing(rest)} then update set ${assignments(rest)} when not matched and not ${isGone} then insert (${columns}) values (${columns
            .split(', ')
            .map((name) => `delta.${name}`)
            .join(', ')})`,
        ],
      },
      unchecked: [
        replace[0] ?? '',
        `insert into ${target} (${columns}) select ${columns} from delta where not ${isGone}`,
      ],
    },
    {
      name: 'merge, predicates',
      config: `${merge}, predicates=['target.id >= 0']`,
      delta,
      hand: {
        'delete + insert': [
          keyCheck,
          `select id from delta where exists (select 1 from ${target} as target where ${match}) and not exists (select 1 from ${target} as target where ${match} and target.id >= 0) limit 5`,
          `delete from delta using ${target} as target where ${match} and (not ${newer} or not ${differing(rest)})`,
          `delete from ${target} as target using delta where ${match} and target.id >= 0`,
          `insert into ${target} (${columns}) select ${columns} from delta`,
        ],
      },
      unchecked: replace,
    },
    {
      name: 'scd3',
      config: `${merge}, strategy='scd3', history_columns={'status': 'prev_status'}`,
      delta,
      hand: updating(target, remember, `${newer} and ${differing(rest)}`, [keyCheck, addColumn]),
      unchecked: updating(target, remember, 'true', [addColumn]).MERGE,
    },
  ]
}

/** Nine days that are there, with a third of their rows changed, and a new one. */
function partitioned({ target, series }: Words, size: number): readonly StrategyCase[] {
  const from = size - deltaRows * 0.9
  const changed = (every: string) =>
    rowsSql(
      `(i + ${from})`,
      `(i + ${from} + case when ${every} then 1 else 0 end)`,
      `timestamp '2024-01-01' + (i + ${from}) * interval '1 second'`,
      series(deltaRows),
    )
  const days = 'select distinct day from delta'
  const replace = [
    `delete from ${target} where day in (${days})`,
    `insert into ${target} (${columns}) select ${columns} from delta`,
  ]
  // Days whose rows are the same ones are left alone, and what is counted is what changed.
  const compared = [
    `create temp table old as select ${columns} from ${target} where day in (${days})`,
    `create temp table diff as select day, sum(case when n > 0 then n else 0 end) as added, sum(case when n < 0 then -n else 0 end) as gone from (select ${columns}, sum(n) as n from (select ${columns}, 1 as n from delta union all select ${columns}, -1 from old) as sides group by ${columns} having sum(n) <> 0) as rows_that_differ group by day`,
    'select sum(added), sum(gone), sum(least(added, gone)) from diff',
    `delete from ${target} where day in (select day from diff)`,
    `insert into ${target} (${columns}) select ${columns} from delta where day in (select day from diff)`,
    'drop table old',
    'drop table diff',
  ]
  const dated = changed('false').replace(/date '2020-01-01' \+ cast\(.* as day/, "date '2090-01-01' as day")
  const overwrite = "materialized='incremental', strategy='insert_overwrite', partition_by='day'"
  return [
    {
      name: 'insert_overwrite',
      config: overwrite,
      delta: changed('i % 3 = 0'),
      hand: { 'compared, delete + insert': compared },
      unchecked: replace,
    },
    {
      name: 'insert_overwrite, one of ten days changed',
      config: overwrite,
      delta: changed('i < 10000'),
      hand: { 'compared, delete + insert': compared },
      unchecked: replace,
    },
    {
      name: 'snapshot_date',
      config: overwrite.replace('insert_overwrite', 'snapshot_date'),
      delta: dated,
      hand: {
        'compared, delete + insert': ['select count(distinct day), count(*) - count(day) from delta', ...compared],
      },
      unchecked: replace,
    },
  ]
}

/** The whole SELECT, in which one row of a hundred is gone and one of ten has changed. */
function missing(words: Words, size: number): StrategyCase {
  const { target, series } = words
  const value = '(i + case when i % 10 = 1 then 1 else 0 end)'
  const delta = `${rowsSql('i', value, `timestamp '2024-01-01' + i * interval '1 second'`, series(size))} where i % 100 <> 0`
  const gone = `delete from ${target} as target where not exists (select 1 from delta where ${match})`
  const empty = 'select count(*) from delta'
  return {
    name: 'merge, missing keys deleted',
    config: `${merge}, deletes={'missing': True}`,
    isWhole: true,
    delta,
    hand: {
      ...updating(target, assignments(rest), differing(rest), [keyCheck, empty, gone]),
      'delete + insert': [
        keyCheck,
        empty,
        gone,
        `delete from delta using ${target} as target where ${match} and not ${differing(rest)}`,
        `delete from ${target} as target using delta where ${match}`,
        `insert into ${target} (${columns}) select ${columns} from delta`,
      ],
    },
    unchecked: [`delete from ${target}`, `insert into ${target} (${columns}) select ${columns} from delta`],
  }
}
