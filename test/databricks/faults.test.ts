import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection, Warehouse } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import { sparkSettings } from '../../tools/spark/answers.js'
import { sparkServer } from '../spark/server.js'
import { type FaultyProxy, faultyProxy } from './faulty-proxy.js'
import { onSpark, openWarehouse } from './fixture.js'

// In more tasks than the server has threads.
const endless = 'select count(*) from range(0, 100000000000, 1, 8) as a where hash(a.id) = 1'

onSpark('a wire that fails', (spark) => {
  let proxy: FaultyProxy
  let warehouse: Warehouse
  let connection: Connection

  const settings = () => sparkSettings(proxy.place, spark().schema)

  beforeAll(async () => {
    proxy = await faultyProxy(await sparkServer())
    warehouse = await openWarehouse(settings())
    connection = await warehouse.connect()
    await spark().sql(`create table ${spark().name('t')} (id int) using delta`)
  })

  afterAll(async () => {
    await warehouse.close()
    await proxy.close()
  })

  const rows = async () => Number((await spark().rows(`select count(*) from ${spark().name('t')}`))[0]?.[0])

  const answerMs = async () => {
    const began = Date.now()
    expect(await spark().rows('select count(*) from range(10)')).toEqual([['10']])
    return Date.now() - began
  }

  test('a refused login says so, without the token', async () => {
    proxy.fail('OpenSession', { kind: 'status', status: 401 })
    const opening = openWarehouse({ ...settings(), token: 'ann:top-secret' })
    await expect(opening).rejects.toMatchObject({ code: 'login-refused', hint: expect.stringMatching(/token/) })
    await expect(opening).rejects.toMatchObject({ message: expect.not.stringMatching(/top-secret/) })
  })

  test('a wrong http_path says so', async () => {
    proxy.fail('OpenSession', { kind: 'status', status: 404 })
    await expect(openWarehouse(settings())).rejects.toMatchObject({ code: 'http-path-wrong' })
  })

  test('a server that is starting is waited for as long as it asks, with one word about it', async () => {
    proxy.fail('OpenSession', { kind: 'status', status: 503, retryAfterSeconds: 1 }, { kind: 'status', status: 503 })
    const said: string[] = []
    const { adapterOf } = await import('../../src/adapters/index.js')
    const profile = { env: 'test', engine: 'databricks' as const, settings: settings(), sources: [], vars: {} }
    const began = Date.now()
    const opened = await (await adapterOf('databricks')).open({
      profile,
      waitLockMs: 0,
      onWait: (holder) => said.push(holder),
    })
    expect(Date.now() - began).toBeGreaterThan(1_400)
    expect(said).toEqual([expect.stringMatching(/starting or full/)])
    await opened.close()
  })

  test('a statement that the server cannot take now is sent again, and done once', async () => {
    const before = await rows()
    proxy.fail(
      'ExecuteStatement',
      { kind: 'status', status: 503, retryAfterSeconds: 0.1 },
      { kind: 'status', status: 429 },
    )
    await connection.execute(text(`insert into ${spark().name('t')} values (1)`))
    expect(await rows()).toBe(before + 1)
  })

  test('a query whose answer is lost is asked again', async () => {
    proxy.fail('ExecuteStatement', { kind: 'lost_answer' })
    expect((await connection.query(text('select 1 as one'))).rows).toEqual([['1']])
    proxy.fail('FetchResults', { kind: 'half_answer' })
    expect((await connection.query(text('select 2 as two'))).rows).toEqual([['2']])
  })

  test('an insert whose answer is lost is not sent twice: that its end is unknown is said', async () => {
    const before = await rows()
    proxy.fail('ExecuteStatement', { kind: 'lost_answer' })
    await expect(connection.execute(text(`insert into ${spark().name('t')} values (2)`))).rejects.toMatchObject({
      code: 'connection-lost',
      hint: expect.stringMatching(/not known/),
    })
    await expect.poll(rows, { timeout: 20_000 }).toBe(before + 1)
    expect((await connection.query(text('select 3 as three'))).rows).toEqual([['3']])
  })

  test('an insert whose commit carries a number is sent again when its answer is lost, and done once', async () => {
    const { commits } = warehouse.dialect
    const into = { schema: spark().schema, identifier: 't' }
    const [target, at] = [into, '2026-01-01T00:00:00.000Z']
    const record = {
      target,
      model: 't',
      runId: 'lost',
      recordedAt: at,
      action: 'run',
      watermarks: [],
      intervals: [],
    } as const
    const tag = commits.by === 'statement' ? commits.tag(record) : undefined
    const before = await rows()
    for (const { sql } of tag?.before ?? []) await connection.execute(sql)
    proxy.losesAnswersTo(`insert into ${spark().name('t')}`)
    const written = await connection.execute(text(`insert into ${spark().name('t')} select * from range(3)`), into)
    for (const { sql } of tag?.after ?? []) await connection.execute(sql)
    expect([written.rowsAffected, await rows()]).toEqual([3, before + 3])
    expect(await warehouse.committedRecords?.([into])).toEqual([record])
  })

  test('polls of a running statement survive a dropped connection', async () => {
    proxy.fail('GetOperationStatus', { kind: 'lost_answer' }, { kind: 'status', status: 503 })
    expect((await connection.query(text('select 4 as four'))).rows).toEqual([['4']])
  })

  test('a statement that nobody can ask about any more does not go on at the server', async () => {
    const lost = await warehouse.connect()
    const sent = proxy.reached('ExecuteStatement')
    proxy.fail('ExecuteStatement', { kind: 'lost_answer' })
    const ended = expect(lost.query(text(endless))).rejects.toMatchObject({ code: 'cancelled' })
    // A query is sent again, in another session.
    await expect.poll(() => proxy.reached('ExecuteStatement'), { timeout: 20_000 }).toBe(sent + 2)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await lost.cancel()
    await ended
    await lost.close()
    // It would take all of the server's threads.
    expect(await answerMs()).toBeLessThan(5_000)
  })

  test('a server that dies under a statement is noticed within seconds, and closing does not wait for it', async () => {
    const dying = await faultyProxy(await sparkServer())
    const lost = await openWarehouse(sparkSettings(dying.place, spark().schema))
    const other = await lost.connect()
    // The server only seems to die: it has to end the statement by itself.
    await other.execute(text('set spark.sql.thriftServer.queryTimeout=10s'))
    const ended = expect(other.query(text(endless))).rejects.toMatchObject({
      code: expect.stringMatching(/^(connection-lost|server-unreachable)$/),
    })
    await new Promise((resolve) => setTimeout(resolve, 700))
    const began = Date.now()
    await dying.close()
    await ended
    expect(Date.now() - began).toBeLessThan(8_000)
    const closing = Date.now()
    await lost.close()
    expect(Date.now() - closing).toBeLessThan(2_000)
  })

  test('a port where nobody listens, and a server without TLS, are told apart', async () => {
    const gone = await faultyProxy(await sparkServer())
    await gone.close()
    await expect(openWarehouse(sparkSettings(gone.place))).rejects.toMatchObject({ code: 'server-unreachable' })
    const overTls = { ...settings(), protocol: 'https', token: 'dapi-1' }
    await expect(openWarehouse(overTls)).rejects.toMatchObject({
      code: 'tls-refused',
      hint: expect.stringMatching(/protocol: http/),
    })
  })
})
