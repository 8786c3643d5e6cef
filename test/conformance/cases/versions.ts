import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, name, updated_at from {{ source('raw', 'src') }}"
const keyed = "materialized='incremental', strategy='scd2', unique_key='id'"
const timed = `${keyed}, updated_at='updated_at'`
const checked = `${keyed}, check_cols=['name']`

const first = ["1, 'a', timestamp '2024-01-01 00:00:00'", "2, 'b', timestamp '2024-01-02 00:00:00'"]
const validity = 'id, name, valid_from, valid_to, is_current'

async function start(lab: Lab, config: string, body = select, rows: readonly string[] = first): Promise<void> {
  await lab.table('src', `id integer, name ${lab.types.text}, updated_at ${lab.types.timestamp}`, rows)
  await lab.model('m', config, body)
}

/** A run whose clock stands at the start of that day of February. */
async function runOn(lab: Lab, day: number, ...flags: readonly string[]) {
  const outcome = await lab.fftAt(`2024-02-0${day}`, 'run', ...flags)
  expect(outcome.code, outcome.stderr).toBe(0)
  const node = outcome.nodes['m']
  if (node === undefined) throw new Error(outcome.stderr)
  return node
}

const day = (number: number, month = 1) => `2024-0${month}-0${number} 00:00:00`

const versioned: readonly Case[] = [
  {
    title: 'scd2: every version of a key is a row, valid from its updated_at to the next one; a rerun changes nothing',
    run: async (lab) => {
      await start(lab, timed)
      expectCounts(await lab.good('m'), 2)
      expect(await lab.columns('m')).toEqual(['id', 'name', 'updated_at', 'valid_from', 'valid_to', 'is_current'])
      const created = await lab.rows('m', validity)
      expect(created).toEqual([
        ['1', 'a', day(1), null, 'true'],
        ['2', 'b', day(2), null, 'true'],
      ])
      expectCounts(await lab.good('m'), 0)
      expect(await lab.rows('m', validity)).toEqual(created)
      await lab.sql(`update {src} set name = 'A', updated_at = timestamp '${day(5)}' where id = 1`)
      await lab.add('src', `3, 'c', timestamp '${day(4)}'`, `1, 'aa', timestamp '${day(7)}'`)
      // Two versions of 1 in one delta, one new key; what was open ends.
      expectCounts(await lab.good('m'), 3, 1)
      expect(await lab.rows('m', validity)).toEqual([
        ['1', 'A', day(5), day(7), 'false'],
        ['1', 'a', day(1), day(5), 'false'],
        ['1', 'aa', day(7), null, 'true'],
        ['2', 'b', day(2), null, 'true'],
        ['3', 'c', day(4), null, 'true'],
      ])
      expectCounts(await lab.good('m'), 0)
      expect(await lab.leftovers()).toEqual([])
      expect(await lab.state()).toEqual([`m updated_at ${day(7)}`])
    },
  },
  {
    title: 'scd2: a version that comes late is placed where it belongs, and a newer updated_at alone is a version',
    run: async (lab) => {
      await start(lab, timed, select, [`1, 'a', timestamp '${day(1)}'`])
      await lab.good('m')
      await lab.sql(`update {src} set updated_at = timestamp '${day(5)}'`)
      expectCounts(await lab.good('m'), 1, 1)
      await lab.sql(`update {src} set name = 'late', updated_at = timestamp '${day(3)}'`)
      expectCounts(await lab.good('m'), 1, 1)
      expect(await lab.rows('m', validity)).toEqual([
        ['1', 'a', day(1), day(3), 'false'],
        ['1', 'a', day(5), null, 'true'],
        ['1', 'late', day(3), day(5), 'false'],
      ])
    },
  },
  {
    title: 'scd2: of two rows of one instant the later delta has the last word; an empty delta changes nothing',
    run: async (lab) => {
      await start(lab, timed)
      await lab.good('m')
      await lab.sql(`update {src} set name = 'corrected' where id = 1`)
      expectCounts(await lab.good('m'), 0, 1)
      await lab.sql('delete from {src}')
      expectCounts(await lab.good('m'), 0)
      expect(await lab.rows('m', validity)).toEqual([
        ['1', 'corrected', day(1), null, 'true'],
        ['2', 'b', day(2), null, 'true'],
      ])
    },
  },
  {
    title: 'scd2 by check_cols: only a change of those columns is a version, from the start of the run on',
    run: async (lab) => {
      await start(lab, checked)
      expectCounts(await runOn(lab, 1), 2)
      await lab.sql(`update {src} set updated_at = timestamp '${day(9)}' where id = 1`)
      expectCounts(await runOn(lab, 2), 0)
      await lab.sql('update {src} set name = null where id = 2')
      expectCounts(await runOn(lab, 3), 1, 1)
      expectCounts(await runOn(lab, 4), 0)
      expect(await lab.rows('m', validity)).toEqual([
        ['1', 'a', day(1, 2), null, 'true'],
        ['2', 'b', day(1, 2), day(3, 2), 'false'],
        ['2', null, day(3, 2), null, 'true'],
      ])
    },
  },
  {
    title: "scd2 with hard_deletes='close': a key that is gone ends, and begins again when it comes back",
    run: async (lab) => {
      await start(lab, `${timed}, hard_deletes='close'`)
      await runOn(lab, 1)
      await lab.sql('delete from {src} where id = 1')
      expectCounts(await runOn(lab, 2), 0, 1)
      expectCounts(await runOn(lab, 3), 0)
      await lab.add('src', first[0] ?? '')
      expectCounts(await runOn(lab, 4), 1)
      expectCounts(await runOn(lab, 5), 0)
      expect(await lab.rows('m', validity)).toEqual([
        ['1', 'a', day(1), day(2, 2), 'false'],
        ['1', 'a', day(4, 2), null, 'true'],
        ['2', 'b', day(2), null, 'true'],
      ])
    },
  },
  {
    title: "scd2 with hard_deletes='new_record': a row with the last values says that the key is gone",
    run: async (lab) => {
      await start(lab, `${checked}, hard_deletes='new_record'`)
      await runOn(lab, 1)
      await lab.sql('delete from {src} where id = 1')
      expectCounts(await runOn(lab, 2), 1, 1)
      expectCounts(await runOn(lab, 3), 0)
      await lab.add('src', "1, 'again', null")
      expectCounts(await runOn(lab, 4), 1, 1)
      expect(await lab.rows('m', `${validity}, is_deleted`)).toEqual([
        ['1', 'a', day(1, 2), day(2, 2), 'false', 'false'],
        ['1', 'a', day(2, 2), day(4, 2), 'false', 'true'],
        ['1', 'again', day(4, 2), null, 'true', 'false'],
        ['2', 'b', day(1, 2), null, 'true', 'false'],
      ])
    },
  },
  {
    title: 'scd2: a filtered delta keeps the versions of other keys',
    run: async (lab) => {
      await start(lab, `${timed}, delta={'watermark': 'updated_at'}`)
      await lab.good('m')
      await lab.sql(`update {src} set name = 'B', updated_at = timestamp '${day(5)}' where id = 2`)
      expectCounts(await lab.good('m'), 1, 1)
      expect(await lab.rows('m', 'id, name, is_current')).toEqual([
        ['1', 'a', 'true'],
        ['2', 'B', 'true'],
        ['2', 'b', 'false'],
      ])
    },
  },
  {
    title:
      'scd2: equal rows collapse, two rows of one instant that differ are refused, and so is one without updated_at',
    run: async (lab) => {
      await start(lab, timed)
      await lab.add('src', first[0] ?? '')
      expectCounts(await lab.good('m'), 2)
      await lab.add('src', `1, 'other', timestamp '${day(1)}'`)
      await lab.bad('m', 'duplicate-key')
      await lab.sql("delete from {src} where name = 'other'")
      await lab.add('src', "3, 'never', null")
      await lab.bad('m', 'null-updated-at')
      await lab.sql('delete from {src} where id = 3')
      await lab.add('src', `null, 'nobody', timestamp '${day(3)}'`)
      await lab.bad('m', 'null-key')
      expect(await lab.rows('m', 'id, name')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
      ])
    },
  },
  {
    title: 'scd2: NULL is a key like any other when it may match',
    run: async (lab) => {
      await start(lab, `${timed}, on_null_keys='match'`, select, [`null, 'a', timestamp '${day(1)}'`])
      await lab.good('m')
      await lab.sql(`update {src} set name = 'b', updated_at = timestamp '${day(2)}'`)
      expectCounts(await lab.good('m'), 1, 1)
      expectCounts(await lab.good('m'), 0)
      expect(await lab.rows('m', validity)).toEqual([
        [null, 'a', day(1), day(2), 'false'],
        [null, 'b', day(2), null, 'true'],
      ])
    },
  },
  {
    title: 'scd2: columns come and go by on_schema_change; those of the history are none of the SELECT',
    run: async (lab) => {
      await start(lab, `${timed}, on_schema_change='append_new_columns'`)
      await lab.good('m')
      await lab.model('m', `${timed}, on_schema_change='append_new_columns'`, select.replace('name,', "'x' as more,"))
      await lab.sql(`update {src} set updated_at = timestamp '${day(5)}' where id = 1`)
      // The delta's word on the instant of 2 has a column more; what left the SELECT stays in rows that are there.
      expectCounts(await lab.good('m'), 1, 2)
      expect(await lab.rows('m', 'id, name, more, valid_from, valid_to')).toEqual([
        ['1', 'a', null, day(1), day(5)],
        ['1', null, 'x', day(5), null],
        ['2', 'b', 'x', day(2), null],
      ])
      await lab.model('m', timed, select.replace('name,', 'name, id as valid_to,'))
      await lab.bad('m', 'history-column-selected')
    },
  },
  {
    title: 'scd2 with views: what is valid now, and the history in which equal neighbours are one',
    run: async (lab) => {
      await start(lab, `${timed}, views=True, hard_deletes='close'`, select.replace('id, ', 'id, id as same, '))
      await runOn(lab, 1)
      await lab.sql(`update {src} set updated_at = timestamp '${day(5)}' where id = 1`)
      await runOn(lab, 2)
      await lab.sql(`update {src} set name = 'A', updated_at = timestamp '${day(7)}' where id = 1`)
      await lab.sql('delete from {src} where id = 2')
      await runOn(lab, 3)
      expect(await lab.rows('m__current', 'id, name, valid_from')).toEqual([['1', 'A', day(7)]])
      expect(await lab.rows('m__history', validity)).toEqual([
        ['1', 'A', day(7), null, 'true'],
        ['1', 'a', day(1), day(7), 'false'],
        ['2', 'b', day(2), day(3, 2), 'false'],
      ])
      expect(await lab.kind('m__history')).toBe('view')
      await lab.model('then', "materialized='view'", "select id, name from {{ ff_as_of(ref('m'), '2024-01-06') }} as m")
      await lab.good('then')
      expect(await lab.rows('then')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
      ])
      expect(await lab.columns('m__history')).toEqual(await lab.columns('m'))
    },
  },
  {
    title: 'scd2 by a number: versions are in its order, and deletions, which need a time, are refused',
    run: async (lab) => {
      await lab.table('src', 'id integer, seq integer', ['1, 10', '2, 10'])
      const config = `${keyed}, updated_at='seq'`
      await lab.model('m', config, "select id, seq from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.sql('update {src} set seq = 20 where id = 1')
      expectCounts(await lab.good('m'), 1, 1)
      expect(await lab.rows('m', 'id, valid_from, valid_to')).toEqual([
        ['1', '10', '20'],
        ['1', '20', null],
        ['2', '10', null],
      ])
      await lab.model('m', `${config}, hard_deletes='close'`, "select id, seq from {{ source('raw', 'src') }}")
      await lab.bad('m', 'deletions-need-time')
    },
  },
  {
    title: 'a table that is no history is refused, and --full-refresh passes a history over',
    run: async (lab) => {
      await start(lab, "materialized='table'")
      await lab.good('m')
      await lab.model('m', timed, select)
      await lab.bad('m', 'no-history')
      await lab.sql('drop table {m}')
      await lab.good('m')
      await lab.sql('delete from {src} where id = 1')
      expectCounts(await lab.good('m', '--full-refresh'), 0)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2']])
      const named = await lab.run('--full-refresh', '--select', 'm')
      expect(named.code).toBe(2)
    },
  },
]

const snapshots: readonly Case[] = [
  {
    title: "materialized='snapshot' is a history with names of its own, which run builds",
    run: async (lab) => {
      await start(lab, "materialized='snapshot', strategy='timestamp', unique_key='id', updated_at='updated_at'")
      expectCounts(await lab.good('m'), 2)
      await lab.sql(`update {src} set name = 'A', updated_at = timestamp '${day(5)}' where id = 1`)
      expectCounts(await lab.good('m'), 1, 1)
      expect(await lab.rows('m', 'id, name, _ff_valid_from, _ff_valid_to, _ff_is_current, _ff_updated_at')).toEqual([
        ['1', 'A', day(5), null, 'true', day(5)],
        ['1', 'a', day(1), day(5), 'false', day(1)],
        ['2', 'b', day(2), null, 'true', day(2)],
      ])
      const { stdout } = await lab.fft('ls', '--select', 'type:snapshot')
      expect(stdout.trim()).toMatch(/\.m$/)
    },
  },
  {
    title: 'a snapshot with the names of dbt has an id for each version',
    run: async (lab) => {
      const config = "materialized='snapshot', strategy='check', unique_key='id', check_cols='all', history_names='dbt'"
      await start(lab, config)
      await runOn(lab, 1)
      await lab.sql(`update {src} set name = 'A' where id = 1`)
      expectCounts(await runOn(lab, 2), 1, 1)
      expect(await lab.rows('m', 'id, name, dbt_valid_from, dbt_valid_to, dbt_updated_at')).toEqual([
        ['1', 'A', day(2, 2), null, day(2, 2)],
        ['1', 'a', day(1, 2), day(2, 2), day(1, 2)],
        ['2', 'b', day(1, 2), null, day(1, 2)],
      ])
      const ids = await lab.rows('m', 'dbt_scd_id')
      expect(new Set(ids.map(([id]) => id)).size).toBe(3)
    },
  },
  {
    title: 'snapshot builds snapshots alone; --prune --keep-last deletes the oldest versions of each key',
    run: async (lab) => {
      await start(lab, "materialized='snapshot', strategy='timestamp', unique_key='id', updated_at='updated_at'")
      await lab.model('other', "materialized='table'", 'select 1 as one')
      for (const version of [3, 5, 7]) {
        const outcome = await lab.fft('snapshot')
        expect(outcome.code, outcome.stderr).toBe(0)
        expect(Object.keys(outcome.nodes)).toEqual(['m'])
        await lab.sql(`update {src} set updated_at = timestamp '${day(version)}' where id = 1`)
      }
      const outcome = await lab.fft('snapshot', 'run', '--prune', '--keep-last', '2')
      expect(outcome.code, outcome.stderr).toBe(0)
      expect(await lab.rows('m', 'id, _ff_valid_from, _ff_is_current')).toEqual([
        ['1', day(5), 'false'],
        ['1', day(7), 'true'],
        ['2', day(2), 'true'],
      ])
    },
  },
  {
    title: "dbt's snapshots, as blocks and in YAML, have dbt's names; snapshot and build build them, run does not",
    run: async (lab) => {
      await lab.table('src', `id integer, name ${lab.types.text}, updated_at ${lab.types.timestamp}`, first)
      await lab.folder.write({
        'snapshots/told.yml': `version: 2
snapshots:
  - name: told
    relation: source('raw', 'src')
    config: {unique_key: id, strategy: check, check_cols: all}
`,
        'snapshots/all.sql': `{# {% snapshot no %} #}
{% snapshot m %}
{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at', invalidate_hard_deletes=True) }}
${select}
{% endsnapshot %}
{% snapshot n %}{{ config(unique_key='id', strategy='check', check_cols=['name']) }}
${select}{% endsnapshot %}
`,
      })
      await lab.model('k', "materialized='table'", "select id, dbt_valid_to from {{ ref('m') }}")
      const built = await lab.fft('build')
      expect(built.code, built.stderr).toBe(0)
      expect(Object.keys(built.nodes).sort()).toEqual(['k', 'm', 'n', 'told'])
      expect(await lab.columns('told')).toContain('dbt_scd_id')
      await lab.sql('delete from {src} where id = 1')
      expect(Object.keys((await lab.run()).nodes)).toEqual(['k'])
      expect((await lab.run('--select', 'm')).code).toBe(2)
      const outcome = await lab.fft('snapshot', '--select', 'm')
      expect(Object.keys(outcome.nodes)).toEqual(['m'])
      expect(await lab.rows('m', 'id, dbt_valid_from, dbt_valid_to is null')).toEqual([
        ['1', day(1), 'false'],
        ['2', day(2), 'true'],
      ])
    },
  },
]

const truths: readonly Case[] = [
  {
    title: 'valid_history finds versions that overlap, leave a gap, last no time or stand beside another open one',
    run: async (lab) => {
      await lab.table('src', `id integer, name ${lab.types.text}, valid_from integer, valid_to integer`)
      await lab.model('m', "materialized='view'", "select * from {{ source('raw', 'src') }}")
      const failures = async (rows: readonly string[], options = '') => {
        await lab.sql('delete from {src}')
        await lab.add('src', ...rows)
        const test = `valid_history: {arguments: {unique_key: [id, name]${options}}}`
        await lab.folder.write({
          'models/m.yml': `version: 2\nmodels:\n  - name: m\n    data_tests:\n      - ${test}\n`,
        })
        const outcome = await lab.fft('test')
        return Object.values(outcome.nodes)[0]?.failures
      }
      await lab.good('m')
      expect(await failures(["1, 'a', 1, 3", "1, 'a', 3, null", "2, 'a', 1, null"])).toBe(0)
      expect(await failures(["1, 'a', 1, 4", "1, 'a', 3, null"])).toBe(1)
      expect(await failures(["1, 'a', 1, 3", "1, 'a', 3, 3", "1, 'a', 4, null"])).not.toBe(0)
      expect(await failures(["1, 'a', 1, null", "1, 'a', 3, null"])).toBe(1)
      const gaps = ["1, 'a', 1, 2", "1, 'a', 3, 5"]
      expect(await failures(gaps)).toBe(2)
      expect(await failures(gaps, ', may_end: true')).toBe(0)
    },
  },
]

const sameRoad = 'the same road as the cases that run'

/** Histories: every version of a key, wherever in time it comes. */
export const versions = [
  ...proving('versions', sparing(versioned, /every version|hard_deletes='close'/, sameRoad)),
  ...proving('versions', sparing(truths, /^$/, sameRoad)),
  ...proving('snapshots', sparing(snapshots, /names of its own/, sameRoad)),
]
