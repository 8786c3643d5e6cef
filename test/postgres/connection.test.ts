import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SourceSpan, type Sql, text } from '../../src/core/index.js'
import { errorOf, type Lab, openLab, openPostgres, rowsOf } from './fixture.js'
import { postgresServer } from './server.js'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.end())

const place: SourceSpan = { file: 'models/m.ff.sql', line: 3, column: 5 }

/** fft's text around a user's. */
function wrapped(own: string): Sql {
  return [{ text: 'select * from (\n' }, { text: own, span: place, verbatim: true }, { text: '\n) as delta' }]
}

describe('errors', () => {
  test.each<readonly [string, string, readonly [number, number, number?]]>([
    ["select 'äöü€🦆', nope from pg_class", 'column-missing', [1, 17, 4]],
    ['select 1\nfrom nowhere', 'relation-missing', [2, 6, 7]],
    ['select foo(1)', 'function-missing', [1, 8, 3]],
    ['select 1 +\n * 2', 'sql-syntax', [2, 2, 1]],
    ["select cast('x' as integer)", 'type-mismatch', [1, 13]],
    ['select 1 / 0', 'engine-error', [1, 1]],
    ['select 99999999999::integer', 'value-out-of-range', [1, 1]],
  ])('%s is shown at its place', async (sql, code, [line, column, length]) => {
    const error = await errorOf(lab.connection.query(wrapped(sql)))
    expect(error.code).toBe(code)
    const expected = line === 1 ? { line: 3, column: 5 + column - 1 } : { line: 3 + line - 1, column }
    expect(error.span).toMatchObject({ file: place.file, ...expected, ...(length === undefined ? {} : { length }) })
  })

  test('an error of the first statement of a transaction is at its place too', async () => {
    await lab.connection.begin({ relation: lab.relation('x'), waitMs: 0, onWait: () => {} })
    const error = await errorOf(lab.connection.execute(wrapped("select 'äöü€🦆', nope")))
    expect(error.span).toMatchObject({ line: 3, column: 21 })
    await lab.connection.rollback()
  })

  test('an open bracket is told of as such, not by what fft wrote behind it', async () => {
    const error = await errorOf(lab.connection.query(wrapped('select (1')))
    expect(error.message).toBe('syntax error at the end of the SQL: something in it is not closed')
  })

  test('a name that would be cut is refused at its place', async () => {
    const long = 'é'.repeat(40)
    const error = await errorOf(lab.connection.query(wrapped(`select 1 as ${long}`)))
    expect(error.code).toBe('name-too-long')
    expect(error.span).toMatchObject({ line: 3, column: 17, length: 40 })
    expect((await errorOf(lab.connection.describe(wrapped(`select 1 as ${long}`)))).code).toBe('name-too-long')
  })

  test('the commit of a failed transaction is an error that names the statement', async () => {
    await lab.connection.begin()
    await lab.connection.execute(text(`create table ${lab.schema}.gone (a integer)`))
    await errorOf(lab.connection.execute(wrapped('select nope')))
    const error = await errorOf(lab.connection.commit())
    expect(error.code).toBe('transaction-aborted')
    expect(error.message).toContain('column "nope" does not exist')
    expect(await rowsOf(lab.connection, `select to_regclass('${lab.schema}.gone')`)).toEqual([[null]])
  })
})

describe('cancelling', () => {
  test('the running statement ends, and the connection works on', async () => {
    const running = errorOf(lab.connection.query(text('select pg_sleep(60)')))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const began = performance.now()
    await lab.connection.cancel()
    expect((await running).code).toBe('cancelled')
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(await rowsOf(lab.connection, 'select 1')).toEqual([['1']])
  })

  test('a transaction is rolled back, and its lock is free', async () => {
    const relation = lab.relation('locked')
    await lab.connection.begin({ relation, waitMs: 0, onWait: () => {} })
    await lab.connection.execute(text(`create table ${lab.schema}.half (a integer)`))
    const running = errorOf(lab.connection.execute(text('select pg_sleep(60)')))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await lab.warehouse.cancelAll()
    expect((await running).code).toBe('cancelled')
    await lab.connection.rollback()
    expect(await rowsOf(lab.connection, `select to_regclass('${lab.schema}.half')`)).toEqual([[null]])
    expect(await rowsOf(lab.connection, "select count(*) from pg_locks where locktype = 'advisory'")).toEqual([['0']])
  })

  test('a load that waits for its rows ends too', async () => {
    await lab.admin(`create table ${lab.schema}.slow (a integer)`)
    async function* never() {
      yield { columns: ['a'], values: [[1]] }
      await new Promise(() => {})
    }
    const loading = errorOf(lab.connection.load(lab.relation('slow'), [{ name: 'a', type: 'integer' }], never()))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await lab.connection.cancel()
    expect((await loading).code).toBe('cancelled')
    expect(await rowsOf(lab.connection, `select count(*) from ${lab.schema}.slow`)).toEqual([['0']])
  })
})

describe('limits of the profile', () => {
  test('a statement that takes too long', async () => {
    const warehouse = await lab.open({ statement_timeout: 200 })
    const error = await errorOf((await warehouse.connect()).query(text('select pg_sleep(20)')))
    expect([error.code, error.hint]).toEqual([
      'statement-timeout',
      'raise statement_timeout of the profile (0 switches it off), or make the statement faster',
    ])
  })

  test('a table that another session has locked', async () => {
    await lab.admin(`create table ${lab.schema}.busy (a integer)`, 'begin', `lock table ${lab.schema}.busy`)
    const warehouse = await lab.open({ lock_timeout: '200ms' })
    const error = await errorOf((await warehouse.connect()).query(text(`select * from ${lab.schema}.busy`)))
    expect([error.code, error.message]).toEqual([
      'lock-timeout',
      'another session holds a lock on what the statement needs',
    ])
    await lab.admin('rollback')
  })

  test('a limit that is none, and a role that may not be taken', async () => {
    const limit = await errorOf(lab.open({ statement_timeout: 'soon' }))
    expect(limit.code).toBe('setting-refused')
    expect(limit.message).toContain("the setting 'statement_timeout'")
    const role = await errorOf(lab.open({ role: 'nobody_here' }))
    expect(role.message).toContain("the session cannot take the role 'nobody_here'")
  })

  test('every session is in UTC, on the schema, and says whose it is', async () => {
    const sql = "select current_setting('timezone'), current_setting('application_name'), current_schema()"
    expect(await rowsOf(lab.connection, sql)).toEqual([['UTC', 'fft', lab.schema]])
  })
})

describe('the lock of a relation', () => {
  test('a second transaction waits for it, is told who has it, and has to be planned anew', async () => {
    const [first, second] = [lab.connection, await (await lab.open()).connect()]
    const relation = lab.relation('one')
    await first.begin({ relation, waitMs: 0, onWait: () => {} })
    await first.execute(text('select 1'))
    const holders: string[] = []
    await second.begin({ relation, waitMs: 20_000, onWait: (holder) => holders.push(holder) })
    const waiting = errorOf(second.execute(text('select 1')))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(holders[0]).toMatch(/^fft of postgres from 127\.0\.0\.1 \(pid \d+\)$/)
    await first.commit()
    expect((await waiting).code).toBe('lock-waited')
    await second.rollback()
    await second.begin({ relation, waitMs: 0, onWait: () => {} })
    await second.execute(text('select 1'))
    await second.commit()
  })

  test('who does not want to wait fails at once, with who has it', async () => {
    const [first, second] = [lab.connection, await (await lab.open()).connect()]
    const relation = lab.relation('two')
    await first.begin({ relation, waitMs: 0, onWait: () => {} })
    await first.execute(text('select 1'))
    await second.begin({ relation, waitMs: 0, onWait: () => {} })
    const error = await errorOf(second.execute(text('select 1')))
    expect(error.code).toBe('relation-locked')
    expect(error.message).toMatch(/another run is building lab_\w+\.two: fft of postgres .* holds its lock/)
    await second.rollback()
    await second.begin({ relation, waitMs: 300, onWait: () => {} })
    expect((await errorOf(second.execute(text('select 1')))).message).toContain('after 0 s')
    await second.rollback()
    await first.rollback()
  })
})

describe('no connection', () => {
  test.each([
    ['a server that is down', { dsn: 'postgresql://u:secret@127.0.0.1:1/db' }, 'server-unreachable', '127.0.0.1:1'],
    ['a host that is none', { host: 'nowhere.invalid' }, 'server-unreachable', 'nowhere.invalid:5432'],
  ])('%s', async (_what, settings, code, shown) => {
    const error = await errorOf(openPostgres(settings))
    expect(error.code).toBe(code)
    expect(error.message).toContain(shown)
    expect(error.message + error.hint).not.toContain('secret')
  })

  test('a wrong password, no password, an unknown user and an unknown database', async () => {
    const { host, port, user, password } = await postgresServer()
    const base = { host, port, user, password, dbname: 'postgres' }
    const failures = await Promise.all(
      [{ password: 'not it' }, { password: '' }, { user: 'stranger' }, { dbname: 'atlantis' }].map((other) =>
        errorOf(openPostgres({ ...base, ...other })),
      ),
    )
    expect(failures.map(({ code }) => code)).toEqual([
      'login-refused',
      'login-refused',
      'login-refused',
      'database-missing',
    ])
    for (const { message, hint } of failures) expect(`${message}${hint}`).not.toContain(password)
    expect(failures[3]?.message).toContain("has no database 'atlantis'")
  })

  test('a server without TLS: asked for it is refused, preferred it is done without', async () => {
    const server = await postgresServer()
    for (const sslmode of ['require', 'verify-ca', 'verify-full']) {
      const error = await errorOf(openPostgres({ dsn: server.dsn(), sslmode }))
      expect(error.code).toBe('tls-refused')
    }
    for (const sslmode of ['prefer', 'allow', 'disable']) {
      const warehouse = await openPostgres({ dsn: `${server.dsn()}?sslmode=${sslmode}` })
      await warehouse.close()
    }
  })

  test('a dsn that is none is a fault of the profile, and is not shown', async () => {
    await expect(openPostgres({ dsn: 'my secret words' })).rejects.toThrow(
      'the dsn of the profile is no connection string of Postgres',
    )
    const server = await postgresServer()
    const keywords = `host=${server.host} port=${server.port} user=postgres password='${server.password}' dbname=postgres`
    await (await openPostgres({ dsn: keywords })).close()
  })

  test('a session that is ended is an error, and the next statement has a new one', async () => {
    const connection = await (await lab.open()).connect()
    const [[pid] = []] = await rowsOf(connection, 'select pg_backend_pid()')
    const running = errorOf(connection.query(text('select pg_sleep(30)')))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await lab.admin(`select pg_terminate_backend(${pid})`)
    const error = await running
    expect([error.code, error.mayRunAgain]).toEqual(['connection-lost', false])
    expect(await rowsOf(connection, 'select 1')).toEqual([['1']])
  })
})

test('rights are found by trying, and nothing of it stays', async () => {
  const facts = Object.fromEntries((await lab.warehouse.facts()).map(({ name, value }) => [name, value]))
  expect(facts['may create schemas']).toBe('yes')
  expect(facts[`may build in ${lab.schema}`]).toBe('yes')
  await lab.admin(`create role r_${lab.schema} login password 'x'`)
  const server = await postgresServer()
  const dsn = `postgresql://r_${lab.schema}:x@${server.host}:${server.port}/postgres`
  const poor = await openPostgres({ dsn, schema: lab.schema })
  const told = await poor.facts()
  expect(told.find(({ name }) => name === 'may create schemas')?.value).toMatch(/^no: permission denied/)
  expect(told.find(({ fix }) => fix !== undefined)).toMatchObject({
    name: `may build in ${lab.schema}`,
    fix: `grant usage, create on schema "${lab.schema}" to "r_${lab.schema}"`,
  })
  const denied = await errorOf((await poor.connect()).execute(text(`create table ${lab.schema}.t (a integer)`)))
  expect([denied.code, denied.hint]).toEqual([
    'permission-denied',
    `grant it: grant usage, create on schema ${lab.schema} to <user>`,
  ])
  await poor.close()
  await lab.admin(`drop role r_${lab.schema}`)
})

describe('statements that are sent together', () => {
  test('each has its own count, and what is asked of the first is there for the last', async () => {
    const statements = [
      `create temp table pg_temp.one as select i from generate_series(1, 3) as i -- three`,
      'insert into pg_temp.one values (4), (5); delete from pg_temp.one where i = 1',
      'select count(*) as rows_affected, 2 as updated from pg_temp.one',
    ]
    const executed = await lab.connection.executeAll?.(statements.map(text))
    expect(executed?.map(({ rowsAffected, counted }) => [rowsAffected, counted])).toEqual([
      [3, undefined],
      [3, undefined],
      [4, { updated: 2 }],
    ])
    for (const { durationMs } of executed ?? []) expect(durationMs).toBeGreaterThanOrEqual(0)
  })

  test('the one that fails is told, at its place, and those behind it have not run', async () => {
    await lab.connection.begin({ relation: lab.relation('y'), waitMs: 0, onWait: () => {} })
    const statements = [text(`create table ${lab.schema}.made (a integer)`), wrapped('select 1 / 0'), text('select 1')]
    const error = await errorOf(lab.connection.executeAll?.(statements) ?? Promise.resolve())
    expect([error.message, error.statement]).toEqual(['division by zero', 'select * from (\nselect 1 / 0\n) as delta'])
    expect(error.span).toEqual(place)
    await lab.connection.rollback()
    const other = await errorOf(
      lab.connection.executeAll?.([wrapped('select 1'), wrapped('select nope')]) ?? Promise.resolve(),
    )
    expect([other.span?.column, other.statement]).toEqual([12, 'select * from (\nselect nope\n) as delta'])
    const open = await errorOf(
      lab.connection.executeAll?.([wrapped('select (1'), text('select 1')]) ?? Promise.resolve(),
    )
    expect(open.message).toBe('syntax error at the end of the SQL: something in it is not closed')
  })
})
