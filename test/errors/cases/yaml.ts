import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

const project = "name: shop\nversion: '1.0'\n"

/** Faults of YAML files: syntax, keys, values. */
export const yaml: readonly ErrorCase[] = [
  {
    title: 'bad indentation in project.yml is an error at its line',
    files: {
      'project.yml': `${project}models:\n  staging:\n    +materialized: view\n   marts:\n    +materialized: table\n`,
    },
    code: 2,
    shown: text`
      project.yml:6:4 error[yaml-syntax]: the key does not stand right under the other keys of its map
        hint: indent all keys of a map, and all items of a list, by the same number of spaces
    `,
  },
  {
    title: 'a tab as indentation is an error at its line',
    files: { 'project.yml': `${project}vars:\n\tcountry: de\n` },
    code: 2,
    shown: text`
      project.yml:4:1 error[yaml-syntax]: a tab stands where the line is indented
        hint: indent with spaces
    `,
  },
  {
    title: 'an unclosed quote in project.yml is an error where it opens',
    files: { 'project.yml': "name: shop\nversion: '1.0\nvars: {}\n" },
    code: 2,
    shown: text`
      project.yml:2:10 error[yaml-syntax]: the text is not closed: it starts with '
        project.yml:4:1 not closed up to here
        hint: close the quote or bracket
    `,
  },
  {
    title: 'a key twice in one map is a warning with both places, and the last one counts',
    files: { 'project.yml': `${project}vars:\n  country: de\n  country: fr\n` },
    code: 0,
    shown: text`
      project.yml:5:3 warning[duplicate-key]: 'country' stands twice in this map; the last one counts
        project.yml:4:3 the first one
        hint: remove one of them
    `,
  },
  {
    title: 'an unknown key of project.yml is an error with the nearest one',
    files: { 'project.yml': `${project}model_dir: sql\n` },
    code: 2,
    shown: text`
      project.yml:3:1 error[unknown-key]: unknown key 'model_dir'
        hint: did you mean 'models_dir'?
    `,
  },
  {
    title: 'a missing name in project.yml is an error',
    files: { 'project.yml': "version: '1.0'\n" },
    code: 2,
    shown: text`
      project.yml:1:1 error[missing-key]: 'name' is missing
        hint: add 'name:' here
    `,
  },
  {
    title: 'a value of the wrong type in project.yml is an error at the value',
    files: { 'project.yml': 'name: [shop]\nversion: 1\nvars: 3\n' },
    code: 2,
    shown: text`
      project.yml:1:7 error[wrong-value]: 'name' must be a string, not ["shop"]
      project.yml:3:7 error[wrong-value]: 'vars' must be a map, not 3
    `,
  },
  {
    title: 'a folder setting without its plus is an error that says so',
    files: { 'project.yml': `${project}models:\n  staging:\n    materialized: view\n` },
    code: 2,
    shown: text`
      project.yml:5:5 error[plus-missing]: 'materialized' is no folder; a setting for the models below needs a '+'
        hint: write '+materialized'
    `,
  },
  {
    title: 'a mistyped folder setting is an error, and so is a mistyped value',
    files: { 'project.yml': `${project}models:\n  +materialzed: view\n  staging:\n    +materialized: veiw\n` },
    code: 2,
    shown: text`
      project.yml:4:3 error[unknown-key]: unknown key 'materialzed'
        hint: did you mean 'materialized'?
      project.yml:6:20 error[wrong-value]: 'materialized' must be one of view, table, incremental, ephemeral, snapshot, not 'veiw'
        hint: did you mean 'view'?
    `,
  },
  {
    title: 'an empty project.yml is an error that says what is missing',
    files: { 'project.yml': '' },
    code: 2,
    shown: text`
      project.yml:1:1 error[missing-key]: 'name' is missing
        hint: add 'name:' here
      project.yml:1:1 error[missing-key]: 'version' is missing
        hint: add 'version:' here
    `,
  },
  {
    title: 'a models_dir that is not there is an error at its value',
    files: { 'project.yml': `${project}models_dir: sql\n` },
    code: 2,
    shown: text`
      project.yml:3:13 error[models-dir-missing]: models_dir names 'sql', but the project has no such folder
        hint: make the folder, or correct models_dir
    `,
  },
  {
    title: 'settings of an unknown incremental model are a warning with the nearest name',
    files: { 'project.yml': `${project}models:\n  incremental:\n    fct_order:\n      unique_key: id\n` },
    code: 0,
    shown: text`
      project.yml:5:5 warning[incremental-unmatched]: models.incremental names 'fct_order', which is no model
        hint: did you mean 'fct_orders'?
    `,
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
    shown: text`
      models/schema.yml:4:5 error[unknown-key]: unknown key 'descripton'
        hint: did you mean 'description'?
      models/schema.yml:7:9 error[unknown-key]: unknown key 'test'
        hint: did you mean 'tests'?
    `,
  },
  {
    title: 'properties without a model are a warning with the nearest name',
    files: { 'models/schema.yml': 'version: 2\nmodels:\n  - name: custmers\n    description: people\n' },
    code: 0,
    shown: text`
      models/schema.yml:3:11 warning[properties-unmatched]: model 'custmers' has properties but no file
        hint: did you mean 'customers'?
    `,
  },
  {
    title: 'properties of one model in two files are an error with both places',
    files: {
      'models/a.yml': 'models:\n  - name: customers\n',
      'models/b.yml': 'models:\n  - name: customers\n',
    },
    code: 2,
    shown: text`
      models/b.yml:2:11 error[duplicate-properties]: model 'customers' has properties in two places
        models/a.yml:2:11 the first one
        hint: keep one of them
    `,
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
    shown: text`
      models/schema.yml:6:13 error[test-unknown]: there is no data test 'not_nul'
        hint: did you mean 'not_null'?
    `,
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
    shown: text`
      models/schema.yml:6:13 error[test-argument-missing]: data test 'accepted_values' needs 'values'
        hint: write - accepted_values: {values: […]}
      models/schema.yml:9:15 error[test-argument]: data test 'relationships' has no argument 'feild'
        hint: did you mean 'field'?
    `,
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
    shown: text`
      models/schema.yml:7:23 error[ref-not-found]: ref('stg_order') names no model, seed or snapshot
        hint: did you mean 'stg_orders'?
    `,
  },
  {
    title: 'tables that are plain names are errors that say how to write them',
    files: { 'sources.yml': 'version: 2\nsources:\n  - name: raw\n    tables: [events, 3]\n' },
    code: 2,
    shown: text`
      sources.yml:4:14 error[wrong-value]: 'tables[0]' must be a map, not 'events'
        hint: write "- name: events"
      sources.yml:4:22 error[wrong-value]: 'tables[1]' must be a map, not 3
    `,
  },
  {
    title: 'columns as a map are an error',
    files: { 'models/s.yml': 'models:\n  - name: customers\n    columns:\n      customer: {tests: [unique]}\n' },
    code: 2,
    shown: text`
      models/s.yml:4:7 error[wrong-value]: 'columns' must be a list of columns, not a map
    `,
  },
  {
    title: 'settings of a test that are not indented are an error that says so',
    files: {
      'models/s.yml': text`
        models:
          - name: customers
            columns:
              - name: customer
                tests:
                  - accepted_values:
                    values: [a]
      `,
    },
    code: 2,
    shown: text`
      models/s.yml:6:13 error[test-form]: 'accepted_values' and 'values' stand side by side in one test
        hint: indent the settings of 'accepted_values' further than its name, or write "- name: …" with "test_name: accepted_values"
    `,
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
    shown: text`
      sources.yml:5:11 error[duplicate-source]: source 'raw' is defined twice
        sources.yml:3:11 the first one
        hint: put all tables of a source in one list, or rename one of them
    `,
  },
  {
    title: 'a source without a name and a wrong version are errors',
    files: { 'sources.yml': 'version: 3\nsources:\n  - tables:\n      - name: events\n' },
    code: 2,
    shown: text`
      sources.yml:1:10 error[wrong-value]: 'version' must be 2, not 3
      sources.yml:3:5 error[missing-key]: 'name' is missing
        hint: add 'name:' here
    `,
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
    shown: text`
      config/incremental/bad.delta.yml:2:3 error[yaml-syntax]: the line is indented further than the key above it, which has a value already
        hint: indent all keys of a map, and all items of a list, by the same number of spaces
    `,
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
    shown: text`
      config/incremental/bad.delta.yml:1:1 error[unknown-key]: unknown key 'unique_ky'
        hint: did you mean 'unique_key'?
      config/incremental/bad.delta.yml:2:11 error[wrong-value]: 'strategy' must be one of merge, append, delete+insert, insert_overwrite, time_range, snapshot_date, scd3, cdc, scd2, microbatch, scd1, timestamp, check, not 'merg'
        hint: did you mean 'merge'?
    `,
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
    shown: text`
      config/incremental/bad.delta.yml:1:1 error[delta-needs-one]: a delta file needs exactly one of 'sql' and 'watermark'
        hint: write sql: 'select …' for a delta of your own, or watermark: <column> for an automatic filter
    `,
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
    shown: text`
      config/incremental/bad.delta.yml:5:12 error[unknown-name]: 'nix' is not defined
        hint: a text needs quotes: 'nix'; a variable is set first: {% set nix = … %}
    `,
  },
]
