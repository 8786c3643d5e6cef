import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults in what a strategy, a history or change events are told. */
export const strategies: readonly ErrorCase[] = [
  {
    title: 'change events that do not say where they have what are refused at their place, and nothing runs',
    files: {
      'models/b.ff.sql': text`
        {{ config(materialized='incremental', strategy='cdc', unique_key='id',
                  cdc={'format': 'raw', 'op': 'op', 'column': 'payload'}) }}
        select 1 as id, 'c' as op, 1 as seq
      `,
    },
    code: 2,
    nodes: [],
    shown: text`
      models/b.ff.sql:2:15 error[cdc-needs]: change events in the format 'raw' need sequence
        hint: say which columns they are: cdc: {format: 'raw', op: 'op', sequence: 'lsn'}
      models/b.ff.sql:2:15 error[cdc-foreign]: 'column' means nothing to change events in the format 'raw'
        hint: set format: 'debezium' or 'maxwell' for JSON text
    `,
  },
  {
    title: 'an unknown format of change events has the closest one',
    files: {
      'models/c.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', cdc={'format': 'debezum'}) }}
        select 1 as id
      `,
    },
    code: 2,
    nodes: [],
    shown: text`
      models/c.ff.sql:1:71 error[wrong-value]: 'format' must be one of raw, debezium, maxwell, not 'debezum'
        hint: did you mean 'debezium'?
    `,
  },
  {
    title: 'a snapshot block without its end, and a file of the folder without a block, are told at their places',
    files: {
      'snapshots/open.sql': '-- people\n  {% snapshot people %}\nselect 1 as id\n',
      'snapshots/plain.sql': 'select 1 as id\n',
    },
    code: 2,
    nodes: [],
    shown: text`
      snapshots/open.sql:2:3 error[snapshot-block-open]: a snapshot block without its end
        hint: close it with {% endsnapshot %}
      snapshots/plain.sql:1:1 error[snapshot-block-missing]: a file of the snapshots folder without a snapshot block
        hint: put the SELECT between {% snapshot name %} and {% endsnapshot %}; or make it a model with materialized='snapshot'
    `,
  },
  {
    title: 'a history that says too little or what cannot be is refused, all together, and nothing runs',
    files: {
      'models/a.ff.sql': text`
        {{ config(materialized='incremental', strategy='scd2', unique_key='id') }}
        select 1 as id
      `,
      'models/b.ff.sql': text`
        {{ config(materialized='snapshot', strategy='check', unique_key='id') }}
        select 1 as id
      `,
      'models/c.ff.sql': text`
        {{ config(materialized='snapshot', strategy='timestamp', unique_key='id', check_cols='all') }}
        select 1 as id
      `,
      'models/d.ff.sql': text`
        {{ config(materialized='incremental', strategy='scd2', unique_key='id', updated_at='at', hard_deletes='close',
                  delta={'watermark': 'at'}) }}
        select 1 as id, now() as at
      `,
      'models/e.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', check_cols=['a'], views=True) }}
        select 1 as id, 2 as a
      `,
      'models/f.ff.sql': text`
        {{ config(materialized='incremental', strategy='scd2', unique_key='id', updated_at='at',
                  history_names={'since': 'x'}) }}
        select 1 as id, now() as at
      `,
    },
    code: 2,
    nodes: [],
    shown: text`
      models/a.ff.sql:1:48 error[strategy-needs]: strategy 'scd2' needs updated_at or check_cols
        hint: set updated_at or check_cols in the model's config
      models/d.ff.sql:1:103 error[deletions-need-whole]: 'hard_deletes' needs the whole SELECT, but this delta is filtered: keys that it leaves out are not gone
        hint: take the delta or is_incremental() away, or set hard_deletes='ignore'
      models/e.ff.sql:1:67 error[not-of-strategy]: 'check_cols' means nothing to strategy 'merge'
        hint: remove it; it is for scd2
      models/e.ff.sql:1:80 error[not-of-strategy]: 'views' means nothing to strategy 'merge'
        hint: remove it; it is for scd2
      models/f.ff.sql:2:25 error[history-name-unknown]: history_names has no 'since'
        hint: it may have valid_from, valid_to, is_current, updated_at, is_deleted, scd_id, dbt_valid_from, dbt_valid_to, dbt_updated_at, dbt_is_deleted, dbt_scd_id
      models/b.ff.sql:1:45 error[strategy-needs]: strategy 'check' needs check_cols
        hint: set check_cols in the model's config
      models/c.ff.sql:1:45 error[strategy-needs]: strategy 'timestamp' needs updated_at
        hint: set updated_at in the model's config
    `,
  },
  {
    title: 'options that mean nothing to the strategy, and conditions without an alias, are refused at their places',
    files: {
      'models/bad.ff.sql': text`
        {{ config(materialized='incremental', strategy='append', updated_at='at',
                  update_columns=['status'],
                  deletes={'when': 'gone'}) }}
        select 1 as id, now() as at, 'x' as status, false as gone
      `,
      'models/vague.ff.sql': text`
        {{ config(materialized='incremental', unique_key='id', updated_at='at', deletes={'missing': True},
                  predicates=['at > current_date - interval 3 day', "target.at > x.at and delta.id in (1, 2) and source.ok"],
                  update_columns='at', exclude_columns='status',
                  delta={'watermark': 'at'}) }}
        select 1 as id, now() as at, 'x' as status
      `,
    },
    code: 2,
    nodes: [],
    shown: text`
      models/bad.ff.sql:2:26 error[not-of-strategy]: 'update_columns' means nothing to strategy 'append'
        hint: remove it; it is for merge, scd3
      models/bad.ff.sql:3:19 error[not-of-strategy]: 'deletes' means nothing to strategy 'append'
        hint: remove it; it is for merge, scd3
      models/vague.ff.sql:3:48 error[two-column-lists]: 'update_columns' and 'exclude_columns' both say what an update takes over
        hint: keep one of them
      models/vague.ff.sql:1:81 error[missing-with-predicates]: 'deletes: {missing: true}' looks at every row, 'predicates' only at some
        hint: keep one of them
      models/vague.ff.sql:2:22 error[condition-bare-name]: 'at' in 'predicates' could be the table's or the delta's
        hint: write target.at or delta.at
      models/vague.ff.sql:2:22 error[condition-alias]: 'x' in 'predicates' is neither 'target' nor 'delta'
        hint: 'target' is the table, 'delta' the new rows
      models/vague.ff.sql:2:22 error[condition-alias]: 'source' in 'predicates' is neither 'target' nor 'delta'
        hint: 'target' is the table, 'delta' the new rows
    `,
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
    shown: text`
      models/a.ff.sql:1:66 error[full-refresh-refused]: 'a' may not be rebuilt: it is protected
        hint: leave --full-refresh away, exclude it (--exclude a), or change its config
      models/b.ff.sql:1:69 error[full-refresh-refused]: 'b' may not be rebuilt: it sets full_refresh=False
        hint: leave --full-refresh away, exclude it (--exclude b), or change its config
    `,
  },
]
