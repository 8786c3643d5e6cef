import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Connection, SeedRequest, Warehouse } from '../../src/adapters/index.js'
import { type Relation, text } from '../../src/core/index.js'
import { errorOf, open, rowsOf, temporaryFolder } from './fixture.js'

let warehouse: Warehouse
let connection: Connection
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let number = 0

beforeAll(async () => {
  folder = await temporaryFolder()
  warehouse = await open()
})
afterAll(async () => {
  await warehouse.close()
  await folder.remove()
})
beforeEach(async () => {
  connection = await warehouse.connect()
  number++
})

async function load(content: string | Uint8Array, options: Partial<SeedRequest> = {}) {
  const file = `x${number++}.${options.format === 'json' ? 'json' : 'csv'}`
  await writeFile(folder.file(file), content)
  const request: SeedRequest = {
    absolutePath: folder.file(file),
    path: `seeds/${file}`,
    format: 'csv',
    columnTypes: {},
    extraColumns: [],
    ...options,
  }
  const into: Relation = { schema: 'main', identifier: `seed_${number}` }
  const result = await connection.loadSeed(request, into)
  return {
    ...result,
    into,
    types: result.columns.map((column) => column.type),
    data: await rowsOf(connection, `from ${into.identifier}`),
  }
}

async function faultOf(content: string | Uint8Array, options?: Partial<SeedRequest>) {
  const error = await errorOf(load(content, options))
  if (error.span === undefined) throw error
  expect(error.span.file).toMatch(/^seeds\/x\d+\.(csv|json)$/)
  return [error.code, error.span?.line, error.span?.column, error.message]
}

/** A file larger than what is checked before the engine starts. */
function large(
  last: string,
  row = (index: number) =>
    `${index},name ${index},${index}.25,true,2024-01-01,2024-01-01 10:00:00,2024-01-01T10:00:00Z,`,
): string {
  const rows = Array.from({ length: 30_000 }, (_, index) => row(index))
  return `id,name,amount,ok,day,at,zoned,nothing\n${rows.join('\n')}\n${last}`
}

describe('a CSV seed', () => {
  it('gets the types of its values, NULL for empty and empty text for quoted empty', async () => {
    const { data, columns, rows } = await load(
      'id,zip,amount,ok,day,at,zoned,note\n1,00123,1.50,true,2024-01-01,2024-01-01 10:00:00,2024-01-01T12:00:00+02:00,""\n,+49,,,,,,\n',
    )
    expect(columns.map((column) => `${column.name} ${column.type}`)).toEqual([
      'id BIGINT',
      'zip VARCHAR',
      'amount DOUBLE',
      'ok BOOLEAN',
      'day DATE',
      'at TIMESTAMP',
      'zoned TIMESTAMP WITH TIME ZONE',
      'note VARCHAR',
    ])
    expect(rows).toBe(2)
    expect(data).toEqual([
      ['1', '00123', '1.5', 'true', '2024-01-01', '2024-01-01 10:00:00', '2024-01-01 10:00:00+00', ''],
      [null, '+49', null, null, null, null, null, null],
    ])
  })

  it('keeps quotes, delimiters and line breaks inside quotes, and drops a byte order mark', async () => {
    expect((await load('\ufeff"a b",b\r\n"x, ""y""\r\nz",1\r\n"",2\r\n')).data).toEqual([
      ['x, "y"\r\nz', '1'],
      ['', '2'],
    ])
    expect((await load('a;b\n1,5;"x;y"\n', { delimiter: ';' })).data).toEqual([['1,5', 'x;y']])
    expect((await load('a\tb\n1\t2\n', { delimiter: '\\t' })).data).toEqual([['1', '2']])
    expect((await load('"a\nz",b\n1,2')).columns[0]?.name).toBe('a\nz')
  })

  it('reads odd but sound files: blank lines, mixed and old line ends, one column, no rows, long lines', async () => {
    expect((await load('\n\na,b\n\n1,2\n\n')).data).toEqual([['1', '2']])
    expect((await load('a,b\r\n1,2\n3,4\r\n')).data).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    expect((await load('a,b\r1,2\r3,4\r')).data).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    expect((await load('a\n1\n\n2\n')).data).toEqual([['1'], [null], ['2']])
    expect((await load('a\n1\n\n\n')).rows).toBe((await load('a\n1\n\n\n')).data.length)
    expect((await load('a,b\n')).types).toEqual(['VARCHAR', 'VARCHAR'])
    expect((await load('a,b')).rows).toBe(0)
    expect((await load(`a,b\n${'x'.repeat(5_000_000)},2\n`)).data[0]?.[0]?.length).toBe(5_000_000)
    expect((await load('a,b\n5" pipe,2\n')).data).toEqual([['5" pipe', '2']])
    expect((await load('a,b\n "x" ,2\n')).data).toEqual([['x', '2']])
    expect((await load(`"sel'ect","a""b"\n1,2\n`)).columns.map((column) => column.name)).toEqual(["sel'ect", 'a"b'])
  })

  it('gives types by column_types, which win over the values', async () => {
    const { types, data } = await load('id,zip,amount,tags,kind,n\n1,00123,1.5,"[1, 2]",b,007\n', {
      columnTypes: {
        ID: 'varchar',
        zip: 'integer',
        amount: 'decimal(10,2)',
        tags: 'integer[]',
        kind: "enum('a', 'b')",
        n: 'bigint',
      },
    })
    expect(types).toEqual(['VARCHAR', 'INTEGER', 'DECIMAL(10,2)', 'INTEGER[]', "ENUM('a', 'b')", 'BIGINT'])
    expect(data).toEqual([['1', '123', '1.50', '[1, 2]', 'b', '7']])
  })

  it('adds the columns that are asked for', async () => {
    const { data, types } = await load('a\n1\n', {
      extraColumns: [{ name: '_ff_loaded_at', type: 'TIMESTAMP', valueSql: "'2024-01-01 10:00:00'" }],
    })
    expect([data, types]).toEqual([[['1', '2024-01-01 10:00:00']], ['BIGINT', 'TIMESTAMP']])
  })

  it('points at the physical line of what is malformed', async () => {
    const cases: [string | Uint8Array, number, string][] = [
      ['', 1, 'the file is empty'],
      ['a,b\r\n"x\r\ny",1\r\n1,2,3\r\n', 4, 'the row has 3 values, the header names 2 columns'],
      ['a,b\n1\n', 2, 'the row has 1 value, the header names 2 columns'],
      ['a,b\n1,2\n"x,3\n4,5\n', 3, 'a quote that opens on this line is never closed'],
      ['a,b\n"x"y,2\n', 2, 'text follows a closing quote: "x"y'],
      ['a,b,a\n', 1, "the header has the column 'a' twice"],
      ['a,,b\n', 1, 'column 2 has no name in the header'],
      [Buffer.from([97, 10, 0xe4, 10]), 2, 'the line is not UTF-8'],
    ]
    for (const [content, line, message] of cases)
      expect(await faultOf(content)).toEqual(['seed-malformed', line, 1, message])
  })

  it('points at the value that column_types refuses', async () => {
    expect(await faultOf('id,amount\n1,"2\n"\n\n3,4\n5,abc\n', { columnTypes: { amount: 'decimal(4,1)' } })).toEqual([
      'seed-malformed',
      6,
      1,
      "'abc' in the column 'amount' is no decimal(4,1)",
    ])
    expect(await faultOf('n\n1\n2.5\n', { columnTypes: { n: 'integer' } })).toEqual([
      'seed-malformed',
      3,
      1,
      "'2.5' in the column 'n' is no integer",
    ])
    expect(await faultOf('n,m\n1,\n,""\n', { columnTypes: { m: 'integer' } })).toEqual([
      'seed-malformed',
      3,
      1,
      "'' in the column 'm' is no integer",
    ])
    expect(await faultOf('n\n[1]\n[x]\n', { columnTypes: { n: 'integer[]' } })).toEqual([
      'seed-malformed',
      3,
      1,
      "'[x]' in the column 'n' is no integer[]",
    ])
  })

  it('suggests the column that column_types means', async () => {
    const error = await errorOf(load('amount,id\n1,2\n', { columnTypes: { amout: 'double' } }))
    expect([error.code, error.message, error.hint]).toEqual([
      'seed-malformed',
      "column_types names the column 'amout', which the file does not have",
      "did you mean 'amount'?",
    ])
    expect((await errorOf(load('a\n1\n', { columnTypes: { a: 'intger' } }))).code).toBe('type-missing')
  })

  it('leaves no table behind when it fails', async () => {
    const before = await warehouse.relations([{ schema: 'main' }])
    await errorOf(load('a\n1\nx\n', { columnTypes: { a: 'integer' } }))
    await errorOf(load(large('1,2\n')))
    expect(await warehouse.relations([{ schema: 'main' }])).toEqual(before)
  })

  it('says that the file is missing', async () => {
    const request: SeedRequest = {
      absolutePath: folder.file('no.csv'),
      path: 'seeds/no.csv',
      format: 'csv',
      columnTypes: {},
      extraColumns: [],
    }
    const error = await errorOf(connection.loadSeed(request, { schema: 'main', identifier: 'no' }))
    expect([error.code, error.message]).toEqual(['seed-missing', "the seed's file 'seeds/no.csv' does not exist"])
  })

  it('takes a file name for a name, not for a pattern', async () => {
    await writeFile(folder.file('a[1]*.csv'), 'a\n1\n')
    await writeFile(folder.file('a1.csv'), 'a\n2\n')
    const request: SeedRequest = {
      absolutePath: folder.file('a[1]*.csv'),
      path: 'seeds/a[1]*.csv',
      format: 'csv',
      columnTypes: {},
      extraColumns: [],
    }
    await connection.loadSeed(request, { schema: 'main', identifier: 'pattern' })
    expect(await rowsOf(connection, 'from pattern')).toEqual([['1']])
  })

  it('can be loaded inside a transaction, into a temporary table too', async () => {
    await writeFile(folder.file('t.csv'), 'a\n1\n')
    const request: SeedRequest = {
      absolutePath: folder.file('t.csv'),
      path: 'seeds/t.csv',
      format: 'csv',
      columnTypes: {},
      extraColumns: [],
    }
    await connection.begin()
    await connection.loadSeed(request, { database: 'temp', schema: 'main', identifier: 'staged' })
    await connection.execute(text('create table from_staged as from temp.main.staged'))
    await connection.commit()
    expect(await rowsOf(connection, 'from from_staged')).toEqual([['1']])
  })
})

describe('a large CSV seed', () => {
  it('gets the types that its start tells, when the rest agrees', async () => {
    const { types, rows, data } = await load(large(''))
    expect(types).toEqual([
      'BIGINT',
      'VARCHAR',
      'DOUBLE',
      'BOOLEAN',
      'DATE',
      'TIMESTAMP',
      'TIMESTAMP WITH TIME ZONE',
      'VARCHAR',
    ])
    expect([rows, data.length, data.at(-1)?.[0]]).toEqual([30_000, 30_000, '29999'])
  })

  it('gets the types of the whole file when its end differs from its start', async () => {
    const rest = ',name,1.25,true,2024-01-01,2024-01-01 10:00:00,2024-01-01T10:00:00Z,'
    const cases: [string, number, string][] = [
      [`007${rest}`, 0, 'VARCHAR'],
      [`1.5${rest}`, 0, 'DOUBLE'],
      [`+1${rest}`, 0, 'VARCHAR'],
      [`1,n,12345678901234567.25,true,,,,`, 2, 'DECIMAL(38,2)'],
      ['1,n,01.5,,,,,', 2, 'VARCHAR'],
      ['1,n,1,yes,,,,', 3, 'VARCHAR'],
      ['1,n,1,,2024-1-1,,,', 4, 'VARCHAR'],
      ['1,n,1,,2024-01-01 10:00:00,,,', 4, 'TIMESTAMP'],
      ['1,n,1,,,2024-01-01,,', 5, 'TIMESTAMP'],
      ['1,n,1,,,now,,', 5, 'VARCHAR'],
      ['1,n,1,,,,2024-01-01,', 6, 'VARCHAR'],
      ['1,n,1,,,,,5', 7, 'BIGINT'],
      ['1,n,1,,,2024-02-30 10:00:00,,', 5, 'VARCHAR'],
    ]
    for (const [last, column, type] of cases) {
      const { types, rows } = await load(large(`${last}\n`))
      expect([last, types[column], rows]).toEqual([last, type, 30_001])
    }
  })

  it('points at the line that is malformed or refused, inside a transaction too', async () => {
    expect(await faultOf(large('1,2\n'))).toEqual([
      'seed-malformed',
      30_002,
      1,
      'the row has 2 values, the header names 8 columns',
    ])
    await connection.begin()
    expect(await faultOf(large('1,"x\n'))).toEqual([
      'seed-malformed',
      30_002,
      1,
      'a quote that opens on this line is never closed',
    ])
    await connection.rollback()
    const refused = await errorOf(load(large('x,n,1,,,,,\n'), { columnTypes: { id: 'integer' } }))
    expect([refused.message, refused.span?.line]).toEqual(["'x' in the column 'id' is no integer", 30_002])
  })

  it('may have mixed line ends and very long lines', async () => {
    expect((await load(large('1,n,1,,,,,\r\n2,n,1,,,,,\n'))).rows).toBe(30_002)
    expect((await load(large(`1,${'x'.repeat(3_000_000)},1,,,,,\n`))).rows).toBe(30_001)
  })

  it('keeps quoted line breaks wherever the engine cuts the file', async () => {
    const { data, rows } = await load(
      large(
        '',
        (index) =>
          `${index},"line ${index}\n, ""${index}""\n${'z'.repeat(1_200)}",1.25,true,2024-01-01,2024-01-01 10:00:00,2024-01-01T10:00:00Z,`,
      ),
    )
    expect(rows).toBe(30_000)
    expect(
      data.every(([id, name], index) => id === String(index) && name?.startsWith(`line ${index}\n, "${index}"\n`)),
    ).toBe(true)
  })
})

describe('other seeds', () => {
  it('come from JSON, as a list or one object a line', async () => {
    expect((await load('[{"a": 1, "b": "x"}, {"a": 2}]', { format: 'json' })).data).toEqual([
      ['1', 'x'],
      ['2', null],
    ])
    const lines = await load('{"a": 1, "b": {"c": [1]}}\n{"a": 2.5}\n', {
      format: 'json',
      columnTypes: { A: 'decimal(4,2)' },
    })
    expect(lines.data).toEqual([
      ['1.00', "{'c': [1]}"],
      ['2.50', null],
    ])
    expect(lines.rows).toBe(2)
  })

  it('come from Parquet', async () => {
    await connection.execute(text(`copy (select 1 as a, 1.5::decimal(4,2) as d) to '${folder.file('p.parquet')}'`))
    const request: SeedRequest = {
      absolutePath: folder.file('p.parquet'),
      path: 'seeds/p.parquet',
      format: 'parquet',
      columnTypes: { a: 'bigint' },
      extraColumns: [{ name: 'x', type: 'VARCHAR', valueSql: "'y'" }],
    }
    const { rows, columns } = await connection.loadSeed(request, { schema: 'main', identifier: 'pq' })
    expect([rows, columns.map((column) => column.type)]).toEqual([1, ['BIGINT', 'DECIMAL(4,2)', 'VARCHAR']])
  })

  it('say what is wrong with a corrupt or missing file', async () => {
    const json = await errorOf(load('{"a": 1}\n{"a" 2}\n{"a": 3}\n', { format: 'json' }))
    expect([json.code, json.span?.line]).toEqual(['seed-malformed', 2])
    expect((await errorOf(load('[{"a": 1},\n{"b": 2},\n{"c" 3}]', { format: 'json' }))).span?.line).toBe(3)
    expect((await errorOf(load('', { format: 'json' }))).message).toBe('the file is empty')
    expect(json.message).not.toContain(folder.path)
    const parquet = await errorOf(load('no parquet at all', { format: 'parquet' }))
    expect([parquet.code, parquet.span?.line]).toEqual(['seed-malformed', 1])
    expect(parquet.message).not.toContain(folder.path)
    const missing: SeedRequest = {
      absolutePath: folder.file('no.parquet'),
      path: 'seeds/no.parquet',
      format: 'parquet',
      columnTypes: {},
      extraColumns: [],
    }
    expect((await errorOf(connection.loadSeed(missing, { schema: 'main', identifier: 'no' }))).code).toBe(
      'seed-missing',
    )
  })
})
