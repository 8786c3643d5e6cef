import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const select = "select id, op, lsn, name from {{ source('raw', 'src') }}"
const keyed = "materialized='incremental', strategy='cdc', unique_key='id'"
const raw = `${keyed}, cdc={'format': 'raw', 'op': 'op', 'sequence': 'lsn'}`
const fails = `${keyed}, cdc={'op': 'op', 'sequence': 'lsn', 'on_bad_event': 'fail'}`

const stored = 'id, name, _fft_seq, _fft_op, _fft_deleted'

/** Events `id, op, lsn, name`. */
async function start(lab: Lab, config: string, events: readonly string[], body = select): Promise<void> {
  await lab.table('src', `id integer, op ${lab.types.text}, lsn bigint, name ${lab.types.text}`, events)
  await lab.model('m', config, body)
}

/** The rows that are alive, and how many the storage has. */
async function expectRows(lab: Lab, rows: readonly (readonly (string | null)[])[], inStorage: number): Promise<void> {
  expect(await lab.rows('m', 'id, name')).toEqual(rows)
  expect(await lab.query('select count(*) from {m__cdc}')).toEqual([[String(inStorage)]])
}

async function expectLetters(lab: Lab, letters: readonly (readonly (string | null)[])[]): Promise<void> {
  const table = lab.warehouse.dialect.relation({ schema: lab.database.stateSchema, identifier: 'dead_letters' })
  const mine = `relation like '%${lab.database.schema}%'`
  expect(await lab.query(`select model, reason from ${table} where ${mine}`)).toEqual(letters)
}

const contradicted = 'another event of the key has the same sequence and says something else'
const applied = 'an event of the key and the same sequence was applied, and it said something else'

const rules: readonly Case[] = [
  {
    title:
      'cdc: the last event of each key is applied; the view has the rows that are alive, the table what they come from',
    run: async (lab) => {
      await start(lab, raw, ["1, 'c', 10, 'a'", "1, 'u', 12, 'aa'", "1, 'u', 11, 'between'", "2, 'c', 10, 'b'"])
      expectCounts(await lab.good('m'), 2)
      expect([await lab.kind('m'), await lab.kind('m__cdc')]).toEqual(['view', 'table'])
      expect(await lab.columns('m')).toEqual(['id', 'name'])
      expect(await lab.columns('m__cdc')).toEqual(['id', 'name', '_fft_seq', '_fft_op', '_fft_deleted'])
      expectCounts(await lab.good('m'), 0)
      // `c` on a key that is there updates, `u` on one that is not inserts, `d` on one that is not is remembered.
      await lab.add('src', "1, 'c', 20, 'again'", "2, 'd', 21, null", "3, 'u', 22, 'new'", "4, 'd', 23, null")
      expectCounts(await lab.good('m'), 2, 2)
      expect(await lab.rows('m')).toEqual([
        ['1', 'again'],
        ['3', 'new'],
      ])
      expect(await lab.rows('m__cdc', stored)).toEqual([
        ['1', 'again', '20', 'c', 'false'],
        ['2', null, '21', 'd', 'true'],
        ['3', 'new', '22', 'u', 'false'],
        ['4', null, '23', 'd', 'true'],
      ])
      expectCounts(await lab.good('m'), 0)
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'cdc: what comes late loses to what was applied, a deletion too; a later event brings a key back',
    run: async (lab) => {
      await start(lab, raw, ["1, 'd', 10, null", "2, 'u', 10, 'b'"])
      expectCounts(await lab.good('m'), 2)
      await lab.table('src', `id integer, op ${lab.types.text}, lsn bigint, name ${lab.types.text}`, [
        "1, 'u', 9, 'late'",
        "2, 'd', 8, null",
      ])
      expectCounts(await lab.good('m'), 0)
      await expectRows(lab, [['2', 'b']], 2)
      await lab.add('src', "1, 'c', 11, 'back'")
      expectCounts(await lab.good('m'), 0, 1)
      await expectRows(
        lab,
        [
          ['1', 'back'],
          ['2', 'b'],
        ],
        2,
      )
    },
  },
  {
    title:
      'cdc: a row that was only read gives way to every change, before or after it; an empty delta changes nothing',
    run: async (lab) => {
      await start(lab, raw, ["1, 'r', 50, 'read'", "2, 'u', 5, 'changed'", "2, 'r', 50, 'read'", "3, 'r', 50, 'read'"])
      expectCounts(await lab.good('m'), 3)
      await lab.sql('delete from {src}')
      expectCounts(await lab.good('m'), 0)
      await lab.add('src', "1, 'u', 4, 'older change'", "3, 'r', 60, 'read again'")
      expectCounts(await lab.good('m'), 0, 2)
      expect(await lab.rows('m')).toEqual([
        ['1', 'older change'],
        ['2', 'changed'],
        ['3', 'read again'],
      ])
    },
  },
  {
    title: 'cdc: operations are I, U and D in any letter case, too; columns may stand in any order',
    run: async (lab) => {
      await start(lab, raw, ["1, 'I', 1, 'a'", "2, 'i', 1, 'b'", "3, 'C', 1, 'c'"])
      await lab.good('m')
      await lab.add('src', "1, 'U', 2, 'A'", "2, 'D', 2, null")
      await lab.model('m', raw, "select name, lsn, op, id from {{ source('raw', 'src') }}")
      expectCounts(await lab.good('m'), 0, 2)
      expect(await lab.rows('m__cdc', 'id, name, _fft_op')).toEqual([
        ['1', 'A', 'u'],
        ['2', null, 'd'],
        ['3', 'c', 'c'],
      ])
    },
  },
  {
    title: 'cdc: several columns of a sequence are compared as a tuple',
    run: async (lab) => {
      const config = `${keyed}, cdc={'op': 'op', 'sequence': ['lsn', 'n']}`
      await lab.table('src', `id integer, op ${lab.types.text}, lsn bigint, n integer, name ${lab.types.text}`, [
        "1, 'c', 10, 2, 'second'",
        "1, 'u', 10, 10, 'tenth'",
        "1, 'u', 9, 99, 'before'",
      ])
      await lab.model('m', config, "select * from {{ source('raw', 'src') }}")
      await lab.good('m')
      expect(await lab.rows('m__cdc', 'id, name, _fft_seq, _fft_seq_2')).toEqual([['1', 'tenth', '10', '10']])
      await lab.add('src', "1, 'u', 10, 9, 'ninth'")
      expectCounts(await lab.good('m'), 0)
      await lab.add('src', "1, 'u', 11, 0, 'eleven'")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.columns('m')).toEqual(['id', 'name'])
    },
  },
  {
    title: 'cdc: an event that is there twice counts once',
    run: async (lab) => {
      await start(lab, raw, ["1, 'c', 1, 'a'", "1, 'c', 1, 'a'", "2, 'c', 1, 'b'"])
      const first = await lab.good('m')
      expect([first.rows_affected, first.counts?.['duplicates']]).toEqual([2, 1])
      await lab.add('src', "2, 'u', 2, 'B'", "2, 'u', 2, 'B'", "2, 'u', 2, 'B'")
      const second = await lab.good('m')
      expect([second.rows_affected, second.counts?.['duplicates']]).toEqual([1, 3])
    },
  },
  {
    title: 'cdc: watermark() of the sequence filters the events',
    run: async (lab) => {
      const body = `${select} where lsn > {{ watermark('lsn') }}`
      await start(lab, raw, ["1, 'c', 10, 'a'", "2, 'c', 11, 'b'"], body)
      expectCounts(await lab.good('m'), 2)
      expect(await lab.state()).toEqual(['m lsn 11'])
      await lab.add('src', "1, 'u', 9, 'filtered'", "2, 'u', 12, 'B'")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.state()).toEqual(['m lsn 12'])
      expect((await lab.fft('state', 'set', 'm', 'lsn=11')).code).toBe(0)
      expect(await lab.state()).toEqual(['m lsn 11'])
      await lab.fft('state', 'reset', 'm', '--yes')
      expectCounts(await lab.good('m'), 0)
    },
  },
]

const bad: readonly Case[] = [
  {
    title: 'cdc: events without operation or sequence, and those that contradict others, are dead letters, each once',
    run: async (lab) => {
      await start(lab, raw, ["1, 'c', 1, 'a'", "2, 'x', 1, 'b'", "3, null, 1, 'c'", "4, 'c', null, 'd'"])
      await lab.add('src', "5, 'c', 1, 'one'", "5, 'c', 1, 'two'")
      expectCounts(await lab.good('m'), 1)
      const letters = [
        ['m', contradicted],
        ['m', contradicted],
        ['m', 'no operation: op is NULL'],
        ['m', 'no sequence: lsn is NULL'],
        ['m', 'unknown operation: x'],
      ]
      await expectLetters(lab, letters)
      expectCounts(await lab.good('m'), 0)
      await expectLetters(lab, letters)
      // What comes again is not blamed for what contradicts it.
      await lab.add('src', "1, 'u', 1, 'other'", "1, 'd', 1, null")
      expectCounts(await lab.good('m'), 0)
      await expectLetters(lab, [['m', applied], ['m', applied], ...letters])
      await expectRows(lab, [['1', 'a']], 1)
    },
  },
  {
    title: 'cdc: on_bad_event=fail refuses them, and nothing is applied',
    run: async (lab) => {
      await start(lab, fails, ["1, 'c', 1, 'a'"])
      await lab.good('m')
      await lab.add('src', "1, 'u', 2, 'A'", "2, 'x', 1, 'b'")
      await lab.bad('m', 'bad-event')
      await expectRows(lab, [['1', 'a']], 1)
      await lab.sql("delete from {src} where op = 'x'")
      expectCounts(await lab.good('m'), 0, 1)
      await lab.add('src', "1, 'u', 2, 'contradiction'")
      await lab.bad('m', 'bad-event')
      await expectRows(lab, [['1', 'A']], 1)
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'cdc: an event without a key is refused, matched or dropped, on a first run as well',
    run: async (lab) => {
      await start(lab, raw, ["1, 'c', 1, 'a'", "null, 'c', 1, 'none'"])
      await lab.bad('m', 'null-key')
      await lab.model('m', `${raw}, on_null_keys='drop'`, select)
      await lab.good('m')
      await expectRows(lab, [['1', 'a']], 1)
      await lab.model('m', `${raw}, on_null_keys='match'`, select)
      expectCounts(await lab.good('m'), 1)
      await lab.add('src', "null, 'u', 2, 'changed'")
      expectCounts(await lab.good('m'), 0, 1)
      await expectRows(
        lab,
        [
          ['1', 'a'],
          [null, 'changed'],
        ],
        2,
      )
      await lab.model('m', raw, select)
      await lab.bad('m', 'null-key')
    },
  },
  {
    title: 'cdc: a configuration without its columns, or with columns that are not there, is refused',
    run: async (lab) => {
      await start(lab, `${keyed}, cdc={'op': 'op'}`, ["1, 'c', 1, 'a'"])
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code }) => code)]).toEqual([2, ['cdc-needs']])
      await lab.model('m', "materialized='incremental', strategy='cdc', cdc={'op': 'op', 'sequence': 'lsn'}", select)
      const keyless = await lab.run()
      expect([keyless.code, keyless.faults.map(({ code }) => code)]).toEqual([2, ['strategy-needs']])
      await lab.model('m', `${keyed}, cdc={'op': 'opp', 'sequence': 'lsn'}`, select)
      await lab.bad('m', 'column-missing')
      await lab.model('m', `${keyed}, cdc={'op': 'op', 'sequence': 'id'}`, select)
      await lab.bad('m', 'event-key')
      await lab.model('m', raw, `select id, op, lsn, name as _fft_op from {{ source('raw', 'src') }}`)
      await lab.bad('m', 'event-column-selected')
      expect(await lab.kind('m__cdc')).toBeUndefined()
    },
  },
]

const changes: readonly Case[] = [
  {
    title: 'cdc: a column that came or went, in every mode; the view follows',
    run: async (lab) => {
      await start(lab, raw, ["1, 'c', 1, 'a'"])
      await lab.good('m')
      const wider = `select id, op, lsn, name, 7 as size from {{ source('raw', 'src') }}`
      await lab.model('m', raw, wider)
      await lab.bad('m', 'schema-changed')
      await lab.model('m', `${raw}, on_schema_change='ignore'`, wider)
      await lab.add('src', "2, 'c', 1, 'b'")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.columns('m')).toEqual(['id', 'name'])
      await lab.model('m', `${raw}, on_schema_change='append_new_columns'`, wider)
      await lab.add('src', "3, 'c', 1, 'c'")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.columns('m')).toEqual(['id', 'name', 'size'])
      expect(await lab.rows('m')).toEqual([
        ['1', 'a', null],
        ['2', 'b', null],
        ['3', 'c', '7'],
      ])
      await lab.model('m', `${raw}, on_schema_change='sync_all_columns'`, select)
      await lab.add('src', "1, 'u', 2, 'A'")
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.columns('m')).toEqual(['id', 'name'])
      expect(await lab.columns('m__cdc')).toEqual(['id', 'name', '_fft_seq', '_fft_op', '_fft_deleted'])
    },
  },
  {
    title: 'cdc: a table of the model becomes the view of the events, and a view that was one becomes a table again',
    run: async (lab) => {
      await start(lab, "materialized='table'", ["1, 'c', 1, 'a'"])
      await lab.good('m')
      await lab.model('m', raw, select)
      expectCounts(await lab.good('m'), 1)
      expect([await lab.kind('m'), await lab.kind('m__cdc')]).toEqual(['view', 'table'])
      await lab.model('m', "materialized='table'", select)
      await lab.good('m')
      expect(await lab.kind('m')).toBe('table')
      await lab.model('m', raw, select)
      await lab.add('src', "1, 'u', 2, 'A'")
      expectCounts(await lab.good('m'), 0, 1)
      await expectRows(lab, [['1', 'A']], 1)
      await lab.sql('drop view {m}')
      expectCounts(await lab.good('m'), 0)
      expect(await lab.kind('m')).toBe('view')
    },
  },
  {
    title: 'cdc: --full-refresh passes the events over, unless full_refresh=True; one that names the model is refused',
    run: async (lab) => {
      await start(lab, raw, ["1, 'c', 1, 'a'"])
      await lab.good('m')
      await lab.sql('delete from {src}')
      await lab.add('src', "2, 'c', 1, 'b'")
      expectCounts(await lab.good('m', '--full-refresh'), 1)
      expect((await lab.run('--full-refresh', '--select', 'm')).code).toBe(2)
      await lab.model('m', `${raw}, full_refresh=True`, select)
      expectCounts(await lab.good('m', '--full-refresh'), 1)
      await expectRows(lab, [['2', 'b']], 1)
    },
  },
  {
    title: 'cdc: a table that is no storage of events stays as it is',
    run: async (lab) => {
      await start(lab, raw, ["1, 'c', 1, 'a'"])
      await lab.tableAs('m__cdc', 'select 5 as id')
      await lab.bad('m', 'no-event-storage')
      expect(await lab.rows('m__cdc')).toEqual([['5']])
    },
  },
]

const essential = /the last event of each key|dead letters/

export const events = [
  ...proving(
    'events',
    sparing([...rules, ...changes], essential, 'the SQL of events is the same text on every engine'),
  ),
  ...proving('bad-events', sparing(bad, essential, 'the SQL of events is the same text on every engine')),
]
