import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults in `config()`: keys, values, contradictions. */
export const configuration: readonly ErrorCase[] = [
  {
    title: 'an unknown key in config() is an error at the key, with the nearest one',
    files: { 'models/bad.ff.sql': "{{ config(materialised='table') }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:11 error[unknown-key]: unknown key 'materialised'
        hint: did you mean 'materialized'?
    `,
  },
  {
    title: 'a mistyped value in config() is an error at the value, with the nearest one',
    files: { 'models/bad.ff.sql': "{{ config(materialized='tabel') }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:24 error[wrong-value]: 'materialized' must be one of view, table, incremental, ephemeral, snapshot, not 'tabel'
        hint: did you mean 'table'?
    `,
  },
  {
    title: 'a value of the wrong type in config() is an error at the value',
    files: { 'models/bad.ff.sql': '{{ config(tags=3,\n          enabled="yes") }}\nselect 1 as id\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:16 error[wrong-value]: 'tags' must be a name or a list of names, not 3
      models/bad.ff.sql:2:19 error[wrong-value]: 'enabled' must be true or false, not 'yes'
    `,
  },
  {
    title: 'the slip in an engine’s name is an error, or the model would vanish without a word',
    files: {
      'models/bad.ff.sql': "{{ config(engines=['duckdbb']) }}\nselect 1 as id\n",
      'models/worse.ff.sql': "{{ config(only='postgre') }}\nselect 1 as id\n",
      'models/elsewhere.ff.sql': "{{ config(engines=['bigquery', 'snowflake']) }}\nselect 1 as id\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:20 error[wrong-value]: 'engines[0]' must be an engine, not 'duckdbb'
        hint: did you mean 'duckdb'?
      models/worse.ff.sql:1:16 error[wrong-value]: 'only' must be an engine, not 'postgre'
        hint: did you mean 'postgres'?
    `,
  },
  {
    title: 'a fault in generate_schema_name is an error in the macro, once for all nodes',
    files: {
      'macros/names.sql': '{% macro generate_schema_name(custom_schema_name, node) -%}\n{{ nope }}\n{%- endmacro %}\n',
    },
    code: 2,
    shown: text`
      macros/names.sql:2:4 error[unknown-name]: 'nope' is not defined
        seeds/raw_orders.csv:1:1 called from here
        hint: did you mean 'node'?
    `,
  },
  {
    title: 'config() with a value but no key is an error',
    files: { 'models/bad.ff.sql': "{{ config('table') }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:11 error[config-argument]: config() takes keyword arguments
        hint: write config(materialized='table')
    `,
  },
  {
    title: 'two spellings of one key with different values show both places',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id',
                  primary_key='other_id') }}
        select 1 as id, 2 as other_id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:23 error[contradictory-values]: 'unique_key' ('id') and 'primary_key' ('other_id') are two spellings of 'unique_key' with different values
        models/bad.ff.sql:1:50 the other one
        hint: keep one of them, best 'unique_key'
    `,
  },
  {
    title: 'two config() calls with different values for one key show both places',
    files: {
      'models/bad.ff.sql': "{{ config(materialized='table') }}\n{{ config(materialized='view') }}\nselect 1 as id\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:11 error[config-contradicts]: two config() calls set 'materialized' to different values
        models/bad.ff.sql:1:11 first set here
        hint: keep one of them
    `,
  },
  {
    title: 'a view with incremental keys is a contradiction',
    files: {
      'models/bad.ff.sql':
        "{{ config(materialized='view', meta={'incremental': True}, unique_key='id') }}\nselect 1 as id\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:24 error[incremental-contradiction]: materialized='view' contradicts 'meta.incremental', which makes the model incremental
        models/bad.ff.sql:1:53 'incremental' stands here
        hint: write materialized='incremental', or remove 'meta.incremental'
    `,
  },
  {
    title: 'an ephemeral model with incremental keys is a contradiction',
    files: {
      'models/bad.ff.sql':
        "{{ config(materialized='ephemeral',\n  incremental={'unique_key': 'id'}) }}\nselect 1 as id\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:24 error[incremental-contradiction]: materialized='ephemeral' contradicts 'incremental', which makes the model incremental
        models/bad.ff.sql:2:15 'incremental' stands here
        hint: write materialized='incremental', or remove 'incremental'
    `,
  },
  {
    title: 'delta.sql and delta_config together are a contradiction',
    files: {
      'config/incremental/bad.delta.yml': 'sql: select 1 as id\n',
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id',
                  delta={'sql': 'select 1 as id'},
                  delta_config='config/incremental/bad.delta.yml') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:3:24 error[two-deltas]: 'delta' and 'delta_config' both say what the delta is
        models/bad.ff.sql:2:17 the other one, 'delta'
        hint: keep one of them
    `,
  },
  {
    title: 'a key in config() and in the delta file is a contradiction',
    files: {
      'config/incremental/bad.delta.yml': 'unique_key: id\nsql: select 1 as id\n',
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id',
                  delta_config='config/incremental/bad.delta.yml') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:50 error[key-in-delta-file]: 'unique_key' is set in the model's config and in config/incremental/bad.delta.yml
        config/incremental/bad.delta.yml:1:13 in config/incremental/bad.delta.yml
        hint: keep one of them
    `,
  },
  {
    title: 'a delta_config that is not there is an error with the nearest file',
    files: {
      'config/incremental/orders.delta.yml': 'sql: select 1 as id\n',
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id',
                  delta_config='config/incremental/order.delta.yml') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:24 error[delta-file-missing]: delta_config names 'config/incremental/order.delta.yml', but the project has no such file
        hint: did you mean 'config/incremental/orders.delta.yml'?
    `,
  },
  {
    title: 'a misspelt key under meta.incremental is an error, a free one is not',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='table', meta={'incremental': True, 'uniqe_key': 'id',
                  'owner': 'ada'}) }}
        select 1 as id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:60 error[unknown-key]: unknown key 'uniqe_key'
        hint: did you mean 'unique_key'?
    `,
  },
  {
    title: 'append without a way to tell new rows names the three ways out',
    files: { 'models/bad.ff.sql': "{{ config(materialized='incremental', strategy='append') }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:48 error[append-without-delta]: append model 'bad' has no way to tell new rows: each run would insert all rows again
        hint: set updated_at, or filter the body with is_incremental(), or give a delta (delta={"sql": …})
    `,
  },
  {
    title: 'an incremental model without a key names the four ways out',
    files: { 'models/bad.ff.sql': "{{ config(materialized='incremental') }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:24 error[append-without-delta]: incremental model 'bad' has no unique_key and no way to tell new rows: each run would insert all rows again
        hint: set unique_key to merge rows by it; to append them, set updated_at, or filter the body with is_incremental(), or give a delta (delta={"sql": …})
    `,
  },
  {
    title: 'merge without a key is an error',
    files: { 'models/bad.ff.sql': "{{ config(materialized='incremental', strategy='merge') }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:48 error[strategy-needs]: strategy 'merge' needs unique_key
        hint: set unique_key in the model's config
    `,
  },
  {
    title: 'an unknown strategy is an error with the nearest one',
    files: {
      'models/bad.ff.sql':
        "{{ config(materialized='incremental', strategy='merg', unique_key='id') }}\nselect 1 as id\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:48 error[wrong-value]: 'strategy' must be one of merge, append, delete+insert, insert_overwrite, time_range, snapshot_date, scd3, cdc, scd2, microbatch, scd1, timestamp, check, not 'merg'
        hint: did you mean 'merge'?
    `,
  },
  {
    title: 'a lookback that is no duration is an error at the value',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', updated_at='at',
                  lookback='3 fortnights') }}
        select 1 as id, now() as at
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:20 error[wrong-value]: 'lookback' must be a number or a duration such as '3 days', not '3 fortnights'
    `,
  },
  {
    title: 'on_duplicate_keys=latest without updated_at is an error',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', on_duplicate_keys='latest') }}
        select 1 as id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:74 error[latest-needs-updated-at]: on_duplicate_keys='latest' needs updated_at to tell which row is the newest
        hint: set updated_at, or on_duplicate_keys='any' to keep some row
    `,
  },
  {
    title: 'an unfinished delta expression is an error inside the string of config()',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', delta={'sql': "select 1 as id
            from {{ ref('stg_orders') " }) }}
        select 1 as id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:10 error[unclosed-expression]: '{{' is not closed
        models/bad.ff.sql:2:31 the template ends here
        hint: add '}}'
    `,
  },
  {
    title: 'an unknown name in an inline delta is an error at its place in the string',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', delta={'sql': "
            select 1 as id
            from {{ ref('stg_orderz') }} where {{ nix }} " }) }}
        select 1 as id
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.sql:3:43 error[unknown-name]: 'nix' is not defined
        hint: a text needs quotes: 'nix'; a variable is set first: {% set nix = … %}
    `,
  },
]
