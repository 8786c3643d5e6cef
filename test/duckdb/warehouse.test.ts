import { spawn } from 'node:child_process'
import { mkdir, rmdir, symlink, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Warehouse } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import { errorOf, open, rowsOf, temporaryFolder } from './fixture.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const opened: Warehouse[] = []

async function openKept(parts: Parameters<typeof open>[0]): Promise<Warehouse> {
  const warehouse = await open(parts)
  opened.push(warehouse)
  return warehouse
}

beforeEach(async () => {
  folder = await temporaryFolder()
})

afterEach(async () => {
  for (const warehouse of opened.splice(0)) await warehouse.close()
  await folder.remove()
})

/** Another process that opens the file, says so, and keeps it for a while. */
function holder(file: string, keepMs: number): Promise<{ readonly pid: number; ended: Promise<void> }> {
  const code = `
    const { DuckDBInstance } = require('@duckdb/node-api')
    DuckDBInstance.create(${JSON.stringify(file)}).then(
      (instance) => { console.log('open'); setTimeout(() => { instance.closeSync() }, ${keepMs}) },
      (error) => console.log(error.message))`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => {
      if (data.toString().trim() === 'open') resolve({ pid: child.pid ?? 0, ended })
      else reject(new Error(data.toString()))
    })
  })
}

describe('opening a database', () => {
  it('makes the parent folders and keeps the data for the next opener', async () => {
    const path = folder.file('a/b/shop.duckdb')
    const first = await open({ path })
    const connection = await first.connect()
    await connection.execute(text('create table t as select 42 as n'))
    await first.close()
    const second = await openKept({ path })
    expect(await rowsOf(await second.connect(), 'select n from t')).toEqual([['42']])
  })

  it('shares one instance between two openers of the same file, also through a link', async () => {
    const path = folder.file('real.duckdb')
    const first = await openKept({ path })
    await symlink(path, folder.file('link.duckdb'))
    const second = await openKept({ path: folder.file('link.duckdb') })
    await (await first.connect()).execute(text('create table t as select 1 as n'))
    expect(await rowsOf(await second.connect(), 'select n from t')).toEqual([['1']])
    await first.close()
    expect(await rowsOf(await second.connect(), 'select n from t')).toEqual([['1']])
  })

  it('frees the file on close, even with an open transaction and an unfinished stream', async () => {
    const path = folder.file('free.duckdb')
    const warehouse = await open({ path })
    const connection = await warehouse.connect()
    await connection.execute(text('create table t as select range as n from range(100000)'))
    const stream = (await warehouse.connect()).stream(text('select * from t'))[Symbol.asyncIterator]()
    await stream.next()
    await connection.begin()
    await connection.execute(text('delete from t'))
    await warehouse.close()
    const other = await holder(path, 0)
    await other.ended
    const again = await openKept({ path })
    expect(await rowsOf(await again.connect(), 'select count(*) from t')).toEqual([['100000']])
  })

  it('names the process that holds the file and gives up at once when told not to wait', async () => {
    const path = folder.file('held.duckdb')
    const other = await holder(path, 2_000)
    const error = await errorOf(open({ path }))
    expect(error.code).toBe('database-locked')
    expect(error.message).toBe(`the database '${path}' is in use by process ${other.pid} (node)`)
    expect(error.hint).toContain('--wait-lock')
    await other.ended
  })

  it('waits until the other process lets go, and says once for whom', async () => {
    const path = folder.file('wait.duckdb')
    const other = await holder(path, 700)
    const waits: string[] = []
    const warehouse = await openKept({ path, waitLockMs: 20_000, onWait: (who) => waits.push(who) })
    expect(waits).toEqual([`process ${other.pid} (node)`])
    expect(await rowsOf(await warehouse.connect(), 'select 1')).toEqual([['1']])
  })

  it('refuses what is no database, telling why', async () => {
    await writeFile(folder.file('notes.txt'), 'this is a text that is long enough to have a header in it')
    await writeFile(folder.file('empty.duckdb'), '')
    await mkdir(folder.file('dir.duckdb'))
    const cases = [
      ['notes.txt', `the file '${folder.file('notes.txt')}' is not a DuckDB database`],
      ['empty.duckdb', `the file '${folder.file('empty.duckdb')}' is empty`],
      ['dir.duckdb', `'${folder.file('dir.duckdb')}' is a folder, not a database file`],
    ] as const
    for (const [name, message] of cases) {
      const error = await errorOf(open({ path: folder.file(name) }))
      expect([error.code, error.message]).toEqual(['database-not-valid', message])
      expect(error.hint).toContain('path')
    }
  })

  it('refuses a folder that cannot be made', async () => {
    await writeFile(folder.file('file'), 'x')
    const error = await errorOf(open({ path: folder.file('file/sub/shop.duckdb') }))
    expect(error.code).toBe('database-not-writable')
    expect(error.message).toContain(folder.file('file/sub'))
  })

  it('can be opened again after a failed attempt', async () => {
    const path = folder.file('retry.duckdb')
    await mkdir(path)
    await errorOf(open({ path }))
    await rmdir(path)
    const warehouse = await openKept({ path })
    expect(await rowsOf(await warehouse.connect(), 'select 1')).toEqual([['1']])
  })

  it('writes nothing when opened for reading', async () => {
    const path = folder.file('ro.duckdb')
    await (await open({ path })).close()
    const warehouse = await openKept({ path, readOnly: true })
    const error = await errorOf((await warehouse.connect()).execute(text('create table t(a int)')))
    expect(error.code).toBe('database-read-only')
  })
})

describe('profile settings', () => {
  it('puts the database under the name that the profile gives it', async () => {
    const path = folder.file('file.duckdb')
    const warehouse = await openKept({ path, settings: { catalog: 'Shop', schema: 'main' } })
    expect(warehouse.defaults).toEqual({ database: 'Shop', schema: 'main' })
    const connection = await warehouse.connect()
    await connection.execute(text('create table t as select 1 as n'))
    expect(await rowsOf(connection, 'select n from "Shop".main.t')).toEqual([['1']])
    const found = await warehouse.relations([{ schema: 'main' }, { database: 'Shop', schema: 'MAIN' }])
    expect(found.map((state) => state.relation)).toEqual([
      { schema: 'main', identifier: 't' },
      { database: 'Shop', schema: 'main', identifier: 't' },
    ])
  })

  it('attaches further databases and sets engine settings on every connection', async () => {
    const other = await open({ path: folder.file('other.duckdb') })
    await (await other.connect()).execute(text('create table t as select 7 as n'))
    await other.close()
    const warehouse = await openKept({
      path: folder.file('main.db'),
      settings: { attach: { far: { path: folder.file('other.duckdb'), read_only: true } }, settings: { threads: 1 } },
    })
    const connection = await warehouse.connect()
    expect(await rowsOf(connection, 'select n from far.t')).toEqual([['7']])
    expect(await rowsOf(connection, "select current_setting('threads')")).toEqual([['1']])
  })

  it('names a setting that the engine refuses', async () => {
    const warehouse = await openKept({ settings: { settings: { memory_limt: '1GB' } } })
    const error = await errorOf(warehouse.connect())
    expect(error.code).toBe('setting-refused')
    expect(error.message).toContain("'memory_limt'")
    expect(error.hint).toContain('memory_limit')
  })

  it('uses UTC on every connection', async () => {
    const warehouse = await openKept({ settings: { settings: { TimeZone: 'Asia/Tokyo' } } })
    const connection = await warehouse.connect()
    expect(await rowsOf(connection, "select timestamptz '2024-01-01 12:00:00+09'")).toEqual([
      ['2024-01-01 03:00:00+00'],
    ])
  })

  it('makes the schema of the profile current once it exists', async () => {
    const warehouse = await openKept({ settings: { schema: 'Mart' } })
    await (await warehouse.connect()).execute(text('create schema "Mart"'))
    const connection = await warehouse.connect()
    expect(await rowsOf(connection, 'select current_schema()')).toEqual([['Mart']])
  })
})

describe('reading the warehouse', () => {
  it('gives tables and views with full types and unique keys, in one go', async () => {
    const warehouse = await openKept({ path: folder.file('w.duckdb') })
    const connection = await warehouse.connect()
    await connection.execute(
      text(`
      create schema s;
      create table s.base(id int primary key, "Na me" varchar unique, d decimal(18,3), j json, ts timestamptz,
        "a, b" int, e enum('x', 'y'), st struct(a int, b varchar[]));
      create unique index i1 on s.base(d, "a, b");
      create unique index i2 on s.base(lower("Na me"));
      create index i3 on s.base(ts);
      create view s.v as select id, ts from s.base;
      create table other(a int)`),
    )
    const states = await warehouse.relations([{ schema: 'S' }, { schema: 'nowhere' }])
    expect(states).toEqual([
      {
        relation: { schema: 's', identifier: 'base' },
        kind: 'table',
        columns: [
          { name: 'id', type: 'INTEGER' },
          { name: 'Na me', type: 'VARCHAR' },
          { name: 'd', type: 'DECIMAL(18,3)' },
          { name: 'j', type: 'JSON' },
          { name: 'ts', type: 'TIMESTAMP WITH TIME ZONE' },
          { name: 'a, b', type: 'INTEGER' },
          { name: 'e', type: "ENUM('x', 'y')" },
          { name: 'st', type: 'STRUCT(a INTEGER, b VARCHAR[])' },
        ],
        uniqueKeys: [['Na me'], ['d', 'a, b'], ['id']],
      },
      {
        relation: { schema: 's', identifier: 'v' },
        kind: 'view',
        columns: [
          { name: 'id', type: 'INTEGER' },
          { name: 'ts', type: 'TIMESTAMP WITH TIME ZONE' },
        ],
        uniqueKeys: [],
      },
    ])
  })

  it('survives views whose tables are gone, also after the database was opened again', async () => {
    const path = folder.file('broken.duckdb')
    const first = await open({ path })
    await (await first.connect()).execute(
      text(`
      create table gone(a int); create view broken as select a + 1 as b from gone;
      create view chained as select * from broken; create view fails as select cast('x' as int) as n; drop table gone`),
    )
    const before = await first.relations([{ schema: 'main' }])
    await first.close()
    const second = await openKept({ path })
    const after = await second.relations([{ schema: 'main' }])
    expect(before.map((state) => [state.relation.identifier, state.kind])).toEqual([
      ['broken', 'view'],
      ['chained', 'view'],
      ['fails', 'view'],
    ])
    expect(after).toEqual(before)
  })

  it('tells facts for debugging', async () => {
    const warehouse = await openKept({ path: folder.file('f.duckdb') })
    const facts = Object.fromEntries((await warehouse.facts()).map(({ name, value }) => [name, value]))
    expect(facts).toMatchObject({ path: folder.file('f.duckdb'), database: 'f', schema: 'main', 'read only': 'false' })
    expect(facts.DuckDB).toMatch(/^v1\.5/)
  })
})
