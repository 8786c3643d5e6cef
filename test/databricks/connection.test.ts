import { describe, expect, test } from 'vitest'
import type { FftError } from '../../src/core/index.js'
import { concat, text } from '../../src/core/index.js'
import { onSpark, userSql } from './fixture.js'

const samples: readonly (readonly [type: string, sql: string, text: string, value: unknown])[] = [
  ['tinyint', 'cast(-128 as tinyint)', '-128', -128],
  ['int', '2147483647', '2147483647', 2147483647],
  ['bigint', '9223372036854775807L', '9223372036854775807', 9223372036854775807n],
  ['decimal(38,9)', '12345678901234567890123456789.123456789BD', '12345678901234567890123456789.123456789', undefined],
  ['decimal(10,2)', 'cast(1.1 as decimal(10,2))', '1.10', undefined],
  ['double', "double('NaN')", 'NaN', Number.NaN],
  ['double', '1e10D', '1.0E10', 1e10],
  ['boolean', 'true', 'true', true],
  ['string', "'it\\'s \"x\" \\\\ \\n ${y} é'", 'it\'s "x" \\ \n ${y} é', undefined],
  ['date', "date '0001-01-01'", '0001-01-01', undefined],
  ['timestamp', "timestamp '2024-02-29 12:00:00.123456'", '2024-02-29 12:00:00.123456', undefined],
  ['timestamp_ntz', "timestamp_ntz '2024-02-29 12:00:00.1'", '2024-02-29 12:00:00.1', undefined],
  ['binary', "X'00ff'", '00FF', new Uint8Array([0, 255])],
  ['array<bigint>', 'array(9007199254740993L, null)', '[9007199254740993,null]', [9007199254740993n, null]],
  ['struct<a:int,b:string>', `named_struct('a', 1, 'b', 'x"y')`, '{"a":1,"b":"x\\"y"}', { a: 1, b: 'x"y' }],
  ['map<string,decimal(10,2)>', "map('k', cast(1.1 as decimal(10,2)))", '{"k":1.10}', [{ key: 'k', value: '1.10' }]],
  ['variant', `parse_json('{"a":1}')`, '{"a":1}', undefined],
]

onSpark('a connection to Spark', (spark) => {
  describe('values', () => {
    test.each(samples)('of %s are read as text without loss: %s', async (type, sql, cell) => {
      const { columns, rows } = await spark().connection.query(text(`select ${sql} as \`a b\``))
      expect(rows).toEqual([[cell]])
      expect(columns[0]?.name).toBe('a b')
      expect((await spark().connection.describe(text(`select ${sql} as x`)))[0]?.type.replaceAll(' ', '')).toBe(type)
    })

    test('are streamed as JavaScript values that lose nothing', async () => {
      const items = samples.map(
        ([, sql], index) => `${sql} as v${index}, cast(null as ${samples[index]?.[0]}) as n${index}`,
      )
      const values: unknown[] = []
      for await (const batch of spark().connection.stream(text(`select ${items.join(', ')}`))) {
        values.push(...batch.values.map((column) => column[0]))
      }
      expect(values.filter((_, index) => index % 2 === 0)).toEqual(
        samples.map(([, , cell, value]) => (value === undefined ? cell : value)),
      )
      expect(values.filter((_, index) => index % 2 === 1).every((value) => value === null)).toBe(true)
    })

    test('that were streamed come back the same when they are loaded', async () => {
      const { connection, name, sql, rows } = spark()
      const stored = samples.filter(([type]) => type !== 'variant')
      const columns = stored.map(([type], index) => ({ name: `v${index}`, type }))
      const from = `select ${stored.map(([, value], index) => `${value} as v${index}`).join(', ')} union all select ${stored.map(() => 'null').join(', ')}`
      const into = { schema: spark().schema, identifier: 'loaded' }
      await connection.execute(spark().warehouse.dialect.createEmpty(into, columns, 'aside').sql)
      const loaded = await connection.load(into, columns, connectionStream(from))
      expect(loaded).toBe(2)
      const cells = await rows(`select * from ${name('loaded')} order by v0 nulls last`)
      expect(cells).toEqual([stored.map(([, , cell]) => cell), stored.map(() => null)])
      await sql(`drop table ${name('loaded')}`)

      async function* connectionStream(select: string) {
        const other = await spark().warehouse.connect()
        yield* other.stream(text(select))
        await other.close()
      }
    })

    test('of columns that share a name are all there', async () => {
      expect(await spark().rows('select 1 as a, 2 as a')).toEqual([['1', '2']])
    })

    test('of a date have a maximum', async () => {
      await spark().sql(`create table ${spark().name('days')} using delta as select date '2024-02-29' as d`)
      expect(await spark().rows(`select max(d) from ${spark().name('days')}`)).toEqual([['2024-02-29']])
    })

    test('of a type with many fields are described whole', async () => {
      const fields = Array.from({ length: 40 }, (_, index) => `${index} as f${index}`).join(', ')
      const [column] = await spark().connection.describe(text(`select struct(${fields}) as s`))
      expect(column?.type).toMatch(/^struct<f0:int,.*,f39:int>$/)
    })

    test('of many rows arrive complete, batch by batch', async () => {
      let rows = 0
      for await (const batch of spark().connection.stream(text('select id from range(50001)'))) {
        rows += batch.values[0]?.length ?? 0
      }
      expect(rows).toBe(50_001)
    })
  })

  describe('an error of the engine', () => {
    const place = (line: number, column: number) => ({ file: 'models/m.ff.sql', line, column })
    const faults: readonly (readonly [sql: string, code: string, message: RegExp, place: object])[] = [
      ['select\n  nope\nfrom (select 1 as note)', 'column-missing', /`nope` cannot be resolved$/, place(4, 3)],
      ['select * from no_such_table', 'relation-missing', /`no_such_table` cannot be found$/, place(3, 15)],
      ['select no_such(1)', 'function-missing', /no_such/, place(3, 8)],
      ['select 1 +', 'sql-syntax', /^syntax error at the end of the SQL/, place(3, 11)],
      ["select 1, cast('x' as int)", 'type-mismatch', /cannot be cast to "INT" because it is malformed$/, place(3, 11)],
      ['select 1 / 0', 'value-out-of-range', /^Division by zero/, place(3, 8)],
    ]

    test.each(faults)("has its place in the user's file, and no Java: %s", async (sql, code, message, at) => {
      const error = await spark()
        .connection.query(userSql(sql))
        .then(
          () => undefined,
          (thrown: FftError) => thrown,
        )
      expect(error?.code).toBe(code)
      expect(error?.message).toMatch(message)
      expect(error?.message).not.toMatch(/org\.apache|SQLSTATE|\n/)
      expect(error?.span).toMatchObject(at)
    })

    test("in a statement around the SELECT is at the SELECT's place", async () => {
      const wrapped = concat('create or replace view v as (\n', userSql('select nope'), '\n)')
      await expect(spark().connection.execute(wrapped)).rejects.toMatchObject({
        code: 'column-missing',
        span: place(3, 8),
      })
    })

    test('of a table that is not in Delta says what to do', async () => {
      const { connection, name, sql } = spark()
      const table = name('in_parquet')
      await sql(`create table ${table} using parquet as select 1 as id`)
      const hint = expect.stringMatching(/drop the table .*table_format: parquet/)
      const merge = `merge into ${table} as t using (select 1 as id) as d on t.id = d.id when not matched then insert *`
      for (const statement of [merge, `create or replace table ${table} using delta as select 1 as id`]) {
        await expect(connection.execute(text(statement))).rejects.toMatchObject({ hint })
      }
    })

    test('suggests the name that is nearest', async () => {
      await expect(
        spark().connection.query(userSql('select updated from (select 1 as updated_at, 2 as x)')),
      ).rejects.toMatchObject({
        hint: expect.stringMatching(/updated_at/),
      })
    })
  })

  test('a cancelled statement ends at once and leaves the connection usable', async () => {
    const other = await spark().warehouse.connect()
    const began = Date.now()
    const running = other.query(text('select count(*) from range(100000000000) as a where hash(a.id) = 1'))
    const ended = expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    await other.cancel()
    await ended
    expect(Date.now() - began).toBeLessThan(5_000)
    expect((await other.query(text('select 1 as one'))).rows).toEqual([['1']])
    await other.close()
  })

  test('several statements in one text run one after the other', async () => {
    const { connection, name, rows } = spark()
    await connection.execute(
      text(`create table ${name('several')} (a string); insert into ${name('several')} values ('x;y') -- one; row\n;`),
    )
    expect(await rows(`select * from ${name('several')}`)).toEqual([['x;y']])
  })
})
