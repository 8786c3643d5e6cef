import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { FftError } from '../../../src/core/index.js'
import { text } from '../../../src/core/index.js'
import { type Case, type Lab, nodeOf, proving, sparing } from '../lab.js'

const cancellation: readonly Case[] = [
  {
    title: 'a running statement is cancelled within seconds, by its connection and by its warehouse, which go on',
    run: async (lab) => {
      const connection = await lab.warehouse.connect()
      try {
        for (const cancel of [() => connection.cancel(), () => lab.warehouse.cancelAll()]) {
          const running = connection.query(text(lab.words.endless)).then(
            () => 'it ended',
            (error: FftError) => error.code,
          )
          await sleep(500)
          const began = performance.now()
          await cancel()
          expect(await running).toBe('cancelled')
          expect(performance.now() - began).toBeLessThan(5000)
          expect((await connection.query(text('select 1'))).rows).toEqual([['1']])
        }
      } finally {
        await connection.close()
      }
    },
  },
]

/** A model of fifty rows that all hold the generation. */
async function generation(lab: Lab, config: string, number: number): Promise<void> {
  await lab.model('m', config, `select i as id, ${number} as v from ${lab.words.range(0, 50)}`)
}

const readers: readonly Case[] = ["materialized='table'", "materialized='incremental', unique_key='id'"].map(
  (config) => ({
    title: `a reader during rebuilds sees all rows of one generation, always (${config})`,
    run: async (lab) => {
      const isFull = config.includes('incremental')
      await generation(lab, config, 0)
      await lab.good('m')
      const reader = await lab.warehouse.connect()
      const seen = new Set<string>()
      let isRunning = true
      const reading = (async () => {
        while (isRunning) {
          const { rows } = await reader.query(text(`select count(*), min(v), max(v) from ${lab.name('m')}`))
          seen.add(JSON.stringify(rows[0]))
          await sleep(1)
        }
      })()
      try {
        for (let number = 1; number <= (lab.engine.speed === 'slow' ? 2 : 6); number += 1) {
          await generation(lab, config, number)
          // Every other time the delta takes every row's place.
          await lab.good('m', ...(isFull && number % 2 === 0 ? ['--full-refresh'] : []))
        }
      } finally {
        isRunning = false
        await reading.finally(() => reader.close())
      }
      for (const row of seen) {
        const [count, least, most] = JSON.parse(row) as readonly string[]
        expect([count, least]).toEqual(['50', most])
      }
    },
  }),
)

const introspection: readonly Case[] = [
  {
    title: 'a thousand relations with their columns are read within two seconds',
    slow: 'a thousand tables take minutes to make there',
    run: async (lab) => {
      for (let number = 0; number < 500; number += 1) {
        await lab.sql(
          lab.words.createTable(lab.name(`t${number}`), `id integer, v ${lab.types.text}`),
          `create view ${lab.name(`v${number}`)} as select * from ${lab.name(`t${number}`)}`,
        )
      }
      const began = performance.now()
      const found = await lab.warehouse.relations([{ schema: lab.database.schema }])
      expect(performance.now() - began).toBeLessThan(2000)
      expect(found.length).toBe(1000)
      const view = found.find(({ relation }) => relation.identifier === 'v499')
      expect([view?.kind, view?.columns.map(({ name }) => name)]).toEqual(['view', ['id', 'v']])
    },
  },
  {
    title: 'tables and views are told apart, with columns in order; a schema that does not exist has none',
    run: async (lab) => {
      await lab.table('a', `"x" integer, v ${lab.types.text}`.replace('"x"', lab.quote('odd "x"')))
      const odd = lab.engine.can.has('odd_relations') ? 'Größe' : 'a_view'
      await lab.sql(`create view ${lab.name(odd)} as select * from ${lab.name('a')}`)
      const schemas = [{ schema: lab.database.schema }, { schema: 'no_such_schema' }]
      const found = await lab.warehouse.relations(schemas)
      const told = found.map(({ relation, kind, columns }) => [
        relation.identifier,
        kind,
        ...columns.map(({ name }) => name),
      ])
      expect(told.sort()).toEqual(
        [
          [odd, 'view', 'odd "x"', 'v'],
          ['a', 'table', 'odd "x"', 'v'],
        ].sort(),
      )
    },
  },
]

const attachments: readonly Case[] = [
  {
    title: 'a view that reads a table by hand, and one that reads that one, show the new rows after each rebuild',
    run: async (lab) => {
      await lab.table('src', 'id integer, v integer', ['1, 1'])
      await lab.model('m', "materialized='table'", "select * from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.sql(
        'create view {by_hand} as select id, v from {m}',
        'create view {over_it} as select v from {by_hand}',
      )
      for (const number of [2, 3]) {
        await lab.add('src', `${number}, ${number}`)
        await lab.good('m')
        expect((await lab.rows('over_it')).length).toBe(number)
      }
    },
  },
  {
    title: 'grants, comments and indexes of a table are there after a rebuild and a full refresh',
    needs: ['attachments'],
    run: async (lab) => {
      await lab.table('src', 'id integer, v integer', ['1, 1'])
      for (const config of ["materialized='table'", "materialized='incremental', unique_key='id'"]) {
        await lab.sql('drop table if exists {m}')
        await lab.model('m', config, "select * from {{ source('raw', 'src') }}")
        await lab.good('m')
        const { attach, attached } = lab.words
        if (attach === undefined || attached === undefined) throw new Error('the engine has no words for it')
        await lab.sql(...attach(lab.name('m'), lab.quote('id')))
        const before = await lab.query(attached(lab.database.schema, 'm'))
        expect(before).toEqual([[expect.any(String), expect.any(String), expect.any(String), expect.any(String)]])
        await lab.good('m', '--full-refresh')
        expect(await lab.query(attached(lab.database.schema, 'm'))).toEqual(before)
      }
    },
  },
  {
    title:
      'what cannot be made again keeps its table: its rows are replaced inside it, and a change of columns is refused',
    needs: ['attachments'],
    run: async (lab) => {
      const { block } = lab.words
      if (block === undefined) throw new Error('the engine has no words for it')
      await lab.table('src', 'id integer, v integer', ['1, 1'])
      await lab.model('m', "materialized='table'", "select id, v from {{ source('raw', 'src') }}")
      await lab.good('m')
      await lab.sql(block(lab.name('m'), lab.name('held')))
      await lab.add('src', '2, 2')
      await lab.good('m')
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
      await lab.model('m', "materialized='table'", "select id from {{ source('raw', 'src') }}")
      const refused = await lab.run()
      expect(refused.code).toBe(1)
      expect(nodeOf(refused, 'm').message).toContain('held')
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
      expect(await lab.rows('held')).toEqual([['1', '1']])
      expect(await lab.leftovers()).toEqual([])
    },
  },
]

const longNames: readonly Case[] = [
  {
    title: 'two models whose names are equal in their first 63 bytes are both built, or refused by name',
    needs: ['short_names'],
    run: async (lab) => {
      const long = `${'ü'.repeat(5)}${'x'.repeat(60)}`
      await lab.model('a', `materialized='incremental', unique_key='id', alias='${long}_a'`, 'select 1 as id')
      await lab.model('b', `materialized='incremental', unique_key='id', alias='${long}_b'`, 'select 2 as id')
      const outcome = await lab.run()
      if (outcome.code === 0) {
        for (const name of ['a', 'b']) expect((await lab.run('--select', name)).code).toBe(0)
        const all = await lab.warehouse.relations([{ schema: lab.database.schema }])
        expect(all.length).toBe(2)
      } else {
        expect([...outcome.faults, ...Object.values(outcome.nodes)].map(({ message }) => message).join(' ')).toContain(
          `${long}_a`,
        )
        expect(await lab.warehouse.relations([{ schema: lab.database.schema }])).toEqual([])
      }
    },
  },
]

/** What a warehouse does beside building. */
export const others = [
  ...proving('cancellation', cancellation),
  ...proving('readers', sparing(readers, /incremental/, 'the same statement replaces every table')),
  ...proving('introspection', introspection),
  ...proving('attachments', attachments),
  ...proving('long-names', longNames),
]
