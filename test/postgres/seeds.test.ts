import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Column, SeedRequest } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import { errorOf, type Lab, openLab, rowsOf } from './fixture.js'

let lab: Lab
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fft-seeds-'))
  lab = await openLab(15)
})
afterAll(async () => {
  await lab.end()
  await rm(dir, { recursive: true })
})

let count = 0

interface Seeded {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Loads a file and reads the table. */
async function seed(content: string | Uint8Array, parts: Partial<SeedRequest> = {}): Promise<Seeded> {
  const { format = 'csv' } = parts
  const name = `s${++count}`
  const absolutePath = join(dir, `${name}.${format}`)
  await writeFile(absolutePath, content)
  const into = lab.relation(name)
  const request = { absolutePath, path: `seeds/x.${format}`, format, columnTypes: {}, extraColumns: [], ...parts }
  const { rows, columns } = await lab.connection.loadSeed(request, into)
  const found = await rowsOf(lab.connection, `select * from ${lab.schema}.${name}`)
  expect(rows).toBe(found.length)
  return { columns, rows: found }
}

const typesOf = ({ columns }: Seeded) => columns.map(({ type }) => type)

test('types are those of all engines, by every value of the file', async () => {
  const loaded = await seed(`b,i,d,e,day,at,tz,t,zip,n
true,1,1.5,12345678901234567.25,2024-01-31,2024-01-01 10:00:00.123456,2024-01-01T10:00:00+02:00,x,007,
FALSE,-9007199254740993,2.25,0.1,2024-02-29,2024-01-01,2024-01-01 10:00:00Z,,1,
`)
  expect(typesOf(loaded)).toEqual([
    'boolean',
    'bigint',
    'double precision',
    'numeric(38,2)',
    'date',
    'timestamp without time zone',
    'timestamp with time zone',
    'text',
    'text',
    'text',
  ])
  expect(loaded.rows[0]?.slice(0, 7)).toEqual([
    'true',
    '1',
    '1.5',
    '12345678901234567.25',
    '2024-01-31',
    '2024-01-01 10:00:00.123456',
    '2024-01-01 08:00:00+00',
  ])
  expect(loaded.rows[1]?.slice(7)).toEqual([null, '1', null])
})

test('a file whose end has other types than its start is loaded with those that fit all of it', async () => {
  const head = Array.from({ length: 60_000 }, (_, index) => `${index},${index}`).join('\n')
  const loaded = await seed(`a,b\n${head}\nx,1.5\n`)
  expect(typesOf(loaded)).toEqual(['text', 'double precision'])
  expect(loaded.rows.length).toBe(60_001)
  expect(loaded.rows.at(-1)).toEqual(['x', '1.5'])
  const sneaky = await seed(`a\n${head.replaceAll(/,\d+/g, '')}\n+5\n`)
  expect(typesOf(sneaky)).toEqual(['text'])
})

test('quotes, line breaks, empty values, a byte order mark and other delimiters', async () => {
  const loaded = await seed('\ufeffa;b\r\n"x;""y""";"two\r\nlines"\r\n;""\r\n\\N;back\\slash\r\n', { delimiter: ';' })
  expect(loaded.rows).toEqual([
    ['x;"y"', 'two\r\nlines'],
    [null, ''],
    ['\\N', 'back\\slash'],
  ])
})

test('a file that the server would read differently is read by our own rules', async () => {
  const odd = 'a,b\n\n1, "quoted" \n2,in"side\r\n\\.,"line\n\\.\nend"\n'
  expect((await seed(odd)).rows).toEqual([
    ['1', 'quoted'],
    ['2', 'in"side'],
    ['\\.', 'line\n\\.\nend'],
  ])
})

test('given types win, and a value that they do not take is at its line', async () => {
  const given = { columnTypes: { ID: 'numeric(10,2)', at: 'timestamptz', tags: 'text[]' } }
  const loaded = await seed('id,at,tags\n1,2024-01-01,"{a,b}"\n', given)
  expect(typesOf(loaded)).toEqual(['numeric(10,2)', 'timestamptz', 'text[]'])
  expect(loaded.rows).toEqual([['1.00', '2024-01-01 00:00:00+00', '{a,b}']])
  const error = await errorOf(seed('id,v\n1,a\n"2","x\ny"\nthree,b\n', { columnTypes: { id: 'integer' } }))
  expect([error.code, error.message]).toEqual(['seed-malformed', "'three' in the column 'id' is no integer"])
  expect(error.span).toEqual({ file: 'seeds/x.csv', line: 5, column: 1 })
  const unknown = await errorOf(seed('id\n1\n', { columnTypes: { id: 'nonsense' } }))
  expect(unknown.message).toContain('column_types has a type that Postgres does not know')
})

test.each([
  ['a,b\n1\n', 2, 'the row has 1 value, the header names 2 columns'],
  ['a,b\n1,2\n"x,3\n', 3, 'a quote that opens on this line is never closed'],
  ['', 1, 'the file is empty'],
  [`a,${'n'.repeat(64)}\n1,2\n`, 1, 'has a name of 64 bytes; Postgres takes 63'],
  [Buffer.from('a\nfine\n\xff\n', 'latin1'), 3, 'the line is not UTF-8'],
])('%j is malformed at its line', async (content, line, message) => {
  const error = await errorOf(seed(content))
  expect(error.code).toBe('seed-malformed')
  expect(error.message).toContain(message)
  expect(error.span?.line).toBe(line)
  expect(await rowsOf(lab.connection, `select to_regclass('${lab.schema}.s${count}')`)).toEqual([[null]])
})

test('further columns are added to each row', async () => {
  const extraColumns = [{ name: '_ff_loaded_at', type: 'timestamp', valueSql: "timestamp '2024-01-01 00:00:01'" }]
  const loaded = await seed('a\n1\n', { extraColumns })
  expect(loaded.rows).toEqual([['1', '2024-01-01 00:00:01']])
})

test('JSON and Parquet come with their types, nested ones as jsonb', async () => {
  const json = await seed(
    '[{"id": 9007199254740993, "o": {"a": [1, null]}, "l": ["x"], "d": "2024-01-01"}, {"id": 2}]',
    {
      format: 'json',
    },
  )
  expect(typesOf(json)).toEqual(['bigint', 'jsonb', 'text[]', 'date'])
  expect(json.rows).toEqual([
    ['9007199254740993', '{"a": [1, null]}', '{x}', '2024-01-01'],
    ['2', null, null, null],
  ])
  const error = await errorOf(seed('{"a": 1}\n{"a": \n', { format: 'json' }))
  expect([error.code, error.span?.line]).toEqual(['seed-malformed', 2])
})

test('in a transaction that is rolled back nothing stays', async () => {
  const absolutePath = join(dir, 'kept.csv')
  await writeFile(absolutePath, 'a\n1\n')
  await lab.connection.begin()
  const request = { absolutePath, path: 'x.csv', format: 'csv' as const, columnTypes: {}, extraColumns: [] }
  await lab.connection.loadSeed(request, lab.relation('kept'))
  await lab.connection.execute(text('select 1'))
  await lab.connection.rollback()
  expect(await rowsOf(lab.connection, `select to_regclass('${lab.schema}.kept')`)).toEqual([[null]])
})
