import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

const header = 'order_id,customer,amount,updated_at\n'
const good = '1,ada,10.50,2024-01-01 08:00:00\n'
const seed = (content: string) => ({ 'seeds/raw_orders.csv': content })

/** Faults of seed files; the old table stays. */
export const seeds: readonly ErrorCase[] = [
  {
    title: 'a row with too few values is an error at its line',
    argv: ['seed'],
    files: seed(`${header}${good}2,bob\n`),
    code: 1,
    shown: text`
      seeds/raw_orders.csv:3:1 error[seed-malformed]: the row has 2 values, the header names 4 columns
        hint: add what is missing (an empty value is NULL), or check the delimiter
    `,
  },
  {
    title: 'a row with too many values is an error at its line',
    argv: ['seed'],
    files: seed(`${header}${good}2,bob,1,2024-01-01,x,y\n`),
    code: 1,
    shown: text`
      seeds/raw_orders.csv:3:1 error[seed-malformed]: the row has 6 values, the header names 4 columns
        hint: put quotes around a value that holds the delimiter, or remove what is too much
    `,
  },
  {
    title: 'a quote that is never closed is an error at the line where it opens',
    argv: ['seed'],
    files: seed(`${header}${good}2,"bob,1,2024-01-01\n3,cy,1,2024-01-01\n`),
    code: 1,
    shown: text`
      seeds/raw_orders.csv:3:1 error[seed-malformed]: a quote that opens on this line is never closed
        hint: close it; a quote inside is ""
    `,
  },
  {
    title: 'text after a closing quote is an error at its physical line',
    argv: ['seed'],
    files: seed(`${header}1,"a\nda",1,2024-01-01\n2,"bob"x,1,2024-01-01\n`),
    code: 1,
    shown: text`
      seeds/raw_orders.csv:4:1 error[seed-malformed]: text follows a closing quote: "bob"x
        hint: a quote inside a quoted value is written ""
    `,
  },
  {
    title: 'a column twice in the header is an error',
    argv: ['seed'],
    files: seed('order_id,customer,Customer\n1,a,b\n'),
    code: 1,
    shown: text`
      seeds/raw_orders.csv:1:1 error[seed-malformed]: the header has the column 'Customer' twice (also as 'customer': letter case makes no difference)
        hint: give each column a name of its own
    `,
  },
  {
    title: 'a column without a name is an error',
    argv: ['seed'],
    files: seed('order_id,customer,\n1,a,b\n'),
    code: 1,
    shown: text`
      seeds/raw_orders.csv:1:1 error[seed-malformed]: column 3 has no name in the header
        hint: give every column a name; a delimiter at the end of the line starts one more column
    `,
  },
  {
    title: 'an empty seed file is an error',
    argv: ['seed'],
    files: seed(''),
    code: 1,
    shown: text`
      seeds/raw_orders.csv:1:1 error[seed-malformed]: the file is empty
        hint: the first line has to name the columns
    `,
  },
  {
    title: 'a value that is not of the given type is an error at its line',
    argv: ['seed'],
    files: {
      ...seed(`${header}${good}zwei,bob,1,2024-01-01\n`),
      'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      column_types: {order_id: bigint}\n',
    },
    code: 1,
    shown: text`
      seeds/raw_orders.csv:3:1 error[seed-malformed]: 'zwei' in the column 'order_id' is no bigint
        hint: correct the value, or the type in column_types
    `,
  },
  {
    title: 'a type for a column that the file does not have is an error with the nearest one',
    argv: ['seed'],
    files: {
      'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      column_types: {order_idd: bigint}\n',
    },
    code: 1,
    shown: text`
      seeds/raw_orders.csv:1:1 error[seed-malformed]: column_types names the column 'order_idd', which the file does not have
        hint: did you mean 'order_id'?
    `,
  },
  {
    title: 'a type that the engine does not have is an error that names it',
    argv: ['seed'],
    files: {
      'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      column_types: {order_id: bigintt}\n',
    },
    code: 1,
    shown: text`
      seeds/raw_orders.csv:1:1 error[type-missing]: Type with name bigintt does not exist!
        hint: did you mean 'bigint'?
    `,
  },
  {
    title: 'bytes that are no UTF-8 are an error at their line',
    argv: ['seed'],
    prepare: async ({ dir }) => {
      const { writeFile } = await import('node:fs/promises')
      await writeFile(
        `${dir}/seeds/raw_orders.csv`,
        Buffer.concat([Buffer.from(`${header}${good}2,`), Buffer.from([0xe4, 0xff]), Buffer.from(',1,2024-01-01\n')]),
      )
    },
    code: 1,
    shown: text`
      seeds/raw_orders.csv:3:1 error[seed-malformed]: the line is not UTF-8
        hint: save the file as UTF-8
    `,
  },
  {
    title: 'a JSON seed that is none is an error at its line',
    argv: ['seed'],
    files: { 'seeds/extra.json': '[\n  {"id": 1},\n  {"id": }\n]\n' },
    code: 1,
    nodes: ['extra error', 'raw_orders success'],
    shown: text`
      seeds/extra.json:3:1 error[seed-malformed]: Malformed JSON in file "seeds/extra.json", at byte 8 in record/value 3: unexpected character.
        hint: the file has to be a JSON list of objects, or one object a line
    `,
  },
  {
    title: 'a Parquet seed that is none is an error that names the file',
    argv: ['seed'],
    files: { 'seeds/extra.parquet': 'no parquet\n' },
    code: 1,
    shown: text`
      seeds/extra.parquet:1:1 error[seed-malformed]: File 'seeds/extra.parquet' too small to be a Parquet file
    `,
  },
  {
    title: 'a failed seed in a build skips what is made of it',
    argv: ['build'],
    files: { ...seed(`${header}1\n`), 'models/other.ff.sql': 'select 1 as id\n' },
    code: 1,
    nodes: ['customers skipped', 'fct_orders skipped', 'other success', 'raw_orders error', 'stg_orders skipped'],
    shown: text`
      seeds/raw_orders.csv:2:1 error[seed-malformed]: the row has 1 value, the header names 4 columns
        hint: add what is missing (an empty value is NULL), or check the delimiter
    `,
  },
  {
    title: 'unknown keys of seed properties are errors',
    argv: ['seed'],
    files: { 'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      delimitter: ";"\n' },
    code: 2,
    shown: text`
      seeds/properties.yml:4:7 error[unknown-key]: unknown key 'delimitter'
        hint: did you mean 'delimiter'?
    `,
  },
]
