import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isThorough } from '../conformance/on-every-engine.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { onSpark } from './fixture.js'

const key = "unique_key='id'"
const dated = "updated_at='t'"

/** Every strategy; `select` has the columns that are compared in the end. */
const models: Readonly<Record<string, { readonly config: string; readonly body?: string; readonly select?: string }>> =
  {
    merging: { config: `${key}, ${dated}` },
    flagged: { config: `${key}, ${dated}, deletes={'when': "v = 'gone'"}` },
    newest: {
      config: `${key}, ${dated}`,
      body: "select * from {{ source('raw', 'src') }} union all select 1, timestamp '2024-01-01 01:00:00', 'newer'",
    },
    replacing: { config: `strategy='delete+insert', ${key}` },
    appending: { config: `strategy='append', ${dated}` },
    keyed: {
      config: `strategy='append', ${key}, ${dated}`,
      // A key that is there keeps its row.
      body: "select * from {{ source('raw', 'src') }} where v <> 'B'",
    },
    overwriting: { config: "strategy='insert_overwrite', partition_by='id'" },
    remembering: { config: `${key}, ${dated}, strategy='scd3', history_columns={'v': 'old_v'}, full_refresh=True` },
    windowed: { config: "strategy='time_range', event_time='t', begin='2024-01-01', batch_size='year', lookback=9" },
    versions: {
      config: `strategy='scd2', ${key}, ${dated}, full_refresh=True`,
      select: 'id, v, valid_from, valid_to, is_current',
    },
    events: {
      config: `strategy='cdc', ${key}, cdc={'op': 'op', 'sequence': 'n'}, full_refresh=True`,
      body: "select id, t, v, 'u' as op, cast(t as long) as n from {{ source('raw', 'src') }}",
    },
  }

const names = Object.keys(models)
const first = ["(1, timestamp '2024-01-01 00:00:00', 'a')", "(2, timestamp '2024-01-02 00:00:00', 'b')"]
const later = [
  "(2, timestamp '2024-01-03 00:00:00', 'B')",
  "(3, timestamp '2024-01-03 00:00:00', 'c')",
  "(4, timestamp '2024-01-03 06:00:00', 'gone')",
]

onSpark('the format of a table that is there', (spark) => {
  for (const [before, after] of [
    ['parquet', 'delta'],
    ['delta', 'parquet'],
  ] as const) {
    // Minutes on a small machine, as the conformance suite.
    describe.skipIf(!isThorough)(`made in ${before}, with a profile that says ${after}`, { timeout: 600_000 }, () => {
      const schemaOf = (which: string) => `${spark().schema}_${before}_${which}`
      let folder: ProjectFolder
      beforeAll(async () => {
        folder = await projectFolder(
          { engine: 'databricks', databricks: { ...spark().settings, schema: schemaOf('models') } },
          schemaOf('state'),
        )
        await folder.write({
          'sources.yml': `version: 2\nsources: [{name: raw, schema: ${spark().schema}, tables: [{name: src, identifier: src_${before}}]}]\n`,
          'models/plain.ff.sql': "{{ config(materialized='table') }}\nselect * from {{ source('raw', 'src') }}",
          'seeds/few.csv': 'id\n1\n',
        })
        for (const [name, { config, body }] of Object.entries(models)) {
          const select = body ?? "select id, t, v from {{ source('raw', 'src') }}"
          await folder.write({
            [`models/${name}.ff.sql`]: `{{ config(materialized='incremental', ${config}) }}\n${select}\n`,
          })
        }
        await spark().sql(
          `create table ${spark().name(`src_${before}`)} (id int, t timestamp, v string)`,
          `insert into ${spark().name(`src_${before}`)} values ${first.join(', ')}`,
        )
      })
      afterAll(async () => {
        await folder.end()
        for (const which of ['models', 'state']) await spark().sql(`drop schema if exists ${schemaOf(which)} cascade`)
      })

      const build = (format: string, ...flags: readonly string[]) =>
        runFft(['build', ...flags], folder.dir, { FF_DBR_TABLE_FORMAT: format })
      const rows = async () => {
        const all = names.map(async (name) => {
          // A session remembers the files that a table in Parquet had.
          await spark().sql(`refresh table ${schemaOf('models')}.${name}`)
          const columns = models[name]?.select ?? 'id, t, v'
          return [name, await spark().rows(`select ${columns} from ${schemaOf('models')}.${name} order by 1, 2, 3`)]
        })
        return Object.fromEntries(await Promise.all(all))
      }

      test('every strategy applies its delta, as a full refresh would, and the run says what it does', async () => {
        const created = await build(before)
        expect(created.code, created.stderr).toBe(0)
        await spark().sql(`insert into ${spark().name(`src_${before}`)} values ${later.join(', ')}`)
        const applied = await build(after)
        expect(applied.code, applied.stderr).toBe(0)
        if (before === 'parquet') expect(applied.notices.join('\n')).toMatch(/merging is a Parquet table/)
        const daily = await rows()
        const again = await build(after)
        expect(again.code, again.stderr).toBe(0)
        expect(await rows()).toEqual(daily)
        const refreshed = await build(after, '--full-refresh')
        expect(refreshed.code, refreshed.stderr).toBe(0)
        expect(await rows()).toEqual(daily)
        const formats = await spark().rows(`show table extended in ${schemaOf('models')} like '*'`)
        const told = formats.flatMap(([, , , text]) => /^Provider: (.+)$/m.exec(text ?? '')?.[1] ?? [])
        expect(new Set(told)).toEqual(new Set([after]))
      })
    })
  }
})
