import { expect } from 'vitest'
import type { Outcome } from '../../support/outcome.js'
import type { TimeSample } from '../engines/index.js'
import { type Case, expectCounts, type Lab, nodeOf, proving, sparing } from '../lab.js'

const select = "select id, v, t from {{ source('raw', 'src') }}"
const filtered = "materialized='incremental', unique_key='id', updated_at='t', delta={'watermark': 't'}"

async function start(lab: Lab, rows: readonly string[], config = filtered, body = select): Promise<void> {
  await lab.table('src', `id integer, v ${lab.types.text}, t integer`, rows)
  await lab.model('m', config, body)
}

async function shown(lab: Lab, ...models: readonly string[]): Promise<unknown> {
  const { stdout, code, stderr } = await lab.fft('state', 'show', ...models, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

const timeNames = ['integer', 'bigint', 'date', 'timestamp', 'timestamptz'] as const

function timeOf(lab: Lab, name: string): TimeSample {
  const found = lab.engine.times[name]
  if (found === undefined) throw new Error(`${lab.engine.name} has no values of ${name}`)
  return found
}

function notices({ notices }: Outcome): string {
  return notices.join('\n')
}

const types = timeNames.map(
  (name): Case => ({
    title: `updated_at of type ${name} is kept without loss, ties at the boundary are seen, older rows are not`,
    needs: name === 'timestamptz' ? ['timestamptz'] : [],
    run: async (lab) => {
      const { type, values, texts } = timeOf(lab, name)
      const [old, middle, newest] = values
      await lab.table('src', `id integer, v ${lab.types.text}, t ${type}`, [`1, 'a', ${old}`, `2, 'b', ${middle}`])
      await lab.model('m', filtered, select)
      await lab.good('m')
      expect(await lab.state()).toEqual([`m t ${texts[0]}`])
      expectCounts(await lab.good('m'), 0)
      await lab.add('src', `3, 'tie', ${middle}`, `4, 'below', ${old}`, `5, 'none', null`)
      expectCounts(await lab.good('m'), 2)
      expect(await lab.state()).toEqual([`m t ${texts[0]}`])
      await lab.add('src', `6, 'next', ${newest}`)
      expectCounts(await lab.good('m'), 1)
      expect(await lab.state()).toEqual([`m t ${texts[1]}`])
      // Past the watermark now by one step of the type alone.
      await lab.sql(`update {src} set v = 'changed' where id in (3, 6)`)
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'tie'],
        ['5', 'none'],
        ['6', 'changed'],
      ])
    },
  }),
)

const state: readonly Case[] = [
  {
    title: 'rows deleted by hand pull a watermark back that is ahead of them, with a warning, and come again',
    run: async (lab) => {
      await start(lab, ["1, 'a', 1", "2, 'b', 2", "3, 'c', 3"])
      await lab.good('m')
      await lab.sql('delete from {m} where id >= 2')
      const outcome = await lab.run()
      expect(outcome.code).toBe(0)
      expect(notices(outcome)).toMatch(/watermark.* 3\b.*maximum is 1/)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
      expect(await lab.state()).toEqual(['m t 3'])
      expect(notices(await lab.run())).not.toContain('watermark')
    },
  },
  {
    title: 'a table that was emptied by hand is filled again',
    run: async (lab) => {
      await start(lab, ["1, 'a', 1", "2, 'b', 2"])
      await lab.good('m')
      await lab.sql('delete from {m}')
      expect(notices(await lab.run())).toContain('empty')
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: "watermark_source='state' trusts the state, whatever the table holds",
    run: async (lab) => {
      await start(lab, ["1, 'a', 1", "2, 'b', 2", "3, 'c', 3"], `${filtered}, watermark_source='state'`)
      await lab.good('m')
      await lab.sql('delete from {m} where id >= 2')
      const outcome = await lab.run()
      expect(notices(outcome)).not.toContain('watermark')
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['3']])
    },
  },
  {
    title: 'the watermark never goes back: not by older rows, an empty delta or rows without updated_at',
    run: async (lab) => {
      const body = `${select} where {{ is_incremental() }} or t is not null`
      await start(lab, ["1, 'a', 5"], "materialized='incremental', unique_key='id', updated_at='t'", body)
      await lab.good('m')
      await lab.sql('update {src} set t = 3')
      await lab.good('m')
      await lab.sql('update {src} set t = null')
      await lab.good('m')
      await lab.sql('delete from {src}')
      await lab.good('m')
      expect(await lab.state()).toEqual(['m t 5'])
    },
  },
  {
    title: 'state show lists model, relation, column, value and run; state set moves the watermark',
    run: async (lab) => {
      await start(lab, ["1, 'a', 1", "2, 'b', 2", "3, 'c', 3"])
      await lab.good('m')
      expect(await shown(lab, 'm')).toEqual([
        { model: 'm', relation: expect.stringContaining('m'), column: 't', value: '3', run_id: expect.any(String) },
      ])
      await lab.sql('update {src} set v = upper(v)')
      expectCounts(await lab.good('m'), 0, 1)
      const { code, stderr } = await lab.fft('state', 'set', 'm', 't=2')
      expect(code, stderr).toBe(0)
      expect(await lab.state()).toEqual(['m t 2'])
      expectCounts(await lab.good('m'), 0, 1)
      expect(await lab.rows('m', 'id, v')).toEqual([
        ['1', 'a'],
        ['2', 'B'],
        ['3', 'C'],
      ])
      expect(await lab.state()).toEqual(['m t 3'])
    },
  },
  {
    title: 'state reset starts from the beginning, after a yes only; models and columns that are not there are refused',
    run: async (lab) => {
      await start(lab, ["1, 'a', 1", "2, 'b', 2"])
      await lab.good('m')
      await lab.sql('update {src} set v = upper(v)')
      expect((await lab.fft('state', 'reset', 'm')).code).not.toBe(0)
      expect(await lab.state()).toEqual(['m t 2'])
      expect((await lab.fft('state', 'reset', 'm', '--yes')).code).toBe(0)
      expect(await lab.state()).toEqual(['m t null'])
      expectCounts(await lab.good('m'), 0, 2)
      expect(await lab.state()).toEqual(['m t 2'])
      expect((await lab.fft('state', 'reset', 'mm', '--yes')).code).toBe(2)
      expect((await lab.fft('state', 'set', 'm', 'tt=1')).code).not.toBe(0)
      expect((await lab.fft('state', 'set', 'm', 't=soon')).code).not.toBe(0)
      expect(await lab.state()).toEqual(['m t 2'])
    },
  },
  {
    title: 'after state reset an append reads everything again and still adds nothing twice',
    run: async (lab) => {
      await start(
        lab,
        ["1, 'a', 1", "1, 'a', 1", "2, 'b', 2"],
        "materialized='incremental', strategy='append', updated_at='t'",
      )
      await lab.good('m')
      await lab.fft('state', 'reset', 'm', '--yes')
      await lab.add('src', "3, 'late', 0")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  },
  {
    title: "watermark('col') is the type's minimum on the first run and after a reset, for every type",
    run: async (lab) => {
      for (const [name, { type, values }] of Object.entries(lab.engine.times)) {
        await lab.table(`src_${name}`, `id integer, t ${type}`, [`1, ${values[0]}`, `2, ${values[1]}`])
        await lab.model(
          `m_${name}`,
          "materialized='incremental', unique_key='id'",
          `select id, t from {{ source('raw', 'src_${name}') }} where t >= {{ watermark('t') }}`,
        )
      }
      const outcome = await lab.run()
      expect(outcome.code, outcome.stderr).toBe(0)
      const again = await lab.run()
      const names = Object.keys(lab.engine.times)
      for (const name of names) expectCounts(nodeOf(again, `m_${name}`), 0)
      for (const name of names) {
        await lab.sql(`delete from {m_${name}} where id = 1`)
        await lab.fft('state', 'reset', `m_${name}`, '--yes')
      }
      const filled = await lab.run()
      for (const name of names) expectCounts(nodeOf(filled, `m_${name}`), 1)
    },
  },
  {
    title: "a watermark of a column that is not in the model's output is an error at its place",
    run: async (lab) => {
      const body = "select id from {{ source('raw', 'src') }}\nwhere t >= {{ watermark('t') }}"
      await start(lab, ["1, 'a', 1"], "materialized='incremental', unique_key='id'", body)
      const failed = await lab.bad('m', 'column-missing')
      expect([failed.file, failed.line]).toEqual(['models/m.ff.sql', 3])
    },
  },
  {
    title: 'two watermarks of one model are kept side by side',
    run: async (lab) => {
      const body = `select id, v, t, id as seq from {{ source('raw', 'src') }} where t >= {{ watermark('t') }} or id > {{ watermark('seq') }}`
      await start(lab, ["1, 'a', 9", "2, 'b', 2"], "materialized='incremental', unique_key='id'", body)
      await lab.good('m')
      expect(await lab.state()).toEqual(['m seq 2', 'm t 9'])
      await lab.add('src', "3, 'low', 1")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.state()).toEqual(['m seq 3', 'm t 9'])
    },
  },
]

const together: readonly Case[] = [
  {
    title: 'many models at once: each keeps its own watermark, and none gets in the way of another',
    needs: ['two_connections'],
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.text}, t integer`, ["1, 'a', 1"])
      const isSlow = lab.engine.speed === 'slow'
      const names = Array.from({ length: isSlow ? 3 : 12 }, (_, index) => `m${index + 10}`)
      for (const name of names) await lab.model(name, filtered, `${select} -- ${name}`)
      for (const round of isSlow ? [1, 2] : [1, 2, 3]) {
        await lab.add('src', `${round + 1}, 'new', ${round + 1}`)
        const outcome = await lab.run('--jobs', '4')
        expect(outcome.code, outcome.stderr).toBe(0)
        expect(await lab.state()).toEqual(names.map((name) => `${name} t ${round + 1}`))
      }
      for (const name of names) expect(await lab.rows(name)).toEqual(await lab.rows('src'))
    },
  },
]

const lookbacks: readonly Case[] = [
  {
    title: 'a lookback on a number sees rows that far behind the watermark, and no further',
    run: async (lab) => {
      await start(lab, ["1, 'a', 10"], `${filtered}, lookback=3`)
      await lab.good('m')
      await lab.add('src', "2, 'in', 7", "3, 'out', 6")
      expectCounts(await lab.good('m'), 1)
      expect(await lab.rows('m', 'id')).toEqual([['1'], ['2']])
      expect(await lab.state()).toEqual(['m t 10'])
    },
  },
  ...(['date', 'timestamp', 'timestamptz'] as const).map(
    (name): Case => ({
      title: `a lookback of '2 days' on a ${name}; watermark() has it subtracted`,
      needs: name === 'timestamptz' ? ['timestamptz'] : [],
      run: async (lab) => {
        const { type } = timeOf(lab, name)
        const at = (day: string) => `cast('2024-01-${day}' as ${type})`
        await lab.table('src', `id integer, v ${lab.types.text}, t ${type}`, [`1, 'a', ${at('10')}`])
        await lab.model('m', `${filtered}, lookback='2 days'`, select)
        await lab.model(
          'n',
          "materialized='incremental', unique_key='id', lookback='2 days', updated_at='t'",
          `${select} where t >= {{ watermark('t') }}`,
        )
        await lab.good('m')
        await lab.add('src', `2, 'in', ${at('08')}`, `3, 'out', ${at('07')}`)
        expectCounts(await lab.good('m'), 1)
        for (const model of ['m', 'n']) expect(await lab.rows(model, 'id')).toEqual([['1'], ['2']])
      },
    }),
  ),
  {
    title: 'hours and minutes are durations too; a lookback that the type cannot take is exit 2 at its place',
    run: async (lab) => {
      await lab.table('src', `id integer, v ${lab.types.text}, t ${lab.types.timestamp}`, [
        "1, 'a', timestamp '2024-01-01 12:00:00'",
      ])
      await lab.model('m', `${filtered}, lookback='90 minutes'`, select)
      await lab.good('m')
      await lab.add('src', "2, 'in', timestamp '2024-01-01 10:30:00'", "3, 'out', timestamp '2024-01-01 10:29:59'")
      expectCounts(await lab.good('m'), 1)
      await lab.model('m', `${filtered}, lookback=3`, select)
      const refused = await lab.run()
      expect([refused.code, refused.faults.map(({ code, file }) => [code, file])]).toEqual([
        2,
        [['lookback-invalid', 'models/m.ff.sql']],
      ])
    },
  },
]

/** `incremental.md` §2 and §6: watermarks. */
export const watermarks = [
  ...proving('watermark-types', sparing(types, /type timestamp /, 'the case of the minimum has a model of every type')),
  ...proving('state', sparing(state, /^state show|minimum/, 'the state is read and written by one statement each')),
  ...proving('together', together),
  ...proving('lookback', sparing(lookbacks, /timestamp;/, 'the dialect subtracts; the others are its unit tests')),
]
