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
    shown: text`
      models/fct_orders.ff.sql:1:50 error[duplicate-key]: several different rows for one key: order_id
        | order_id | customer | cents | updated_at
        | 7 | x | 1 | 2024-01-09 00:00:00
        | 7 | y | 2 | 2024-01-09 00:00:00
        hint: make the SELECT unique, or set updated_at so that the newest row wins, or on_duplicate_keys='any'
    `,
  },
  {
    title: 'equal newest rows that differ are an error, though updated_at is there',
    files: facts(
      key,
      "select 7::bigint as order_id, 'x' as customer, 1::bigint as cents, timestamp '2024-01-09' as updated_at\nunion all select 7, 'y', 2, timestamp '2024-01-09'\n",
    ),
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:1:50 error[duplicate-key]: several different rows for one key (order_id) with the same newest updated_at
        | order_id | customer | cents | updated_at
        | 7 | x | 1 | 2024-01-09 00:00:00
        | 7 | y | 2 | 2024-01-09 00:00:00
        hint: make the SELECT unique, or set on_duplicate_keys='any' to keep some row
    `,
  },
  {
    title: 'a NULL key is shown with its row, and nothing is written',
    files: facts(
      key,
      "select null::bigint as order_id, 'x' as customer, 1::bigint as cents, timestamp '2024-01-09' as updated_at\n",
    ),
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:1:50 error[null-key]: rows without a key: order_id is NULL
        | order_id | customer | cents | updated_at
        | NULL | x | 1 | 2024-01-09 00:00:00
        hint: filter them out, or set on_null_keys to 'match' or 'drop'
    `,
  },
  {
    title: 'duplicate keys are an error at the first run too',
    files: {
      'models/bad.ff.sql':
        "{{ config(materialized='incremental', unique_key=['customer']) }}\nselect customer, order_id from {{ ref('stg_orders') }}\n",
    },
    code: 1,
    shown: text`
      models/bad.ff.sql:1:50 error[duplicate-key]: several different rows for one key: customer
        | customer | order_id
        | ada | 1
        | ada | 3
        hint: make the SELECT unique, or set updated_at so that the newest row wins, or on_duplicate_keys='any'
    `,
  },
  {
    title: 'a key column that the SELECT does not give is an error that names the columns there are',
    files: {
      'models/bad.ff.sql':
        "{{ config(materialized='incremental', unique_key='orderid') }}\nselect order_id, customer from {{ ref('stg_orders') }}\n",
    },
    code: 1,
    shown: text`
      models/bad.ff.sql:1:50 error[column-missing]: unique_key names 'orderid', which is no column of the rows (order_id, customer)
        hint: did you mean 'order_id'?
    `,
  },
  {
    title: 'an updated_at column that the SELECT does not give is an error',
    files: facts(
      "unique_key='order_id', updated_at='changed_at'",
      "select order_id, customer, {{ cents('amount') }} as cents, updated_at from {{ ref('stg_orders') }}\n",
    ),
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:1:73 error[column-missing]: updated_at names 'changed_at', which is no column of the rows (order_id, customer, cents, updated_at)
        hint: select 'changed_at', or correct updated_at
    `,
  },
  {
    title: 'a column that is missing from the delta is a schema change, and is refused',
    files: facts(key, "select order_id, customer, updated_at\nfrom {{ ref('stg_orders') }}\n"),
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:1:1 error[schema-changed]: the columns of the delta are not those of the table
          removed: cents BIGINT
        hint: select cents again, or accept it: on_schema_change='append_new_columns' keeps cents (NULL in new rows), 'sync_all_columns' drops it, or rebuild with --full-refresh
    `,
  },
  {
    title: 'a new column and a retyped one are refused together',
    files: facts(
      key,
      "select order_id, customer, cast(amount as varchar) as cents, updated_at, 1 as extra\nfrom {{ ref('stg_orders') }}\n",
    ),
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:1:1 error[schema-changed]: the columns of the delta are not those of the table
          added: extra INTEGER
          retyped: cents BIGINT to VARCHAR
        hint: the types do not fit without loss: rebuild with --full-refresh
    `,
  },
  {
    title: 'a retyped column cannot be synced without loss, so a full refresh is asked for',
    files: facts(
      `${key}, on_schema_change='sync_all_columns'`,
      "select order_id, customer, 'x' as cents, updated_at\nfrom {{ ref('stg_orders') }}\n",
    ),
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:1:104 error[schema-retyped]: column 'cents' is BIGINT in the table and VARCHAR in the delta: values could be lost
        hint: cast it in the SELECT, or rebuild with --full-refresh
    `,
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
    shown: text`
      config/incremental/orders.delta.yml:2:6 error[schema-changed]: the columns of the delta are not those of the table
          removed: cents BIGINT
        hint: select cents again, or accept it: on_schema_change='append_new_columns' keeps cents (NULL in new rows), 'sync_all_columns' drops it, or rebuild with --full-refresh
    `,
  },
  {
    title: 'a watermark() of a column that the model does not have is an error at its name',
    files: facts(
      "unique_key='order_id'",
      "select order_id, customer, {{ cents('amount') }} as cents, updated_at from {{ ref('stg_orders') }}\n{% if is_incremental() %}where updated_at >= {{ watermark('changed_at') }}{% endif %}\n",
    ),
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:3:59 error[column-missing]: watermark() names 'changed_at', which is no column of the rows (order_id, customer, cents, updated_at)
        hint: select 'changed_at', or correct watermark()
    `,
  },
  {
    title: 'a lookback that does not fit the column is refused before anything runs',
    files: facts(
      `${key}, lookback=3`,
      "select order_id, customer, {{ cents('amount') }} as cents, updated_at\nfrom {{ ref('stg_orders') }}\n",
    ),
    code: 2,
    nodes: [],
    shown: text`
      models/fct_orders.ff.sql:1:96 error[lookback-invalid]: lookback '3' cannot be taken from a TIMESTAMP
        hint: write a duration ('3 days', '12 hours', '30 minutes') for times, a number for numbers
    `,
  },
]
