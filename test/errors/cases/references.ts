import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults of references: what a model reads, and what it is called. */
export const references: readonly ErrorCase[] = [
  {
    title: 'a ref to nothing is an error at its name, with the nearest one',
    files: { 'models/bad.ff.sql': "select *\nfrom {{ ref('stg_order') }}\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:13 error[ref-not-found]: ref('stg_order') names no model, seed or snapshot
        hint: did you mean 'stg_orders'?
    `,
  },
  {
    title: 'a ref without a name is an error',
    files: { 'models/bad.ff.sql': 'select * from {{ ref() }}\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:18 error[ref-argument]: ref() takes the name of a model, seed or snapshot as text
        hint: write ref('name'), or ref('package', 'name')
    `,
  },
  {
    title: 'a ref with too many names is an error at the third',
    files: { 'models/bad.ff.sql': "select * from {{ ref('shop', 'orders', 'x') }}\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:40 error[ref-argument]: ref() takes the name of a model, seed or snapshot as text
        hint: write ref('name'), or ref('package', 'name')
    `,
  },
  {
    title: 'a ref without quotes is an error that asks for them',
    files: { 'models/bad.ff.sql': 'select * from {{ ref(stg_orders) }}\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:22 error[unknown-name]: 'stg_orders' is not defined
        hint: a text needs quotes: 'stg_orders'; a variable is set first: {% set stg_orders = … %}
    `,
  },
  {
    title: 'a ref to a package that is not there says so',
    files: { 'models/bad.ff.sql': "select * from {{ ref('shopp', 'stg_orders') }}\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:22 error[ref-not-found]: ref('shopp', 'stg_orders') names no model, seed or snapshot
        hint: package 'shop' has it: ref('shop', 'stg_orders')
    `,
  },
  {
    title: 'an unknown source is an error with the nearest one',
    files: {
      'sources.yml': 'version: 2\nsources:\n  - name: raw\n    tables:\n      - name: events\n',
      'models/bad.ff.sql': "select * from {{ source('rav', 'events') }}\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:25 error[source-not-found]: source('rav', 'events'): there is no source 'rav'
        hint: did you mean 'raw'?
    `,
  },
  {
    title: 'an unknown table of a source is an error at the table',
    files: {
      'sources.yml': 'version: 2\nsources:\n  - name: raw\n    tables:\n      - name: events\n',
      'models/bad.ff.sql': "select * from {{ source('raw', 'event') }}\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:32 error[source-not-found]: source('raw', 'event') names no table of source 'raw'
        hint: did you mean 'events'?
    `,
  },
  {
    title: 'a source with one argument is an error',
    files: { 'models/bad.ff.sql': "select * from {{ source('raw') }}\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:25 error[source-argument]: source() takes two texts: the source's name and the table's
        hint: write source('raw', 'events')
    `,
  },
  {
    title: 'a cycle is one error that names the whole ring',
    files: {
      'models/a.ff.sql': "select * from {{ ref('b') }}\n",
      'models/b.ff.sql': "select * from {{ ref('c') }}\n",
      'models/c.ff.sql': "select *\nfrom {{ ref('a') }}\n",
    },
    code: 2,
    shown: text`
      models/a.ff.sql:1:22 error[cycle]: models refer to each other in a ring: a -> b -> c -> a
        models/b.ff.sql:1:22 b refers to c
        models/c.ff.sql:2:13 c refers to a
        hint: take one of these references away; a model that reads its own earlier rows uses {{ this }}
    `,
  },
  {
    title: 'a model that refers to itself is told of this',
    files: { 'models/a.ff.sql': "select * from {{ ref('a') }}\n" },
    code: 2,
    shown: text`
      models/a.ff.sql:1:22 error[self-ref]: 'a' refers to itself: a -> a
        hint: use {{ this }} for the rows that the model has already, inside {% if is_incremental() %}
    `,
  },
  {
    title: 'two models of one name are an error at the later file, with the other one',
    files: { 'models/marts/stg_orders.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: text`
      models/stg_orders.ff.sql:1:1 error[name-duplicate]: model 'stg_orders' is defined twice
        models/marts/stg_orders.ff.sql:1:1 also defined here
        hint: rename one of the two files, or disable one of them (enabled: false)
    `,
  },
  {
    title: 'a model and a seed of one name are an error',
    files: { 'models/raw_orders.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: text`
      seeds/raw_orders.csv:1:1 error[name-duplicate]: 'raw_orders' is the name of a model and of a seed: ref('raw_orders') could mean both
        models/raw_orders.ff.sql:1:1 also defined here
        hint: rename one of the two files, or disable one of them (enabled: false)
    `,
  },
  {
    title: 'two names that differ only in letter case are an error',
    files: { 'models/CUSTOMERS.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: text`
      models/customers.ff.sql:1:1 error[name-differs-in-case]: 'customers' and 'CUSTOMERS' differ only in letter case, so their tables would be one
        models/CUSTOMERS.ff.sql:1:1 also defined here
        hint: rename one of the two
    `,
  },
  {
    title: 'two models with one alias are an error',
    files: { 'models/people.ff.sql': "{{ config(alias='customers') }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/people.ff.sql:1:17 error[relation-duplicate]: people and customers would both be main.customers
        models/customers.ff.sql:1:1 the other one
        hint: give one of them another alias or schema
    `,
  },
  {
    title: 'a name with a blank is an error',
    files: { 'models/my model.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: text`
      models/my model.ff.sql:1:1 error[name-invalid]: 'my model' is no model name
        hint: use letters, digits, "_", "." and "-"
    `,
  },
  {
    title: 'a ref to a disabled model says that it is disabled',
    files: {
      'models/off.ff.sql': '{{ config(enabled=False) }}\nselect 1 as id\n',
      'models/bad.ff.sql': "select * from {{ ref('off') }}\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:22 error[ref-disabled]: ref('off') names a model that is disabled
        hint: enable it (enabled: true), or disable this model too
    `,
  },
  {
    title: 'a ref to a model of another engine says for which it is',
    files: {
      'models/spark_only.ff.sql': "{{ config(engines=['databricks']) }}\nselect 1 as id\n",
      'models/bad.ff.sql': "select * from {{ ref('spark_only') }}\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:22 error[ref-not-found]: ref('spark_only') names a model that exists for databricks only
        hint: limit this model to the same engines, or give the other one more (engines=[…])
    `,
  },
  {
    title: 'every wrong ref of every model is shown',
    files: {
      'models/a.ff.sql': "select * from {{ ref('nowhere') }}, {{ ref('nirgends') }}\n",
      'models/b.ff.sql': "select * from {{ ref('nulle_part') }}\n",
    },
    code: 2,
    shown: text`
      models/a.ff.sql:1:22 error[ref-not-found]: ref('nowhere') names no model, seed or snapshot
        hint: names: a, b, customers, fct_orders, stg_orders, raw_orders
      models/a.ff.sql:1:44 error[ref-not-found]: ref('nirgends') names no model, seed or snapshot
        hint: names: a, b, customers, fct_orders, stg_orders, raw_orders
      models/b.ff.sql:1:22 error[ref-not-found]: ref('nulle_part') names no model, seed or snapshot
        hint: names: a, b, customers, fct_orders, stg_orders, raw_orders
    `,
  },
  {
    title: 'a private model is for its group alone: another model that names it is an error at the name',
    files: {
      'models/groups.yml': text`
        groups: [{name: finance, owner: {name: ada}}, {name: sales}]
        models:
          - {name: ledger, config: {group: finance, access: private}}
          - {name: good, config: {group: finance}}
          - {name: bad, config: {group: sales}}
      `,
      'models/ledger.ff.sql': 'select 1 as id\n',
      'models/good.ff.sql': "select * from {{ ref('ledger') }}\n",
      'models/bad.ff.sql': "select * from {{ ref('ledger') }}\n",
      'models/worse.ff.sql': "select * from {{ ref('ledger') }}\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:22 error[ref-private]: ref('ledger') names a private model of the group 'finance'; this one is in 'sales'
        hint: put this model into the group (group: finance), or make the other one protected (access: protected)
      models/worse.ff.sql:1:22 error[ref-private]: ref('ledger') names a private model of the group 'finance'
        hint: put this model into the group (group: finance), or make the other one protected (access: protected)
    `,
  },
  {
    title: 'a group that is defined twice, and one that is not, are errors',
    files: {
      'models/groups.yml': text`
        groups: [{name: finance}, {name: finance}]
        models:
          - {name: customers, config: {group: finanse}}
      `,
    },
    argv: ['ls'],
    code: 2,
    shown: text`
      models/groups.yml:1:34 error[group-duplicate]: group 'finance' is defined twice
        models/groups.yml:1:17 the first one
        hint: remove one of the two
      models/groups.yml:3:39 error[group-unknown]: there is no group 'finanse'
        hint: did you mean 'finance'?
    `,
  },
]
