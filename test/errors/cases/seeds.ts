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
    shown: '?',
  },
  {
    title: 'a row with too many values is an error at its line',
    argv: ['seed'],
    files: seed(`${header}${good}2,bob,1,2024-01-01,x,y\n`),
    code: 1,
    shown: '?',
  },
  {
    title: 'a quote that is never closed is an error at the line where it opens',
    argv: ['seed'],
    files: seed(`${header}${good}2,"bob,1,2024-01-01\n3,cy,1,2024-01-01\n`),
    code: 1,
    shown: '?',
  },
  {
    title: 'text after a closing quote is an error at its physical line',
    argv: ['seed'],
    files: seed(`${header}1,"a\nda",1,2024-01-01\n2,"bob"x,1,2024-01-01\n`),
    code: 1,
    shown: '?',
  },
  {
    title: 'a column twice in the header is an error',
    argv: ['seed'],
    files: seed('order_id,customer,Customer\n1,a,b\n'),
    code: 1,
    shown: '?',
  },
  {
    title: 'a column without a name is an error',
    argv: ['seed'],
    files: seed('order_id,customer,\n1,a,b\n'),
    code: 1,
    shown: '?',
  },
  {
    title: 'an empty seed file is an error',
    argv: ['seed'],
    files: seed(''),
    code: 1,
    shown: '?',
  },
  {
    title: 'a value that is not of the given type is an error at its line',
    argv: ['seed'],
    files: {
      ...seed(`${header}${good}zwei,bob,1,2024-01-01\n`),
      'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      column_types: {order_id: bigint}\n',
    },
    code: 1,
    shown: '?',
  },
  {
    title: 'a type for a column that the file does not have is an error with the nearest one',
    argv: ['seed'],
    files: {
      'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      column_types: {order_idd: bigint}\n',
    },
    code: 1,
    shown: '?',
  },
  {
    title: 'a type that the engine does not have is an error that names it',
    argv: ['seed'],
    files: {
      'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      column_types: {order_id: bigintt}\n',
    },
    code: 1,
    shown: '?',
  },
  {
    title: 'bytes that are no UTF-8 are an error at their line',
    argv: ['seed'],
    prepare: async ({ dir }) => {
      const { writeFile } = await import('node:fs/promises')
      await writeFile(`${dir}/seeds/raw_orders.csv`, Buffer.concat([Buffer.from(`${header}${good}2,`), Buffer.from([0xe4, 0xff]), Buffer.from(',1,2024-01-01\n')]))
    },
    code: 1,
    shown: '?',
  },
  {
    title: 'a JSON seed that is none is an error at its line',
    argv: ['seed'],
    files: { 'seeds/extra.json': '[\n  {"id": 1},\n  {"id": }\n]\n' },
    code: 1,
    nodes: ['extra error', 'raw_orders success'],
    shown: '?',
  },
  {
    title: 'a Parquet seed that is none is an error that names the file',
    argv: ['seed'],
    files: { 'seeds/extra.parquet': 'no parquet\n' },
    code: 1,
    shown: '?',
  },
  {
    title: 'a failed seed in a build skips what is made of it',
    argv: ['build'],
    files: { ...seed(`${header}1\n`), 'models/other.ff.sql': 'select 1 as id\n' },
    code: 1,
    nodes: ['customers skipped', 'fct_orders skipped', 'other success', 'raw_orders error', 'stg_orders skipped'],
    shown: '?',
  },
  {
    title: 'unknown keys of seed properties are errors',
    argv: ['seed'],
    files: { 'seeds/properties.yml': 'seeds:\n  - name: raw_orders\n    config:\n      delimitter: ";"\n' },
    code: 2,
    shown: '?',
  },
]
