import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Attachments, Column, RelationState } from '../../src/adapters/index.js'
import { relationName } from '../../src/core/index.js'
import { builtRelations, columnKey, planRun, warehouseState } from '../../src/plan/index.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { compileFolder } from '../support/stage-runner.js'
import { columnsOf, dialects, type GoldenDialect } from './dialects.js'
import { planText } from './plan-text.js'

const select = "select id, v, t from {{ source('raw', 'src') }}"
const merge = "materialized='incremental', unique_key='id', updated_at='t'"
interface Golden {
  readonly config: string
  readonly body?: string
  /** Columns of the table that is there; undefined: nothing is. */
  readonly present?: readonly Column[]
  readonly kind?: 'view'
  /** Columns of the delta, when they are not the usual ones. */
  readonly delta?: readonly Column[]
  readonly watermark?: string
  readonly fullRefresh?: boolean
  /** Something that cannot be made again reads the table that is there; on engines where that holds it. */
  readonly isHeld?: boolean
}

function plansOf(dialect: GoldenDialect): Readonly<Record<string, Golden>> {
  const { all: columns, id, v, t, gone, added, wideId } = columnsOf(dialect)
  const table = { present: columns, watermark: '2024-01-02 03:04:05.678901' }
  return {
    view: { config: "materialized='view'" },
    'view over a table': { config: "materialized='view'", present: columns },
    table: { config: "materialized='table'", present: columns },
    'first run': { config: merge },
    'first run without a key': { config: "materialized='incremental', updated_at='t'" },
    'first run with watermark()': { config: merge, body: `${select} where t >= {{ watermark('t') }}` },
    'full refresh': { config: merge, ...table, fullRefresh: true },
    'incremental over a view': { config: merge, present: columns, kind: 'view' },
    'merge, whole SELECT': { config: merge, ...table },
    'merge, watermark with lookback': { config: `${merge}, delta={'watermark': 't'}, lookback='3 days'`, ...table },
    'merge, delta SQL': { config: `${merge}, delta={'sql': "${select} where t > {{ watermark('t') }};"}`, ...table },
    'merge, body': {
      config: merge,
      body: `${select}{% if is_incremental() %} where t > (select max(t) from {{ this }}){% endif %} -- end`,
      ...table,
    },
    'merge without updated_at, NULL keys match': {
      config: "materialized='incremental', unique_key=['id', 'v'], on_null_keys='match'",
      present: columns,
    },
    'merge, NULL keys dropped, any duplicate': {
      config: `${merge}, on_null_keys='drop', on_duplicate_keys='any'`,
      ...table,
    },
    'merge, duplicate rows written down': { config: `${merge}, duplicate_rows='quarantine'`, ...table },
    'merge, schema change': {
      config: `${merge}, on_schema_change='append_new_columns'`,
      ...table,
      present: [id, t, gone],
      delta: [wideId, t, v],
    },
    'merge, synchronised columns': {
      config: `${merge}, on_schema_change='sync_all_columns'`,
      ...table,
      present: [id, t, gone],
    },
    'merge, refused schema change': { config: merge, ...table, delta: [id, t] },
    'merge with hooks': { config: `${merge}, pre_hook='select 1', post_hook=['select 2', 'select 3']`, ...table },
    append: { config: "materialized='incremental', strategy='append', updated_at='t'", ...table },
    'append, new column': {
      config: "materialized='incremental', strategy='append', updated_at='t', on_schema_change='append_new_columns'",
      ...table,
      delta: [...columns, added],
    },
    'append by key': {
      config: "materialized='incremental', strategy='append', unique_key='id', updated_at='t'",
      ...table,
    },
    'append, body without updated_at': {
      config: "materialized='incremental', strategy='append'",
      body: `${select}{% if is_incremental() %} where t > (select max(t) from {{ this }}){% endif %}`,
      present: columns,
    },
    'delete+insert': {
      config: "materialized='incremental', strategy='delete+insert', unique_key='id'",
      present: columns,
    },
    ...limitedPlans(dialect),
    ...(dialect.attachments === undefined
      ? {}
      : {
          'table over a table, with what hangs at it': { config: "materialized='table'", present: columns },
          'table that is held': { config: "materialized='table'", present: columns, isHeld: true },
        }),
    'delete+insert, a column left': {
      config: "materialized='incremental', strategy='delete+insert', unique_key='id', on_schema_change='ignore'",
      present: columns,
      delta: [id, t],
    },
  }
}

/** Plans of strategies and options that change less than all, or more. */
function limitedPlans(dialect: GoldenDialect): Readonly<Record<string, Golden>> {
  const { all: columns, id, v, t, wideId } = columnsOf(dialect)
  const table = { present: columns, watermark: '2024-01-02 03:04:05.678901' }
  const before = { name: 'old_v', type: v.type }
  const partitions = "materialized='incremental', strategy='insert_overwrite', partition_by=['t', 'v']"
  const remember = `${merge}, strategy='scd3', history_columns={'v': 'old_v'}`
  const versions = "materialized='incremental', strategy='scd2', unique_key='id', updated_at='t'"
  const validity = ['valid_from', 'valid_to', 'is_current'].map((name) => ({ name, type: t.type }))
  const events = "materialized='incremental', strategy='cdc', unique_key='id', cdc={'op': 'v', 'sequence': 't'}"
  const stored = [
    { name: '_fft_seq', type: t.type },
    { name: '_fft_op', type: v.type },
    { name: '_fft_deleted', type: 'boolean' },
  ]
  const gone = "v = 'gone' -- by hand"
  return {
    insert_overwrite: { config: partitions, present: columns },
    'insert_overwrite, first run': { config: partitions },
    snapshot_date: {
      config: partitions.replace('insert_overwrite', 'snapshot_date').replace(", 'v'", ''),
      present: columns,
    },
    'snapshot_date, full refresh passed over': {
      config: "materialized='incremental', strategy='snapshot_date', partition_by='t'",
      present: columns,
      fullRefresh: true,
    },
    scd3: { config: remember, ...table, present: [...columns, before] },
    'scd3, first run': { config: remember },
    'scd3, a column that widens': {
      config: "materialized='incremental', unique_key='v', history_columns={'ID': 'old_id'}, on_schema_change='ignore'",
      present: [...columns, { name: 'old_id', type: id.type }],
      delta: [wideId, v, t],
    },
    scd2: { config: versions, ...table, present: [...columns, ...validity] },
    'scd2, first run': { config: versions },
    'scd2, by values, deletions told by rows': {
      config:
        "materialized='snapshot', strategy='check', unique_key='id', check_cols=['v'], hard_deletes='new_record', history_names='default', views=True",
      present: [...columns, ...validity],
    },
    cdc: { config: events, present: [...columns.filter(({ name }) => name !== 'v'), ...stored], delta: columns },
    'cdc, first run': { config: events },
    'merge, predicates': {
      config: `${merge}, predicates=['DBT_INTERNAL_DEST.t > delta.t', "delta.v <> 'target.v'"]`,
      ...table,
    },
    'delete+insert, predicates': {
      config: "materialized='incremental', strategy='delete+insert', unique_key='id', predicates='target.t > delta.t'",
      present: columns,
    },
    'merge, update columns': { config: `${merge}, update_columns=['v']`, ...table },
    'merge, update when': { config: `${merge}, update_when='delta.t > target.t', exclude_columns=['t']`, ...table },
    'merge, flagged deletions': { config: `${merge}, deletes={'when': "${gone}"}, delta={'watermark': 't'}`, ...table },
    'merge, flagged deletions, first run': { config: `${merge}, deletes={'when': "${gone}"}` },
    'merge, missing keys deleted': { config: `${merge}, deletes={'missing': True}`, ...table },
  }
}

describe.each(dialects)('the plan on $engine', (dialect) => {
  let folder: ProjectFolder
  beforeAll(async () => {
    folder = await projectFolder(dialect.profile)
    await folder.write({ 'sources.yml': 'version: 2\nsources: [{name: raw, schema: raw, tables: [{name: src}]}]\n' })
  })
  afterAll(() => folder.end())

  test.each(Object.entries(plansOf(dialect)))('%s', async (name, golden) => {
    const { config, body = select, delta = columnsOf(dialect).all } = golden
    await folder.write({ 'models/m.ff.sql': `{{ config(${config}) }}\n${body}\n` })
    const { plan, commits } = await planOf(folder.dir, golden, dialect)
    const text = planText(plan, delta, commits)
    const file = `${dialect.engine}/${name.replaceAll(/[^A-Za-z0-9+]+/g, '-').replace(/-$/, '')}.sql`
    await expect(text).toMatchFileSnapshot(file)
  })

  // A file that no plan has made is nobody's any more.
  test('every file is made by a plan', async () => {
    const names = Object.keys(plansOf(dialect)).map((name) => name.replaceAll(/[^A-Za-z0-9+]+/g, '-').replace(/-$/, ''))
    const files = await readdir(fileURLToPath(new URL(dialect.engine, import.meta.url)))
    expect(files.sort()).toEqual(names.map((name) => `${name}.sql`).sort())
  })
})

const stateSchema = { schema: '_fft' }

async function planOf(dir: string, golden: Golden, { schema, attachments, ...engine }: GoldenDialect) {
  const { present, kind, watermark, fullRefresh = false, isHeld = false } = golden
  const { graph, manifest, ids } = await compileFolder(dir)
  const { dialect } = graph.adapter
  const columns = columnsOf({ schema, ...engine }).all
  const relation = { schema, identifier: 'm' }
  const facts: RelationState[] = [
    { relation: { schema: 'raw', identifier: 'src' }, kind: 'table', columns, uniqueKeys: [] },
    ...(present === undefined
      ? []
      : [
          {
            relation,
            kind: kind ?? 'table',
            columns: present,
            uniqueKeys: [],
            ...hanging(attachments, isHeld),
          } as const,
        ]),
    ...(watermark === undefined
      ? []
      : [
          {
            relation: { ...stateSchema, identifier: 'watermarks' },
            kind: 'table',
            columns: [],
            uniqueKeys: [],
          } as const,
        ]),
  ]
  const state = warehouseState(
    {
      relations: facts,
      watermarks:
        watermark === undefined
          ? []
          : [[relationName(relation), 'm', 't', watermark, 'run-0', 'run', '2024-01-01T00:00:00.000Z']],
      maxima: new Map([[columnKey(relation, 't'), { value: watermark ?? null, ahead: false }]]),
    },
    dialect,
  )
  const { plan, diagnostics } = planRun({
    manifest,
    ids,
    state,
    dialect,
    stateSchema,
    flags: { fullRefresh, named: new Set(), backfillColumns: false, asked: {}, batches: false },
    runId: 'run-1',
    runTag: '0123abcd',
    now: '2024-02-03T04:05:06.000Z',
    builds: builtRelations(ids, manifest),
  })
  expect(diagnostics).toEqual([])
  return { plan, commits: dialect.commits.by }
}

function hanging(attachments: Attachments | undefined, isHeld: boolean) {
  if (attachments === undefined) return {}
  const blockers = isHeld ? ['materialized view lab.held'] : []
  return { attachments: { ...attachments, blockers } }
}
