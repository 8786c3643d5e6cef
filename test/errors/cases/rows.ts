import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

const facts = (config: string, body: string) => ({
  'models/fct_orders.ff.sql': `{{ config(materialized='incremental', ${config}) }}\n${body}`,
})
const key = "unique_key='order_id', updated_at='updated_at'"

/** Rows that may not be written: keys, columns, types. */
export const rows: readonly ErrorCase[] = [
  {
    title: 'duplicate keys are shown with their rows, and nothing is written',
    files: facts(
      "unique_key='order_id'",
      "select 7::bigint as order_id, 'x' as customer, 1::bigint as cents, timestamp '2024-01-09' as updated_at\nunion all select 7, 'y', 2, timestamp '2024-01-09'\n",
    ),
    code: 1,
    shown: '?',
  },
  {
    title: 'equal newest rows that differ are an error, though updated_at is there',
    files: facts(
      key,
      "select 7::bigint as order_id, 'x' as customer, 1::bigint as cents, timestamp '2024-01-09' as updated_at\nunion all select 7, 'y', 2, timestamp '2024-01-09'\n",
    ),
    code: 1,
    shown: '?',
  },
  {
    title: 'a NULL key is shown with its row, and nothing is written',
    files: facts(
      key,
      "select null::bigint as order_id, 'x' as customer, 1::bigint as cents, timestamp '2024-01-09' as updated_at\n",
    ),
    code: 1,
    shown: '?',
  },
  {
    title: 'duplicate keys are an error at the first run too',
    files: {
      'models/bad.ff.sql': "{{ config(materialized='incremental', unique_key=['customer']) }}\nselect customer, order_id from {{ ref('stg_orders') }}\n",
    },
    code: 1,
    shown: '?',
  },
  {
    title: 'a key column that the SELECT does not give is an error that names the columns there are',
    files: { 'models/bad.ff.sql': "{{ config(materialized='incremental', unique_key='orderid') }}\nselect order_id, customer from {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: '?',
  },
  {
    title: 'an updated_at column that the SELECT does not give is an error',
    files: facts("unique_key='order_id', updated_at='changed_at'", "select order_id, customer, {{ cents('amount') }} as cents, updated_at from {{ ref('stg_orders') }}\n"),
    code: 1,
    shown: '?',
  },
  {
    title: 'a column that is missing from the delta is a schema change, and is refused',
    files: facts(key, "select order_id, customer, updated_at\nfrom {{ ref('stg_orders') }}\n"),
    code: 1,
    shown: '?',
  },
  {
    title: 'a new column and a retyped one are refused together',
    files: facts(key, "select order_id, customer, cast(amount as varchar) as cents, updated_at, 1 as extra\nfrom {{ ref('stg_orders') }}\n"),
    code: 1,
    shown: '?',
  },
  {
    title: 'a retyped column cannot be synced without loss, so a full refresh is asked for',
    files: facts(`${key}, on_schema_change='sync_all_columns'`, "select order_id, customer, 'x' as cents, updated_at\nfrom {{ ref('stg_orders') }}\n"),
    code: 1,
    shown: '?',
  },
  {
    title: 'a column missing from the delta file alone is named',
    files: {
      'config/incremental/orders.delta.yml': text`
        unique_key: order_id
        sql: |
          select order_id, customer, updated_at
          from {{ ref('stg_orders') }}
      `,
      'models/fct_orders.ff.sql': text`
        {{ config(materialized='incremental', delta_config='config/incremental/orders.delta.yml') }}
        select order_id, customer, {{ cents('amount') }} as cents, updated_at
        from {{ ref('stg_orders') }}
      `,
    },
    code: 1,
    shown: '?',
  },
  {
    title: 'a watermark() of a column that the model does not have is an error at its name',
    files: facts(
      "unique_key='order_id'",
      "select order_id, customer, {{ cents('amount') }} as cents, updated_at from {{ ref('stg_orders') }}\n{% if is_incremental() %}where updated_at >= {{ watermark('changed_at') }}{% endif %}\n",
    ),
    code: 1,
    shown: '?',
  },
  {
    title: 'a lookback that does not fit the column is refused before anything runs',
    files: facts(`${key}, lookback=3`, "select order_id, customer, {{ cents('amount') }} as cents, updated_at\nfrom {{ ref('stg_orders') }}\n"),
    code: 2,
    nodes: [],
    shown: '?',
  },
]
