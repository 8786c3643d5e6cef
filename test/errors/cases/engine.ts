import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Statements that the engine refuses: the place is in the user's template. */
export const engine: readonly ErrorCase[] = [
  {
    title: 'failing SQL in the third line, after a macro, is an error at the name at fault',
    files: {
      'models/bad.ff.sql': text`
        select
          {{ cents('amount') }} as cents,
          custmer
        from {{ ref('stg_orders') }}
      `,
    },
    code: 1,
    shown: text`
      models/bad.ff.sql:3:3 error[column-missing]: Referenced column "custmer" not found in FROM clause!
        hint: did you mean 'customer'?
    `,
  },
  {
    title: 'a missing column in what a macro wrote is an error in the macro or at its call',
    files: { 'models/bad.ff.sql': "select 1 as one,\n  {{ cents('amont') }} as cents\nfrom {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: text`
      models/bad.ff.sql:2:6 error[column-missing]: Referenced column "amont" not found in FROM clause!
        hint: did you mean 'amount'?
    `,
  },
  {
    title: "failing SQL inside a loop is an error at the loop's body",
    files: {
      'models/bad.ff.sql': text`
        select 1 as id
        {% for name in ['customer', 'custmer'] %}
          , {{ name }}
        {% endfor %}
        from {{ ref('stg_orders') }}
      `,
    },
    code: 1,
    shown: text`
      models/bad.ff.sql:3:8 error[column-missing]: Referenced column "custmer" not found in FROM clause!
        hint: did you mean 'customer'?
    `,
  },
  {
    title: "failing SQL of an ephemeral parent is an error in the parent's file",
    files: {
      'models/eph.ff.sql':
        "{{ config(materialized='ephemeral') }}\nselect customer,\n  amout\nfrom {{ ref('stg_orders') }}\n",
      'models/bad.ff.sql': "select * from {{ ref('eph') }}\n",
    },
    code: 1,
    shown: text`
      models/eph.ff.sql:3:3 error[column-missing]: Referenced column "amout" not found in FROM clause!
        hint: did you mean 'amount'?
    `,
  },
  {
    title: 'an inline delta that fails is an error inside the string of config()',
    files: {
      'models/fct_orders.ff.sql': text`
        {{ config(materialized='incremental', unique_key='order_id', updated_at='updated_at',
                  delta={'sql': "
                    select order_id, customer, {{ cents('amount') }} as cents, updatd_at
                    from {{ ref('stg_orders') }}"}) }}
        select order_id, customer, {{ cents('amount') }} as cents, updated_at
        from {{ ref('stg_orders') }}
      `,
    },
    code: 1,
    shown: text`
      models/fct_orders.ff.sql:3:72 error[column-missing]: Referenced column "updatd_at" not found in FROM clause!
        hint: did you mean 'updated_at'?
    `,
  },
  {
    title: "a YAML delta that fails is an error at the YAML file's line",
    files: {
      'config/incremental/orders.delta.yml': text`
        unique_key: order_id
        updated_at: updated_at
        sql: |
          select order_id, customer, {{ cents('amount') }} as cents,
            updated_at
          from {{ ref('stg_orders') }}
          where updated_at > (select max(updated) from {{ this }})
      `,
      'models/fct_orders.ff.sql': text`
        {{ config(materialized='incremental', delta_config='config/incremental/orders.delta.yml') }}
        select order_id, customer, {{ cents('amount') }} as cents, updated_at
        from {{ ref('stg_orders') }}
      `,
    },
    code: 1,
    shown: text`
      config/incremental/orders.delta.yml:7:34 error[column-missing]: Referenced column "updated" not found in FROM clause!
        hint: columns: updated_at, customer, order_id
    `,
  },
  {
    title: 'a YAML delta with a folded scalar points into the YAML file too',
    files: {
      'config/incremental/orders.delta.yml': text`
        unique_key: order_id
        sql: >-
          select order_id, customer, {{ cents('amount') }} as cents,
          updatd_at
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
      config/incremental/orders.delta.yml:4:3 error[column-missing]: Referenced column "updatd_at" not found in FROM clause!
        hint: did you mean 'updated_at'?
    `,
  },
  {
    title: 'a syntax error of SQL is an error where the engine stops reading',
    files: { 'models/bad.ff.sql': "select customer,\nfrom {{ ref('stg_orders') }}\nwehre true\n" },
    code: 1,
    shown: text`
      models/bad.ff.sql:3:7 error[sql-syntax]: syntax error at or near "true"
    `,
  },
  {
    title: 'a syntax error at the end points at the file',
    files: { 'models/bad.ff.sql': "select customer\nfrom {{ ref('stg_orders') }}\nwhere (amount > 1\n" },
    code: 1,
    shown: text`
      models/bad.ff.sql:3:18 error[sql-syntax]: syntax error at the end of the SQL: something in it is not closed
        hint: close the bracket, the CASE or the subquery that is still open
    `,
  },
  {
    title: 'a missing function is an error at its name with the nearest ones',
    files: { 'models/bad.ff.sql': "select\n  uper(customer) as c\nfrom {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: text`
      models/bad.ff.sql:2:3 error[function-missing]: Scalar Function with name uper does not exist!
        hint: did you mean 'upper'?
    `,
  },
  {
    title: 'a table that is not there is an error at its name',
    files: { 'models/bad.ff.sql': 'select *\nfrom nowhere.orders\n' },
    code: 1,
    shown: text`
      models/bad.ff.sql:2:6 error[relation-missing]: Table with name "nowhere.orders" does not exist because schema "nowhere" does not exist.
        hint: write {{ ref('…') }} for a relation of the project, {{ source('…', '…') }} for one that is loaded
    `,
  },
  {
    title: "a conversion error at run time points at least at the model's file",
    files: { 'models/bad.ff.sql': "select\n  cast(customer as integer) as id\nfrom {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: text`
      models/bad.ff.sql:2:3 error[type-mismatch]: Could not convert string 'ada' to INT32 when casting from source column customer
        hint: correct the value, or give it up as NULL with try_cast(… as …)
    `,
  },
  {
    title: "an overflow at run time points at least at the model's file",
    files: {
      'models/bad.ff.sql':
        "select cast(order_id * 1000000 as integer) * 1000000000::integer as big\nfrom {{ ref('stg_orders') }}\n",
    },
    code: 1,
    shown: text`
      models/bad.ff.sql:1:1 error[value-out-of-range]: Overflow in multiplication of INT32 (1000000 * 1000000000)!
    `,
  },
  {
    title: 'two statements in one model are an error',
    files: { 'models/bad.ff.sql': 'select 1 as id;\nselect 2 as id\n' },
    code: 1,
    shown: text`
      models/bad.ff.sql:1:15 error[sql-syntax]: syntax error at or near ";"
        hint: a model is one SELECT: remove what follows the ";"
    `,
  },
  {
    title: 'a statement in place of a SELECT is an error that says so',
    files: { 'models/bad.ff.sql': 'create table x as select 1 as id\n' },
    code: 1,
    shown: text`
      models/bad.ff.sql:1:1 error[sql-syntax]: syntax error at or near "create"
        hint: a model is one SELECT; fft writes the statement around it
    `,
  },
  {
    title: 'single braces around a ref are an error that asks for two',
    files: { 'models/bad.ff.sql': "select *\nfrom { ref('stg_orders') }\n" },
    code: 1,
    shown: text`
      models/bad.ff.sql:2:6 error[sql-syntax]: syntax error at or near "{"
        hint: a template expression has two braces: {{ … }}
    `,
  },
  {
    title: 'a hook that fails is an error at its text, and the old rows stay',
    files: {
      'models/customers.ff.sql': text`
        {{ config(post_hook="delete from {{ this }} where nix = 1") }}
        select customer, sum(cents) as cents
        from {{ ref('fct_orders') }}
        group by customer
      `,
    },
    code: 1,
    shown: text`
      models/customers.ff.sql:1:51 error[column-missing]: Referenced column "nix" not found in FROM clause!
        hint: columns: cents
    `,
  },
  {
    title: 'a run_query that fails is an error at its call',
    files: {
      'models/bad.ff.sql': text`
        {% if execute %}
          {% set names = run_query('select nix from ' ~ ref('stg_orders')) %}
        {% endif %}
        select * from {{ ref('stg_orders') }}
      `,
    },
    code: 1,
    shown: text`
      models/bad.ff.sql:2:18 error[column-missing]: Referenced column "nix" not found in FROM clause!
        hint: columns: amount
    `,
  },
]
