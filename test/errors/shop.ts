import { cp, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queriesOnFile } from '../support/duckdb-file.js'
import { folderAt, type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { text } from './dedent.js'

const orders = text`
  order_id,customer,amount,updated_at
  1,ada,10.50,2024-01-01 08:00:00
  2,bob,20.00,2024-01-02 08:00:00
  3,ada,5.25,2024-01-03 08:00:00
`

/** The files of a small project without a fault. */
export const shopFiles: Readonly<Record<string, string>> = {
  'project.yml': "name: shop\nversion: '1.0'\n",
  'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb:\n    path: shop.duckdb\n',
  'seeds/raw_orders.csv': orders,
  'macros/money.sql': '{% macro cents(column) %}cast({{ column }} * 100 as bigint){% endmacro %}\n',
  'models/stg_orders.ff.sql': text`
    {{ config(materialized='view') }}
    select order_id, customer, amount, updated_at
    from {{ ref('raw_orders') }}
  `,
  'models/fct_orders.ff.sql': text`
    {{ config(materialized='incremental', unique_key='order_id', updated_at='updated_at') }}
    select order_id, customer, {{ cents('amount') }} as cents, updated_at
    from {{ ref('stg_orders') }}
  `,
  'models/customers.ff.sql': text`
    select customer, sum(cents) as cents
    from {{ ref('fct_orders') }}
    group by customer
  `,
}

/** What `fft build` leaves of it. */
export const shopRows: readonly string[] = [
  'fct_orders 1,ada,1050',
  'fct_orders 2,bob,2000',
  'fct_orders 3,ada,525',
  'customers ada,1575',
  'customers bob,2000',
  'watermark 2024-01-03 08:00:00',
]

/** A later state of the seed, and what a build leaves then. */
const laterOrders = `${orders}4,cy,1.00,2024-01-04 08:00:00\n`
export const laterRows: readonly string[] = [
  ...shopRows.slice(0, 3),
  'fct_orders 4,cy,100',
  ...shopRows.slice(3, 5),
  'customers cy,100',
  'watermark 2024-01-04 08:00:00',
]

/** The shop in a folder of its own, built once; each case works on a copy. */
export interface BuiltShop {
  copy(): Promise<ProjectFolder>
  end(): Promise<void>
}

export async function buildShop(): Promise<BuiltShop> {
  const folder = await projectFolder({})
  await folder.write(shopFiles)
  const { code, stderr } = await runFft(['build'], folder.dir)
  if (code !== 0) throw new Error(`the shop cannot be built:\n${stderr}`)
  return { copy: () => copyOf(folder.dir), end: folder.end }
}

async function copyOf(from: string): Promise<ProjectFolder> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'fft-shop-')))
  await cp(from, dir, { recursive: true })
  return folderAt(dir)
}

/** Every row that may not be lost, as text. */
export async function rowsOf(dir: string): Promise<readonly string[]> {
  const [facts = [], customers = [], marks = []] = await queriesOnFile(join(dir, 'shop.duckdb'), [
    'select order_id, customer, cents from main.fct_orders order by all',
    'select customer, cents from main.customers order by all',
    "select value from _fft.watermarks where relation like '%fct_orders' order by version desc limit 1",
  ])
  const lines = (name: string, rows: readonly (readonly (string | null)[])[]) =>
    rows.map((row) => `${name} ${row.join(',')}`)
  return [...lines('fct_orders', facts), ...lines('customers', customers), ...lines('watermark', marks)]
}

/** Takes a case's files away again, brings one more order, and builds: what must be there is there. */
export async function converge(folder: ProjectFolder, changed: readonly string[]): Promise<readonly string[]> {
  for (const path of changed) await folder.remove(path)
  await folder.write({ ...shopFiles, 'seeds/raw_orders.csv': laterOrders })
  const { code, stderr } = await runFft(['build'], folder.dir)
  return code === 0 ? rowsOf(folder.dir) : [`exit code ${code}`, stderr]
}
