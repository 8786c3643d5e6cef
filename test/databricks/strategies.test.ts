import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parquetStatements } from '../../src/adapters/databricks/parquet.js'
import { text } from '../../src/core/index.js'
import { isThorough } from '../conformance/on-every-engine.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { onSpark, type Spark } from './fixture.js'

const body = "select id, t, v from {{ source('raw', 'src') }}"

/** A project over one raw table; each test writes its model and changes the table. */
interface Story {
  model(config: string, select?: string): Promise<void>
  source(...rows: readonly string[]): Promise<void>
  /** Runs everything; gives what became of the model `m`. */
  run(
    ...flags: readonly string[]
  ): Promise<{ readonly detail: string | undefined; readonly notices: readonly string[] }>
  rows(): Promise<readonly (readonly (string | null)[])[]>
}

function story(spark: () => Spark, format: string, columns = 'id int, t timestamp, v string'): () => Story {
  let folder: ProjectFolder | undefined
  const source = `src_${format}`
  beforeAll(async () => {
    const settings = { ...spark().settings, table_format: format }
    folder = await projectFolder({ engine: 'databricks', databricks: settings }, `${spark().schema}_${format}`)
    await folder.write({
      'sources.yml': `version: 2\nsources: [{name: raw, tables: [{name: src, identifier: ${source}}]}]\n`,
    })
    await spark().sql(`create table ${spark().name(source)} (${columns})`)
  })
  afterAll(async () => {
    await folder?.end()
    await spark().sql(`drop schema if exists ${spark().schema}_${format} cascade`)
  })
  return () => ({
    model: async (config, select = body) => {
      await spark().sql(`drop table if exists ${spark().name('m')}`)
      await folder?.write({ 'models/m.ff.sql': `{{ config(${config}) }}\n${select}\n` })
    },
    source: (...rows) => spark().sql(`insert overwrite ${spark().name(source)} values ${rows.join(', ')}`),
    run: async (...flags) => {
      const { code, nodes, notices, stderr } = await runFft(['run', ...flags], folder?.dir ?? '')
      expect(code, stderr).toBe(0)
      return { detail: nodes['m']?.detail, notices }
    },
    rows: async () => spark().rows(`select id, v from ${spark().name('m')} order by id nulls first, v`),
  })
}

const day = (number: number) => `timestamp '2024-01-0${number} 00:00:00'`

onSpark('strategies', (spark) => {
  for (const format of ['delta', 'parquet']) {
    // Minutes on a small machine, as the conformance suite.
    describe.skipIf(!isThorough)(`in ${format} tables`, { timeout: 300_000 }, () => {
      const my = story(spark, format)

      test('merge updates rows that differ, inserts new ones and leaves the others alone', async () => {
        await my().model("unique_key='id', updated_at='t'")
        await my().source(`(1, ${day(1)}, 'a')`, `(2, ${day(1)}, 'b')`)
        expect((await my().run()).detail).toBe('created')
        await my().source(`(1, ${day(2)}, 'A')`, `(2, ${day(1)}, 'b')`, `(3, ${day(2)}, 'c')`)
        expect((await my().run()).detail).toBe('1 inserted, 1 updated')
        expect(await my().rows()).toEqual([
          ['1', 'A'],
          ['2', 'b'],
          ['3', 'c'],
        ])
        expect((await my().run()).detail).toBe('unchanged')
      })

      test('delete+insert replaces the rows of a key and counts what came, went and took the place of others', async () => {
        await my().model("strategy='delete+insert', unique_key='id'")
        await my().source(`(1, ${day(1)}, 'a')`, `(1, ${day(1)}, 'b')`, `(2, ${day(1)}, 'c')`, `(2, ${day(1)}, 'c')`)
        await my().run()
        await my().source(`(1, ${day(1)}, 'a')`, `(1, ${day(1)}, 'B')`, `(1, ${day(1)}, 'x')`, `(2, ${day(1)}, 'c')`)
        const { detail } = await my().run()
        expect(await my().rows()).toEqual([
          ['1', 'B'],
          ['1', 'a'],
          ['1', 'x'],
          ['2', 'c'],
        ])
        if (format === 'delta') {
          expect(detail).toBe('1 inserted, 1 updated, 1 deleted')
          expect((await my().run()).detail).toBe('unchanged')
        }
      })

      test('append adds the rows that are not there, as often as they are given', async () => {
        await my().model("strategy='append', updated_at='t'")
        await my().source(`(1, ${day(1)}, 'a')`, `(1, ${day(1)}, 'a')`)
        await my().run()
        await my().source(`(1, ${day(1)}, 'a')`, `(1, ${day(1)}, 'a')`, `(1, ${day(1)}, 'a')`, `(2, ${day(2)}, 'b')`)
        expect((await my().run()).detail).toBe('2 inserted')
        expect((await my().run()).detail).toBe('unchanged')
        expect(await my().rows()).toHaveLength(4)
      })

      test('duplicate keys keep the newest row, and equal rows collapse', async () => {
        await my().model("unique_key='id', updated_at='t'")
        await my().source(`(1, ${day(1)}, 'old')`, `(1, ${day(2)}, 'new')`, `(1, ${day(2)}, 'new')`)
        await my().run()
        expect(await my().rows()).toEqual([['1', 'new']])
      })
    })
  }

  test('a table in parquet that one session wrote is read by others as it is then', async () => {
    const dialect = { ...spark().warehouse.dialect, ...parquetStatements }
    const [target, aside] = ['shown', 'shown_next'].map((identifier) => ({ ...spark().warehouse.defaults, identifier }))
    if (target === undefined || aside === undefined) throw new Error('no relations')
    const other = await spark().warehouse.connect()
    const count = async () => (await other.query(text(`select count(*) from ${dialect.relation(target)}`))).rows
    const present = { relation: target, kind: 'table', columns: [], uniqueKeys: [] } as const
    for (const [rows, before] of [
      [0, undefined],
      [2, present],
      [3, present],
    ] as const) {
      const build = dialect.buildAside(aside, text(`select id from range(${rows})`))
      for (const { sql } of [build, ...dialect.publish(aside, target, before)]) await spark().connection.execute(sql)
      expect(await count()).toEqual([[String(rows)]])
    }
    await other.close()
  })

  test.skipIf(!isThorough)('parquet tables cannot be replaced in place, which the plan says', async () => {
    const folder = await projectFolder(
      { engine: 'databricks', databricks: { ...spark().settings, table_format: 'parquet' } },
      `${spark().schema}_state`,
    )
    await folder.write({ 'models/p.ff.sql': "{{ config(unique_key='id') }}\nselect 1 as id" })
    expect((await runFft(['run'], folder.dir)).code).toBe(0)
    expect((await runFft(['plan'], folder.dir)).stdout).toMatch(/parquet has no MERGE: the table is written anew/)
    await folder.end()
    await spark().sql(`drop schema ${spark().schema}_state cascade`)
  })
})
