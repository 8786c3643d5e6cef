import type { ErrorCase } from '../error-case.js'

/** Faults of references: what a model reads, and what it is called. */
export const references: readonly ErrorCase[] = [
  {
    title: 'a ref to nothing is an error at its name, with the nearest one',
    files: { 'models/bad.ff.sql': "select *\nfrom {{ ref('stg_order') }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a ref without a name is an error',
    files: { 'models/bad.ff.sql': 'select * from {{ ref() }}\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a ref to a package that is not there says so',
    files: { 'models/bad.ff.sql': "select * from {{ ref('shopp', 'stg_orders') }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown source is an error with the nearest one',
    files: {
      'sources.yml': 'version: 2\nsources:\n  - name: raw\n    tables:\n      - name: events\n',
      'models/bad.ff.sql': "select * from {{ source('rav', 'events') }}\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown table of a source is an error at the table',
    files: {
      'sources.yml': 'version: 2\nsources:\n  - name: raw\n    tables:\n      - name: events\n',
      'models/bad.ff.sql': "select * from {{ source('raw', 'event') }}\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a source with one argument is an error',
    files: { 'models/bad.ff.sql': "select * from {{ source('raw') }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a cycle is one error that names the whole ring',
    files: {
      'models/a.ff.sql': "select * from {{ ref('b') }}\n",
      'models/b.ff.sql': "select * from {{ ref('c') }}\n",
      'models/c.ff.sql': "select *\nfrom {{ ref('a') }}\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a model that refers to itself is told of this',
    files: { 'models/a.ff.sql': "select * from {{ ref('a') }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'two models of one name are an error at the later file, with the other one',
    files: { 'models/marts/stg_orders.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a model and a seed of one name are an error',
    files: { 'models/raw_orders.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'two names that differ only in letter case are an error',
    files: { 'models/CUSTOMERS.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'two models with one alias are an error',
    files: { 'models/people.ff.sql': "{{ config(alias='customers') }}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a name with a blank is an error',
    files: { 'models/my model.ff.sql': 'select 1 as id\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a ref to a disabled model says that it is disabled',
    files: {
      'models/off.ff.sql': '{{ config(enabled=False) }}\nselect 1 as id\n',
      'models/bad.ff.sql': "select * from {{ ref('off') }}\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a ref to a model of another engine says for which it is',
    files: {
      'models/spark_only.ff.sql': "{{ config(engines=['databricks']) }}\nselect 1 as id\n",
      'models/bad.ff.sql': "select * from {{ ref('spark_only') }}\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'every wrong ref of every model is shown',
    files: {
      'models/a.ff.sql': "select * from {{ ref('nowhere') }}, {{ ref('nirgends') }}\n",
      'models/b.ff.sql': "select * from {{ ref('nulle_part') }}\n",
    },
    code: 2,
    shown: '?',
  },
]
