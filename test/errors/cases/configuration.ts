import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults in `config()`: keys, values, contradictions. */
export const configuration: readonly ErrorCase[] = [
  {
    title: 'an unknown key in config() is an error at the key, with the nearest one',
    files: { 'models/bad.ff.sql': "{{ config(materialised='table') }}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a mistyped value in config() is an error at the value, with the nearest one',
    files: { 'models/bad.ff.sql': "{{ config(materialized='tabel') }}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a value of the wrong type in config() is an error at the value',
    files: { 'models/bad.ff.sql': '{{ config(tags=3,\n          enabled="yes") }}\nselect 1 as id\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'config() with a value but no key is an error',
    files: { 'models/bad.ff.sql': "{{ config('table') }}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
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
    shown: '?',
  },
  {
    title: 'two config() calls with different values for one key show both places',
    files: {
      'models/bad.ff.sql': "{{ config(materialized='table') }}\n{{ config(materialized='view') }}\nselect 1 as id\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a view with incremental keys is a contradiction',
    files: {
      'models/bad.ff.sql': "{{ config(materialized='view', meta={'incremental': True}, unique_key='id') }}\nselect 1 as id\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'an ephemeral model with incremental keys is a contradiction',
    files: {
      'models/bad.ff.sql': "{{ config(materialized='ephemeral',\n  incremental={'unique_key': 'id'}) }}\nselect 1 as id\n",
    },
    code: 2,
    shown: '?',
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
    shown: '?',
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
    shown: '?',
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
    shown: '?',
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
    shown: '?',
  },
  {
    title: 'append without a way to tell new rows names the three ways out',
    files: { 'models/bad.ff.sql': "{{ config(materialized='incremental', strategy='append') }}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an incremental model without a key or updated_at is told the same',
    files: { 'models/bad.ff.sql': "{{ config(materialized='incremental') }}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'merge without a key is an error',
    files: { 'models/bad.ff.sql': "{{ config(materialized='incremental', strategy='merge') }}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown strategy is an error with the nearest one',
    files: {
      'models/bad.ff.sql': "{{ config(materialized='incremental', strategy='merg', unique_key='id') }}\nselect 1 as id\n",
    },
    code: 2,
    shown: '?',
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
    shown: '?',
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
    shown: '?',
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
    shown: '?',
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
    shown: '?',
  },
  {
    title: 'strategies that are not built yet are refused by name, all together, and nothing runs',
    files: {
      'models/a.ff.sql': text`
        {{ config(materialized='incremental', strategy='scd2', unique_key='id', updated_at='at') }}
        select 1 as id, now() as at
      `,
      'models/b.ff.sql': text`
        {{ config(materialized='incremental', strategy='cdc', unique_key='id',
                  cdc={'format': 'raw', 'op': 'op', 'sequence': 'seq'}) }}
        select 1 as id, 'c' as op, 1 as seq
      `,
      'models/c.ff.sql': text`
        {{ config(materialized='incremental', strategy='snapshot_date', partition_by='day') }}
        select 1 as id, current_date as day
      `,
    },
    code: 2,
    nodes: [],
    shown: '?',
  },
  {
    title: "materialized='snapshot' is refused, because it is not built yet",
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='snapshot', strategy='timestamp', unique_key='id', updated_at='at') }}
        select 1 as id, now() as at
      `,
    },
    code: 2,
    nodes: [],
    shown: '?',
  },
  {
    title: 'options of merge that are not built yet are refused by name',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', updated_at='at',
                  late_rows='quarantine',
                  history_columns={'status': 'prev_status'}) }}
        select 1 as id, now() as at, 'x' as status
      `,
    },
    code: 2,
    nodes: [],
    shown: '?',
  },
  {
    title: 'a full refresh of protected models is refused, each of them named, and nothing runs',
    argv: ['run', '--full-refresh'],
    files: {
      'models/a.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', protected=True) }}
        select 1 as id
      `,
      'models/b.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', full_refresh=False) }}
        select 1 as id
      `,
    },
    code: 2,
    nodes: [],
    shown: '?',
  },
]
