import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

const project = "name: shop\nversion: '1.0'\n"

/** Faults of YAML files: syntax, keys, values. */
export const yaml: readonly ErrorCase[] = [
  {
    title: 'bad indentation in project.yml is an error at its line',
    files: { 'project.yml': `${project}models:\n  staging:\n    +materialized: view\n   marts:\n    +materialized: table\n` },
    code: 2,
    shown: '?',
  },
  {
    title: 'a tab as indentation is an error at its line',
    files: { 'project.yml': `${project}vars:\n\tcountry: de\n` },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unclosed quote in project.yml is an error where it opens',
    files: { 'project.yml': "name: shop\nversion: '1.0\nvars: {}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a key twice in one map is a warning with both places, and the last one counts',
    files: { 'project.yml': `${project}vars:\n  country: de\n  country: fr\n` },
    code: 0,
    shown: '?',
  },
  {
    title: 'an unknown key of project.yml is an error with the nearest one',
    files: { 'project.yml': `${project}model_dir: sql\n` },
    code: 2,
    shown: '?',
  },
  {
    title: 'a missing name in project.yml is an error',
    files: { 'project.yml': "version: '1.0'\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a value of the wrong type in project.yml is an error at the value',
    files: { 'project.yml': 'name: [shop]\nversion: 1\nvars: 3\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a folder setting without its plus is an error that says so',
    files: { 'project.yml': `${project}models:\n  staging:\n    materialized: view\n` },
    code: 2,
    shown: '?',
  },
  {
    title: 'a mistyped folder setting is an error, and so is a mistyped value',
    files: { 'project.yml': `${project}models:\n  +materialzed: view\n  staging:\n    +materialized: veiw\n` },
    code: 2,
    shown: '?',
  },
  {
    title: 'an empty project.yml is an error that says what is missing',
    files: { 'project.yml': '' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a models_dir that is not there is an error at its value',
    files: { 'project.yml': `${project}models_dir: sql\n` },
    code: 2,
    shown: '?',
  },
  {
    title: 'settings of an unknown incremental model are a warning with the nearest name',
    files: { 'project.yml': `${project}models:\n  incremental:\n    fct_order:\n      unique_key: id\n` },
    code: 0,
    shown: '?',
  },
  {
    title: 'unknown keys of properties are errors with the nearest ones',
    files: {
      'models/schema.yml': text`
        version: 2
        models:
          - name: customers
            descripton: people
            columns:
              - name: customer
                test: [not_null]
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'properties without a model are a warning with the nearest name',
    files: { 'models/schema.yml': 'version: 2\nmodels:\n  - name: custmers\n    description: people\n' },
    code: 0,
    shown: '?',
  },
  {
    title: 'properties of one model in two files are an error with both places',
    files: {
      'models/a.yml': 'models:\n  - name: customers\n',
      'models/b.yml': 'models:\n  - name: customers\n',
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown data test is an error with the nearest one',
    files: {
      'models/schema.yml': text`
        models:
          - name: customers
            columns:
              - name: customer
                tests:
                  - not_nul
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a data test without a needed argument, and one with an unknown one, are errors',
    files: {
      'models/schema.yml': text`
        models:
          - name: customers
            columns:
              - name: customer
                tests:
                  - accepted_values
                  - relationships:
                      to: ref('stg_orders')
                      feild: customer
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a relationships test to a missing model is an error at its place',
    files: {
      'models/schema.yml': text`
        models:
          - name: customers
            columns:
              - name: customer
                tests:
                  - relationships:
                      to: ref('stg_order')
                      field: customer
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a source that is defined twice is an error with both places',
    files: {
      'sources.yml': text`
        version: 2
        sources:
          - name: raw
            tables: [{name: events}]
          - name: raw
            tables: [{name: users}]
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a source without a name and a wrong version are errors',
    files: { 'sources.yml': 'version: 3\nsources:\n  - tables:\n      - name: events\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'bad indentation in a delta file is an error in that file',
    files: {
      'config/incremental/bad.delta.yml': 'unique_key: id\n  updated_at: at\nsql: select 1 as id\n',
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', delta_config='config/incremental/bad.delta.yml') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown key and a mistyped value in a delta file are errors there',
    files: {
      'config/incremental/bad.delta.yml': 'unique_ky: id\nstrategy: merg\nsql: select 1 as id\n',
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', delta_config='config/incremental/bad.delta.yml') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a delta file without sql is an error',
    files: {
      'config/incremental/bad.delta.yml': 'unique_key: id\n',
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', delta_config='config/incremental/bad.delta.yml') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a template error in the block scalar of a delta file points into the YAML file',
    files: {
      'config/incremental/bad.delta.yml': text`
        unique_key: id
        sql: |
          select order_id as id
          from {{ ref('stg_ordrs') }}
          where {{ nix }}
      `,
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', delta_config='config/incremental/bad.delta.yml') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: '?',
  },
]
