import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const keyed = "materialized='incremental', strategy='cdc', unique_key='id'"
const debezium = `${keyed}, cdc={'format': 'debezium', 'column': 'payload'}`
const maxwell = `${keyed}, cdc={'format': 'maxwell', 'column': 'payload'}`
const select = "select payload from {{ source('raw', 'src') }}"

interface Row {
  readonly [name: string]: unknown
}

/** An event as Debezium writes it, without its schema. */
function event(op: string, lsn: number, rows: { readonly before?: Row | null; readonly after?: Row | null }): string {
  const { before = null, after = null } = rows
  return JSON.stringify({ before, after, source: { connector: 'postgresql', lsn }, op, ts_ms: 1_700_000_000_000 + lsn })
}

function inEnvelope(payload: string | null): string {
  return `{"schema": {"type": "struct", "optional": true}, "payload": ${payload}}`
}

function row(type: string, ts: number, data: Row, more: Row = {}): string {
  return JSON.stringify({ database: 'shop', table: 'orders', type, ts, data, ...more })
}

async function start(lab: Lab, config: string, events: readonly (string | null)[], body = select): Promise<void> {
  await deliver(lab, events)
  await lab.model('m', config, body)
}

async function deliver(lab: Lab, events: readonly (string | null)[]): Promise<void> {
  const rows = events.map((each) => (each === null ? 'null' : `'${each.replaceAll("'", "''")}'`))
  await lab.table('src', `payload ${lab.types.text}`, rows)
}

async function expectLetters(lab: Lab, reasons: readonly string[]): Promise<void> {
  const table = lab.warehouse.dialect.relation({ schema: lab.database.stateSchema, identifier: 'dead_letters' })
  const mine = `relation like '%${lab.database.schema}%'`
  const letters = await lab.query(`select reason from ${table} where ${mine}`)
  expect(letters.map(([reason]) => reason)).toEqual(reasons)
}

const json: readonly Case[] = [
  {
    title: "cdc debezium: the rows of the events, with the columns and types of their fields, by the log's position",
    run: async (lab) => {
      await start(lab, debezium, [
        event('c', 10, { after: { id: 1, name: 'a', price: 1.5, open: true, tags: ['x'] } }),
        inEnvelope(
          event('u', 12, { before: { id: 1 }, after: { id: 1, name: 'aa', price: 2.5, open: false, tags: null } }),
        ),
        event('u', 11, { after: { id: 1, name: 'between', price: 0, open: true, tags: null } }),
        event('r', 5, { after: { id: 2, name: "o'clock", price: null, open: null, tags: null } }),
        null,
        inEnvelope(null),
        JSON.stringify({ op: 'm', message: {} }),
      ])
      expectCounts(await lab.good('m'), 2)
      expect(new Set(await lab.columns('m'))).toEqual(new Set(['id', 'name', 'price', 'open', 'tags']))
      expect(await lab.rows('m', 'id, name, price, open')).toEqual([
        ['1', 'aa', '2.5', 'false'],
        ['2', "o'clock", null, null],
      ])
      await lab.expectType('m', 'id', 'bigint')
      expectCounts(await lab.good('m'), 0)
      await deliver(lab, [
        event('d', 20, { before: { id: 1 } }),
        event('u', 19, { after: { id: 1, name: 'late' } }),
        event('d', 20, { before: { id: 9 } }),
        event('c', 1, { after: { id: 2, name: 'first change', price: 3.5 } }),
      ])
      expectCounts(await lab.good('m'), 1, 2)
      expect(await lab.rows('m', 'id, name, price')).toEqual([['2', 'first change', '3.5']])
      expect(await lab.rows('m__cdc', 'id, _fft_seq, _fft_op, _fft_deleted')).toEqual([
        ['1', '20', 'd', 'true'],
        ['2', '1', 'c', 'false'],
        ['9', '20', 'd', 'true'],
      ])
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title:
      'cdc debezium: events that cannot be read are dead letters with what they are; values of other types as well',
    run: async (lab) => {
      await start(lab, debezium, [
        event('c', 1, { after: { id: 1, size: 5 } }),
        'no json {',
        event('x', 2, {}),
        JSON.stringify({ after: { id: 3 } }),
        event('c', 3, {}),
        JSON.stringify({ op: 'c', after: { id: 4 } }),
        event('c', 5, { after: { size: 5 } }),
      ])
      expectCounts(await lab.good('m'), 1)
      const reasons = [
        'no JSON',
        'no key: id is missing',
        'no operation',
        'no row',
        'no sequence: source.lsn or ts_ms is no whole number',
        'unknown operation: x',
      ]
      await expectLetters(lab, reasons)
      await deliver(lab, [
        event('u', 6, { after: { id: 1, size: 'large' } }),
        event('u', 7, { after: { id: 2, size: 1.5 } }),
      ])
      expectCounts(await lab.good('m'), 0)
      const table = lab.warehouse.dialect.relation({ schema: lab.database.stateSchema, identifier: 'dead_letters' })
      const told = await lab.query(`select reason, event_json from ${table} where reason like 'size: %'`)
      expect(told.map(([reason]) => /^size: (large|1\.5) is no /.test(reason ?? ''))).toEqual([true, true])
      expect(told.map(([, text]) => JSON.parse(text ?? '').op)).toEqual(['u', 'u'])
      expect(await lab.rows('m', 'id, size')).toEqual([['1', '5']])
    },
  },
  {
    title:
      'cdc debezium: a truncation takes away what comes before it, also what comes late, and nothing that comes after',
    run: async (lab) => {
      const of = (id: number, lsn: number) => event('c', lsn, { after: { id, name: `at ${lsn}` } })
      await start(lab, debezium, [of(1, 10), event('t', 15, {}), of(2, 20)])
      await lab.good('m')
      expect(await lab.rows('m', 'id')).toEqual([['2']])
      await deliver(lab, [of(3, 12), event('t', 15, {}), event('t', 5, {}), of(1, 30)])
      await lab.good('m')
      expect(await lab.rows('m', 'id, name')).toEqual([
        ['1', 'at 30'],
        ['2', 'at 20'],
      ])
      await deliver(lab, [event('t', 25, {})])
      await lab.good('m')
      expect(await lab.rows('m', 'id')).toEqual([['1']])
      expect(await lab.query("select max(_fft_seq) from {m__cdc} where _fft_op = 't'")).toEqual([['25']])
      // Whole again, in another order.
      await lab.sql('drop view {m}', 'drop table {m__cdc}')
      await deliver(lab, [event('t', 25, {}), of(1, 30), of(3, 12), of(2, 20), event('t', 15, {}), of(1, 10)])
      await lab.good('m')
      expect(await lab.rows('m', 'id')).toEqual([['1']])
    },
  },
  {
    title: 'cdc debezium: the same event in other words counts once; a contradiction is a dead letter',
    run: async (lab) => {
      await start(lab, debezium, [event('c', 1, { after: { id: 1, name: 'a' } })])
      await lab.good('m')
      await deliver(lab, [
        event('c', 1, { after: { id: 1, name: 'a' } }).replace('"op"', '"redelivered": true, "op"'),
        event('c', 2, { after: { name: 'b', id: 2 } }),
        event('c', 2, { after: { id: 2, name: 'b' } }),
        event('u', 1, { after: { id: 1, name: 'other' } }),
      ])
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m', 'id, name')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
      ])
      await expectLetters(lab, ['an event of the key and the same sequence was applied, and it said something else'])
    },
  },
  {
    title:
      'cdc debezium: another sequence may be a path or a column; declared columns have their types; fields may come',
    run: async (lab) => {
      const config = `${keyed}, cdc={'format': 'debezium', 'column': 'payload', 'sequence': ['source.txId', 'place']}`
      const of = (txId: number, id: number, more: Row = {}) =>
        JSON.stringify({ op: 'u', source: { txId }, after: { id, day: '2024-02-29', ...more } })
      await lab.table('src', `payload ${lab.types.text}, place integer`, [
        `'${of(7, 1)}', 2`,
        `'${of(7, 1, { day: '2024-03-01' })}', 10`,
        `'${of(6, 1, { day: '2024-03-02' })}', 99`,
      ])
      await lab.model('m', config, "select payload, place from {{ source('raw', 'src') }}")
      await lab.folder.write({
        'models/m.yml': `version: 2\nmodels: [{name: m, columns: [{name: day, data_type: date}]}]\n`,
      })
      expectCounts(await lab.good('m'), 1)
      await lab.expectType('m', 'day', 'date')
      expect(await lab.rows('m__cdc', 'id, day, _fft_seq, _fft_seq_2')).toEqual([['1', '2024-03-01', '7', '10']])
      await lab.add('src', `'${of(8, 2, { name: 'new field' })}', 1`)
      await lab.bad('m', 'schema-changed')
      await lab.model(
        'm',
        `${config}, on_schema_change='append_new_columns'`,
        "select * from {{ source('raw', 'src') }}",
      )
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m', 'id, day, name')).toEqual([
        ['1', '2024-03-01', null],
        ['2', '2024-02-29', 'new field'],
      ])
    },
  },
  {
    title: 'cdc: without any event, declared columns make an empty view; without them the run is refused',
    run: async (lab) => {
      await start(lab, debezium, [])
      await lab.bad('m', 'no-event-fields')
      await lab.folder.write({
        'models/m.yml': `version: 2\nmodels: [{name: m, columns: [{name: id, data_type: bigint}, {name: name, data_type: ${lab.types.text}}]}]\n`,
      })
      expectCounts(await lab.good('m'), 0)
      expect(await lab.columns('m')).toEqual(['id', 'name'])
      await deliver(lab, [event('c', 1, { after: { id: 1, name: 'a' } })])
      expectCounts(await lab.good('m'), 1)
    },
  },
  {
    title: 'cdc maxwell: rows of inserts, updates, deletes and bootstraps, by time, transaction and place in it',
    run: async (lab) => {
      await start(lab, maxwell, [
        row('bootstrap-start', 1, {}),
        row('bootstrap-insert', 900, { id: 1, v: 'read' }),
        row('bootstrap-insert', 900, { id: 2, v: 'read' }),
        row('bootstrap-complete', 901, {}),
        row('insert', 100, { id: 3, v: 'c' }, { xid: 1, commit: true }),
        row('update', 101, { id: 1, v: 'A' }, { xid: 2, xoffset: 0, old: { v: 'a' } }),
        row('update', 101, { id: 1, v: 'AA' }, { xid: 2, xoffset: 1, old: { v: 'A' } }),
        row('table-alter', 102, {}),
      ])
      expectCounts(await lab.good('m'), 3)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'AA'],
        ['2', 'read'],
        ['3', 'c'],
      ])
      await deliver(lab, [
        row('delete', 103, { id: 3, v: 'c' }, { xid: 3 }),
        row('update', 99, { id: 1, v: 'old' }, { xid: 0 }),
      ])
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'AA'],
        ['2', 'read'],
      ])
    },
  },
  {
    title: 'cdc maxwell: on_bad_event=fail refuses what cannot be read, and keeps what was there',
    run: async (lab) => {
      const config = maxwell.replace("'payload'}", "'payload', 'on_bad_event': 'fail'}")
      await start(lab, config, [row('insert', 1, { id: 1, v: 'a' })])
      await lab.good('m')
      await deliver(lab, [row('insert', 2, { id: 2, v: 'b' }), 'not json'])
      await lab.bad('m', 'bad-event')
      expect(await lab.rows('m', 'id, v')).toEqual([['1', 'a']])
      expect(await lab.leftovers()).toEqual([])
    },
  },
]

const essential = /the rows of the events|dead letters with what|cdc maxwell: rows/

export const packedEvents = proving(
  'packed-events',
  sparing(json, essential, 'each format is read by one of the other cases'),
)
