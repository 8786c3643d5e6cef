import { expect, test } from 'vitest'
import { projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { onSpark } from './fixture.js'

onSpark('temporary tables of other runs', (spark) => {
  test('stay for a day, as the run may live, and are dropped then', async () => {
    const folder = await projectFolder(
      { engine: 'databricks', databricks: spark().settings },
      `${spark().schema}_state`,
    )
    const hourMs = 3_600_000
    const tag = (ageMs: number) => `${Math.floor((Date.now() - ageMs) / 1000).toString(16)}0123abcd`
    const [young, old] = [`__fft_stage_${tag(23 * hourMs)}_0`, `__fft_stage_${tag(25 * hourMs)}_0`]
    // As earlier versions named them.
    const ancient = '__fft_aside_0123abcd_4'
    try {
      await folder.write({ 'models/v.ff.sql': "{{ config(materialized='view') }}\nselect 1 as id\n" })
      for (const name of [young, old, ancient]) await spark().sql(`create table ${spark().name(name)} (id int)`)
      expect((await runFft(['run'], folder.dir)).code).toBe(0)
      const left = await spark().warehouse.relations([{ schema: spark().schema }])
      expect(left.map(({ relation }) => relation.identifier).sort()).toEqual([young, 'v'])
    } finally {
      await folder.end()
      await spark().sql(`drop schema if exists ${spark().schema}_state cascade`)
    }
  })
})
