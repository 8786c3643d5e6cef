import { afterAll, beforeAll, expect, test } from 'vitest'
import { sparkSettings } from '../../tools/spark/answers.js'
import { sparkServer } from '../spark/server.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { type FaultyProxy, faultyProxy } from './faulty-proxy.js'
import { onSpark } from './fixture.js'

const models = {
  merge: "unique_key='id', updated_at='t'",
  replace: "strategy='delete+insert', unique_key='id'",
  append: "strategy='append', updated_at='t'",
}

onSpark('a server that refuses what commits would carry, as SQL warehouses do', (spark) => {
  let proxy: FaultyProxy
  let folder: ProjectFolder
  beforeAll(async () => {
    proxy = await faultyProxy(await sparkServer())
    proxy.refuseDeltaSettings()
    const databricks = sparkSettings(proxy.place, spark().schema)
    folder = await projectFolder({ engine: 'databricks', databricks }, `${spark().schema}_state`)
    await folder.write({ 'sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: src}]}]\n' })
    for (const [name, config] of Object.entries(models)) {
      await folder.write({
        [`models/${name}_m.ff.sql`]: `{{ config(${config}) }}\nselect * from {{ source('raw', 'src') }}\n`,
      })
    }
    await spark().sql(`create table ${spark().name('src')} (id int, t int) using delta`)
  })
  afterAll(async () => {
    await folder.end()
    await spark().sql(`drop schema if exists ${spark().schema}_state cascade`)
    await proxy.close()
  })

  test('is told by fft debug', async () => {
    expect((await runFft(['debug'], folder.dir)).stdout).toMatch(/commits carry watermarks.*no: the server refuses/)
  })

  test('applies deltas and records watermarks behind them; what was not recorded is taken again and changes nothing', async () => {
    const details = async () => {
      const { code, nodes, stderr } = await runFft(['run'], folder.dir)
      expect(code, stderr).toBe(0)
      return Object.keys(models).map((name) => nodes[`${name}_m`]?.detail)
    }
    await spark().sql(`insert into ${spark().name('src')} values (1, 1)`)
    expect(await details()).toEqual(['created', 'created', 'created'])
    await spark().sql(`insert into ${spark().name('src')} values (2, 2), (3, 2)`)
    expect(await details()).toEqual(['2 inserted', '2 inserted', '2 inserted'])
    // As after a kill between the commit and its record.
    await spark().sql(`delete from ${spark().schema}_state.watermarks where value = '2'`)
    expect(await details()).toEqual(['unchanged', 'unchanged', 'unchanged'])
    const shown = (await runFft(['state', 'show', '--json'], folder.dir)).stdout
    expect((JSON.parse(shown) as readonly { readonly value: string }[]).map(({ value }) => value)).toEqual(['2', '2'])
    for (const name of Object.keys(models)) {
      expect(await spark().rows(`select count(*) from ${spark().name(`${name}_m`)}`)).toEqual([['3']])
    }
  }, 300_000)
})
