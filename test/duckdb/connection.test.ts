import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Connection, Warehouse } from '../../src/adapters/index.js'
import { concat, type Sql, text } from '../../src/core/index.js'
import { errorOf, open, rowsOf, temporaryFolder } from './fixture.js'

let warehouse: Warehouse
let connection: Connection

beforeAll(async () => {
  warehouse = await open()
})
afterAll(() => warehouse.close())
beforeEach(async () => {
  connection = await warehouse.connect()
})

const run = (sql: string) => connection.execute(text(sql))

/** SQL that stands in the user's file from line 1 on. */
function fromFile(sql: string): Sql {
  return [{ text: sql, span: { file: 'models/m.ff.sql', line: 1, column: 1 }, verbatim: true }]
}

async function placeOf(sql: Sql): Promise<string> {
  const { span } = await errorOf(connection.execute(sql))
  return span === undefined ? 'nowhere' : `${span.line}:${span.column}+${span.length ?? 1}`
}

describe('execute', () => {
  it('counts the rows that each kind of statement writes', async () => {
    const counts: [string, number][] = [
      ['create or replace table c as select range as n, 1 as x from range(7)', 7],
      ['create or replace table c as select range as n, 1 as x from range(3)', 3],
      ['insert into c values (10, 1), (11, 1)', 2],
      ['insert into c values (12, 1) returning n', 1],
      ['update c set x = 2 where n < 2', 2],
      ['delete from c where n >= 11', 2],
      [
        'merge into c using (select 1 as n, 5 as x union all select 99, 6) s using (n) when matched then update by name when not matched then insert by name',
        2,
      ],
      ['create or replace table p as select * from (pivot c on x using sum(n))', 1],
      ['create or replace view v as select 1', 0],
      ['select * from c', 0],
      ['create table if not exists c(n int)', 0],
      ['truncate c', 5],
      ['-- nothing at all', 0],
      [';', 0],
      ['insert into c values (1, 1); insert into c values (2, 2), (3, 3);', 3],
    ]
    for (const [sql, rows] of counts) expect([sql, (await run(sql)).rowsAffected]).toEqual([sql, rows])
  })
})

describe('query', () => {
  it('prints every type exactly as the engine does', async () => {
    const values = [
      'true',
      '1::tinyint',
      '-2::utinyint % 3',
      '3::bigint',
      '170141183460469231731687303715884105727::hugeint',
      '18446744073709551615::ubigint',
      '0.05::decimal(3,2)',
      '-0.05::decimal(18,2)',
      '12345678901234567890.123456789::decimal(38,9)',
      '7::decimal(4,0)',
      '1e15::double',
      '1e16::double',
      '0.0001::double',
      '1.5e-7::double',
      "'-0.0'::double",
      "'nan'::double",
      "'-inf'::double",
      '5e-324::double',
      '0.1::float',
      '3.4028235e38::float',
      '16777216::float',
      "'inf'::float",
      '1.1e-38::float',
      "date '2024-02-29'",
      "date '0044-03-15 (BC)'",
      "date '12024-01-01'",
      "'infinity'::date",
      "date '0001-01-01'",
      "date '1969-12-31'",
      "timestamp '2024-01-01 10:11:12.123456'",
      "timestamp '2024-01-01 00:00:00.1'",
      "timestamp '1969-12-31 23:59:59.999999'",
      "timestamp '290000-01-01 00:00:00'",
      "timestamp '0044-03-15 (BC) 01:00:00'",
      "'-infinity'::timestamp",
      "'infinity'::timestamptz",
      "timestamptz '2024-01-01 12:00:00.5+02'",
      "timestamptz '290000-01-01 00:00:00+00'",
      "timestamptz '0044-03-15 (BC) 01:00:00+00'",
      "timestamp_s '2024-01-01 00:00:01'",
      "timestamp_ms '2024-01-01 00:00:00.5'",
      "timestamp_ns '2024-01-01 00:00:00.123456789'",
      "time '10:00:00.5'",
      "timetz '10:00:00+02'",
      "interval '1 year 2 months -3 days 4 hours'",
      "interval '-1 microsecond'",
      "'a\\x00\"'::blob",
      "'5b0f4c5e-0a1b-4c2d-8e3f-405162738495'::uuid",
      "'101'::bit",
      "'x'::enum('x', 'y')",
      `'{"a": [1, 2]}'::json`,
      '[1, null, 3]',
      "['it''s', null, '']",
      "{'a': 1.50, 'b c': 'x'}",
      "map {'k': [1]}",
      '[1.5, 2]::double[2]',
      'union_value(num := 2)',
      '\'Grüße 🦆, "quoted"\nline\'',
      'null',
      'null::int[]',
      "''",
      "timestamp '2024-01-01 00:00:00'::timestamp_ns",
      "time '24:00:00'",
    ]
    const own = await rowsOf(connection, `select ${values.join(', ')}`)
    const cast = await rowsOf(connection, `select ${values.map((value) => `(${value})::varchar`).join(', ')}`)
    expect(own).toEqual(cast)
  })

  it('prints doubles and floats so that they read back as the same number', async () => {
    await run(`create or replace table d as select hash(range)::double * pow(10, (range % 80)::int - 50) as d,
      (hash(range) / 1e12 * pow(10, (range % 60)::int - 30))::float as f from range(20000)`)
    const own = await rowsOf(connection, 'select d, f from d')
    const cast = await rowsOf(connection, 'select d::varchar, f::varchar from d')
    expect(own).toEqual(cast)
  })

  it('keeps order, duplicate names and NULLs, with nested values among them', async () => {
    const result = await connection.query(
      text(
        'select range % 3 as a, [range] as a, case when range % 2 = 0 then range end as b from range(5000) order by range desc -- end',
      ),
    )
    expect(result.columns).toEqual([
      { name: 'a', type: 'BIGINT' },
      { name: 'a', type: 'BIGINT[]' },
      { name: 'b', type: 'BIGINT' },
    ])
    expect(result.rows.length).toBe(5000)
    expect(result.rows.slice(0, 2)).toEqual([
      ['1', '[4999]', null],
      ['0', '[4998]', '4998'],
    ])
    expect(result.rows.at(-1)).toEqual(['0', '[0]', '0'])
  })

  it('reads what is no SELECT', async () => {
    await run('create or replace table r(a int, l int[])')
    expect(await rowsOf(connection, 'insert into r values (1, [1, 2]) returning a')).toEqual([['1']])
    expect((await rowsOf(connection, 'describe r')).length).toBe(2)
    expect(await rowsOf(connection, '-- nothing')).toEqual([])
    expect(await rowsOf(connection, 'pivot (select 1 as k, 2 as v) on k using sum(v)')).toEqual([['2']])
  })
})

describe('describe', () => {
  it('gives names and complete types without running the query', async () => {
    const columns = await connection.describe(
      text(
        `select '{}'::json as j, 'x'::enum('x', 'y') as "E e", 1::decimal(9,2) as d, now() as t, error('not run') as x -- end`,
      ),
    )
    expect(columns).toEqual([
      { name: 'j', type: 'JSON' },
      { name: 'E e', type: "ENUM('x', 'y')" },
      { name: 'd', type: 'DECIMAL(9,2)' },
      { name: 't', type: 'TIMESTAMP WITH TIME ZONE' },
      expect.objectContaining({ name: 'x' }),
    ])
  })

  it('finds the place of an error inside the select', async () => {
    const error = await errorOf(connection.describe(fromFile('select 1,\n  nope\nfrom range(3)')))
    expect(error.span).toEqual({ file: 'models/m.ff.sql', line: 2, column: 3, length: 4 })
  })
})

describe('transactions', () => {
  it('keeps everything on commit and nothing on rollback', async () => {
    await run('create or replace table k(n int)')
    await connection.begin()
    await run('insert into k values (1)')
    await connection.commit()
    await connection.begin()
    await run('insert into k values (2)')
    await run('create table made as select 1')
    await connection.rollback()
    expect(await rowsOf(connection, 'select n from k')).toEqual([['1']])
    expect((await errorOf(run('select * from made'))).code).toBe('relation-missing')
  })

  it('refuses to commit after a failed statement, says why, and is usable again', async () => {
    await run('create or replace table k(n int)')
    for (const failing of ["select cast('x' as int)", 'selec', 'select nope from k']) {
      await connection.begin()
      await run('insert into k values (1)')
      const cause = await errorOf(run(failing))
      const error = await errorOf(connection.commit())
      expect(error.code).toBe('transaction-aborted')
      expect(error.message).toContain(cause.message)
      expect(await rowsOf(connection, 'select * from k')).toEqual([])
    }
    await connection.begin()
    await run('insert into k values (5)')
    await connection.commit()
    expect(await rowsOf(connection, 'select n from k')).toEqual([['5']])
  })

  it('lets rollback be called at any time', async () => {
    await connection.rollback()
    await connection.rollback()
    await connection.begin()
    await errorOf(run("select cast('x' as int)"))
    await connection.rollback()
    expect(await rowsOf(connection, 'select 1')).toEqual([['1']])
  })

  it('rolls back while a stream of the connection is open', async () => {
    await run('create or replace table k as select range as n from range(100000)')
    await connection.begin()
    await run('delete from k where n < 10')
    const stream = connection.stream(text('select n from k'))[Symbol.asyncIterator]()
    await stream.next()
    await connection.rollback()
    expect(await rowsOf(connection, 'select count(*) from k')).toEqual([['100000']])
  })
})

describe('concurrency', () => {
  it('runs the statements of one connection in the order of the calls', async () => {
    await run('create or replace table o(n int)')
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => run(`insert into o select count(*) + 0 * ${index} from o`)),
    )
    expect(await rowsOf(connection, "select string_agg(n, ',') from o")).toEqual([
      [Array.from({ length: 20 }, (_, index) => index).join(',')],
    ])
  })

  it('writes from several connections at once', async () => {
    await run('create or replace table o(n int)')
    const others = await Promise.all(Array.from({ length: 4 }, () => warehouse.connect()))
    await Promise.all(
      others.map(async (other, index) => {
        await other.begin()
        await other.execute(text(`insert into o values (${index})`))
        await other.execute(text(`create or replace table own_${index} as select * from range(1000)`))
        await other.commit()
      }),
    )
    expect(await rowsOf(connection, 'select count(*) from o')).toEqual([['4']])
  })
})

describe('cancelling', () => {
  const slow = 'select max(hash(a.range + b.range)) from range(1000000) a, range(1000000) b'

  it('stops the running statement, which rejects as cancelled', async () => {
    const pending = errorOf(run(slow))
    await new Promise((resolve) => setTimeout(resolve, 30))
    await connection.cancel()
    expect((await pending).code).toBe('cancelled')
    expect(await rowsOf(connection, 'select 1')).toEqual([['1']])
  })

  it('also stops a statement that has only just been sent', async () => {
    for (let round = 0; round < 10; round++) {
      const pending = errorOf(run(slow))
      await connection.cancel()
      if (round % 2 === 0) await warehouse.cancelAll()
      expect((await pending).code).toBe('cancelled')
    }
  })

  it('does nothing when nothing runs', async () => {
    await connection.cancel()
    await warehouse.cancelAll()
    expect(await rowsOf(connection, 'select 1')).toEqual([['1']])
  })

  it('leaves a transaction to roll back', async () => {
    await run('create or replace table k(n int)')
    await connection.begin()
    await run('insert into k values (1)')
    const pending = errorOf(run(`insert into k ${slow}`))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await connection.cancel()
    expect((await pending).code).toBe('cancelled')
    await connection.rollback()
    expect(await rowsOf(connection, 'select * from k')).toEqual([])
  })

  it('cancels whatever runs on any connection, streams too', async () => {
    const other = await warehouse.connect()
    const pending = errorOf(run(slow))
    const stream = other.stream(text('select range from range(100000000)'))[Symbol.asyncIterator]()
    await stream.next()
    await warehouse.cancelAll()
    expect((await pending).code).toBe('cancelled')
    const rest = (async () => {
      while (!(await stream.next()).done) {}
    })()
    expect((await errorOf(rest)).code).toBe('cancelled')
    expect(await rowsOf(other, 'select 1')).toEqual([['1']])
  })
})

describe('the place of an error', () => {
  it('is the name at fault, whatever stands before it', async () => {
    await run('create or replace table t as select 1 as name, 2 as amt')
    const cases: [string, string][] = [
      ['select nope from t', '1:8+4'],
      ["select\n  'é🦆', nope\nfrom t", '2:9+4'],
      ["-- ü\r\nselect 'ß',\r\n\tnope from t", '3:2+4'],
      ['selec 1', '1:1+5'],
      ['select * from\n  tt', '2:3+2'],
      ['select x.name from t', '1:8+1'],
      ['select nofun(1)', '1:8+5'],
      ['select "no pe" from t', '1:8+7'],
      ["select\n'öü', cast('abc' as int) from t", '2:7+1'],
      ['select 1; select nope from t', '1:18+4'],
      ['select 1 +', '1:11+1'],
      ['\n\n  insert into t values (1)', '3:3+1'],
      ['\n select 9223372036854775807 + 1', '2:2+1'],
    ]
    for (const [sql, place] of cases) expect([sql, await placeOf(fromFile(sql))]).toEqual([sql, place])
  })

  it('is found through text that fft has put around the query', async () => {
    const user = fromFile("select '🦆é' as duck,\n  nope\nfrom range(3)")
    expect(await placeOf(concat('create table "größe" as (', user, '\n)'))).toBe('2:3+4')
  })

  it("is the expression's place for computed text", async () => {
    const sql: Sql = concat(fromFile('select '), [
      { text: 'nope_from_macro', span: { file: 'models/m.ff.sql', line: 1, column: 8, length: 12 } },
    ])
    expect(await placeOf(sql)).toBe('1:8+12')
  })
})

describe('the words of an error', () => {
  it('are one sentence, with the candidates as hint', async () => {
    await run('create or replace table users as select 1 as user_id, 2 as email')
    const cases: [string, string, string, string | undefined][] = [
      [
        'select user_idd from users',
        'column-missing',
        'Referenced column "user_idd" not found in FROM clause!',
        "did you mean 'user_id'?",
      ],
      ['select * from userz', 'relation-missing', 'Table with name userz does not exist!', "did you mean 'users'?"],
      [
        'select uper(email) from users',
        'function-missing',
        'Scalar Function with name uper does not exist!',
        "did you mean 'upper'?",
      ],
      ['select u.email from users', 'relation-missing', 'Referenced table "u" not found!', undefined],
      [
        "select cast('abc' as int)",
        'type-mismatch',
        "Could not convert string 'abc' to INT32",
        'correct the value, or give it up as NULL with try_cast(… as …)',
      ],
      ['selec', 'sql-syntax', 'syntax error at or near "selec"', undefined],
      [
        'select 9223372036854775807 + 1',
        'value-out-of-range',
        'Overflow in addition of INT64 (9223372036854775807 + 1)!',
        undefined,
      ],
      ['create table users(a int)', 'relation-exists', 'Table with name "users" already exists!', undefined],
      [
        'select (select range from range(2))',
        'engine-error',
        'More than one row returned by a subquery used as an expression - scalar subqueries can only return a single row.',
        'Use "SET scalar_subquery_error_on_multiple_rows=false" to revert to previous behavior of returning a random row.',
      ],
      [
        "select * from read_csv('/nowhere.csv')",
        'file-missing',
        'No files found that match the pattern "/nowhere.csv"',
        undefined,
      ],
      [
        "select date '2024-01-01' + true",
        'type-mismatch',
        "No function matches the given name and argument types '+(DATE, BOOLEAN)'. You might need to add explicit type casts.",
        undefined,
      ],
      [
        'select email, count(*) from users',
        'sql-invalid',
        'column "email" must appear in the GROUP BY clause or must be part of an aggregate function.',
        'Either add it to the GROUP BY list, or use "ANY_VALUE(email)" if the exact value of "email" is not important.',
      ],
    ]
    for (const [sql, code, message, hint] of cases) {
      const error = await errorOf(run(sql))
      expect([sql, error.code, error.message, hint === undefined ? undefined : error.hint]).toEqual([
        sql,
        code,
        message,
        hint,
      ])
      expect(error.statement).toBe(sql)
    }
  })

  it('name constraint, conflict and memory faults by code', async () => {
    await run('create or replace table u(id int primary key)')
    expect((await errorOf(run('insert into u values (1), (1)'))).code).toBe('constraint-violated')
    const other = await warehouse.connect()
    await run('create or replace table w as select 1 as n')
    await connection.begin()
    await other.begin()
    await run('update w set n = 2')
    expect((await errorOf(other.execute(text('update w set n = 3')))).code).toBe('write-conflict')
    await connection.rollback()
    await other.rollback()
    const small = await open({ settings: { settings: { memory_limit: '20MB', temp_directory: '' } } })
    const big = text(
      'create table big as select range as a, hash(range) as b, range::varchar || range as c from range(20000000)',
    )
    const error = await errorOf((await small.connect()).execute(big))
    await small.close()
    expect([error.code, error.hint?.includes('memory_limit')]).toEqual(['out-of-memory', true])
  })

  it('stay readable for a malformed CSV file', async () => {
    const folder = await temporaryFolder()
    await writeFile(folder.file('bad.csv'), 'id,amt\n1,2\n2,zzz\n')
    const error = await errorOf(
      connection.execute(
        fromFile(
          `select *\nfrom read_csv('${folder.file('bad.csv')}', header = true, columns = {'id': 'int', 'amt': 'double'})`,
        ),
      ),
    )
    await folder.remove()
    expect(error.code).toBe('type-mismatch')
    expect(error.message).toBe(
      `CSV Error on Line: 3 Original Line: 2,zzz Error when converting column "amt". Could not convert string "zzz" to 'DOUBLE'`,
    )
    expect(error.span?.file).toBe('models/m.ff.sql')
  })
})
