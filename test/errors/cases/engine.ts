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
    shown: '?',
  },
  {
    title: 'a missing column in what a macro wrote is an error in the macro or at its call',
    files: { 'models/bad.ff.sql': "select 1 as one,\n  {{ cents('amont') }} as cents\nfrom {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: '?',
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
    shown: '?',
  },
  {
    title: "failing SQL of an ephemeral parent is an error in the parent's file",
    files: {
      'models/eph.ff.sql': "{{ config(materialized='ephemeral') }}\nselect customer,\n  amout\nfrom {{ ref('stg_orders') }}\n",
      'models/bad.ff.sql': "select * from {{ ref('eph') }}\n",
    },
    code: 1,
    shown: '?',
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
    shown: '?',
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
    shown: '?',
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
    shown: '?',
  },
  {
    title: 'a syntax error of SQL is an error where the engine stops reading',
    files: { 'models/bad.ff.sql': "select customer,\nfrom {{ ref('stg_orders') }}\nwehre true\n" },
    code: 1,
    shown: '?',
  },
  {
    title: 'a syntax error at the end points at the file',
    files: { 'models/bad.ff.sql': "select customer\nfrom {{ ref('stg_orders') }}\nwhere (amount > 1\n" },
    code: 1,
    shown: '?',
  },
  {
    title: 'a missing function is an error at its name with the nearest ones',
    files: { 'models/bad.ff.sql': "select\n  uper(customer) as c\nfrom {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: '?',
  },
  {
    title: 'a table that is not there is an error at its name',
    files: { 'models/bad.ff.sql': 'select *\nfrom nowhere.orders\n' },
    code: 1,
    shown: '?',
  },
  {
    title: "a conversion error at run time points at least at the model's file",
    files: { 'models/bad.ff.sql': "select\n  cast(customer as integer) as id\nfrom {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: '?',
  },
  {
    title: "an overflow at run time points at least at the model's file",
    files: { 'models/bad.ff.sql': "select cast(order_id * 1000000 as integer) * 1000000000::integer as big\nfrom {{ ref('stg_orders') }}\n" },
    code: 1,
    shown: '?',
  },
  {
    title: 'two statements in one model are an error',
    files: { 'models/bad.ff.sql': 'select 1 as id;\nselect 2 as id\n' },
    code: 1,
    shown: '?',
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
    shown: '?',
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
    shown: '?',
  },
]
