import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { runBuilt } from '../support/built-command.js'
import { ByHand } from '../support/by-hand.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'

const rounds = { fast: 50, medium: 50, slow: 5 }

const firsts = { fast: 5, medium: 15, slow: 1 }

const base = "materialized='incremental'"
const models: Readonly<Record<string, string>> = {
  merged: `${base}, unique_key='id', updated_at='t'`,
  replaced: `${base}, strategy='delete+insert', unique_key='id'`,
  appended: `${base}, strategy='append', updated_at='t'`,
  overwritten: `${base}, strategy='insert_overwrite', partition_by='part'`,
  windowed: `${base}, strategy='time_range', event_time='ts', begin='2024-01-01', batch_size='day'`,
  versioned: `${base}, strategy='scd2', unique_key='id', updated_at='ts'`,
  evented: `${base}, strategy='cdc', unique_key='id', cdc={'op': 'op', 'sequence': 't'}`,
}

onEveryEngine(
  'two processes that run one project at once',
  (engine) => {
    let folder: ProjectFolder
    let database: Database
    let hand: ByHand
    beforeEach(async () => {
      database = await engine.database()
      folder = await projectFolder(database.profile, database.stateSchema)
      hand = new ByHand(database)
    })
    afterEach(async () => {
      await database.drop()
      await folder.end()
    })

    test(`${rounds[engine.speed]} times over: no row twice, none lost, no deadlock`, async () => {
      const range = engine.words.range(0, 1000)
      const grown = `select i as id, i as t, i % 3 as part, timestamp '2024-01-01 12:00:00' as ts, 'u' as op from ${range} where i < {{ var('n') }}`
      for (const [name, config] of Object.entries(models))
        await folder.write({ [`models/${name}.ff.sql`]: `{{ config(${config}) }}\n${grown}\n` })
      const total = rounds[engine.speed]
      for (let round = 1; round <= total; round += 1) {
        const argv = ['run', '--vars', `n=${round * 2}`]
        const environment = { FFT_NOW: '2024-01-02T00:00:00' }
        const outcomes = await Promise.all([1, 2].map(() => runBuilt(argv, folder.dir, environment)))
        for (const { code, stderr } of outcomes) expect(code, `round ${round}\n${stderr}`).toBe(0)
      }
      for (const name of Object.keys(models)) {
        // The window of the first round is over and done: later rounds leave it alone.
        const expected = name === 'windowed' ? 2 : total * 2
        expect(await hand.rows(`select count(*), count(distinct id), min(id), max(id) from {${name}}`), name).toEqual([
          [String(expected), String(expected), '0', String(expected - 1)],
        ])
      }
    }, 600_000)

    test(`first runs at once, on ${firsts[engine.speed]} new databases: both make the state and the tables`, async () => {
      for (let round = 1; round <= firsts[engine.speed]; round += 1) {
        const fresh = await engine.database()
        const project = await projectFolder(fresh.profile, fresh.stateSchema)
        try {
          await project.write({ 'models/merged.ff.sql': `{{ config(${models['merged']}) }}\nselect 1 as id, 1 as t\n` })
          const outcomes = await Promise.all([1, 2].map(() => runBuilt(['run'], project.dir)))
          for (const { code, stderr } of outcomes) expect(code, `round ${round}\n${stderr}`).toBe(0)
        } finally {
          await fresh.drop()
          await project.end()
        }
      }
    }, 300_000)
  },
  'whenAsked',
)
