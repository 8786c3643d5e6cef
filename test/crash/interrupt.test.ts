import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { type RunningCommand, runBuilt, startBuilt } from '../support/built-command.js'
import { ByHand } from '../support/by-hand.js'
import { type ProjectFolder, projectFolder } from '../support/project-folder.js'

const config = "materialized='incremental', unique_key='id'"

onEveryEngine(
  'a run of the built command',
  (engine) => {
    let folder: ProjectFolder
    let database: Database
    let hand: ByHand
    const model = (body: string) => ({ 'models/m.ff.sql': `{{ config(${config}) }}\n${body}\n` })
    beforeEach(async () => {
      database = await engine.database()
      folder = await projectFolder(database.profile, database.stateSchema)
      hand = new ByHand(database)
    })
    afterEach(async () => {
      await database.drop()
      await folder.end()
    })

    describe('that Ctrl-C ends while a statement runs', () => {
      test.each([
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const)('%s: exit code %i, the old rows are there, the next run goes on', async (signal, code) => {
        await folder.write(model('select 1 as id'))
        expect((await runBuilt(['run'], folder.dir)).code).toBe(0)
        await folder.write(model(engine.words.endless))
        const running = startBuilt(['run'], folder.dir)
        const { child, ended } = running
        await nodeStarted(running)
        await sleep(500)
        const pressed = performance.now()
        child.kill(signal)
        const outcome = await ended
        expect(outcome.code, outcome.stderr).toBe(code)
        expect(performance.now() - pressed).toBeLessThan(5000)
        expect(await hand.rows('select * from {m}')).toEqual([['1']])
        expect(await hand.relations()).toEqual(['m'])
        await folder.write(model('select 2 as id'))
        expect((await runBuilt(['run'], folder.dir)).code).toBe(0)
        expect(await hand.rows('select * from {m} order by id')).toEqual([['1'], ['2']])
      })

      test('a child of the cancelled node is not started, and nothing was made', async () => {
        await folder.write({ ...model(engine.words.endless), 'models/n.ff.sql': "select * from {{ ref('m') }}\n" })
        const running = startBuilt(['run'], folder.dir)
        const { child, ended } = running
        await nodeStarted(running)
        await sleep(500)
        child.kill('SIGINT')
        const outcome = await ended
        expect(outcome.code).toBe(130)
        expect(outcome.nodes['n']?.status).toBe('skipped')
        expect(await hand.relations()).toEqual([])
      })
    })

    test('at the same time as another one: both end well, and nothing is doubled or lost', async () => {
      const { types, createTable } = engine.words
      await hand.run(createTable('{src}', `id integer, v ${types.text}, t integer`))
      const select = "select * from {{ source('raw', 'src') }}"
      await folder.write({
        'sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: src}]}]\n',
        'models/m.ff.sql': `{{ config(${config}, updated_at='t') }}\n${select}\n`,
        'models/n.ff.sql': `{{ config(materialized='incremental', strategy='append', updated_at='t') }}\n${select}\n`,
      })
      for (const round of [1, 2]) {
        await hand.run(`insert into {src} values (${round}, 'a', ${round}), (${round + 10}, 'b', ${round})`)
        const outcomes = await Promise.all([runBuilt(['run'], folder.dir), runBuilt(['run'], folder.dir)])
        for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0)
        const rows = await hand.rows('select * from {src} order by id')
        for (const name of ['m', 'n']) expect(await hand.rows(`select * from {${name}} order by id`)).toEqual(rows)
      }
      expect(await hand.relations()).toEqual(['m', 'n', 'src'])
    })

    describe.skipIf(!engine.can.has('locks'))('beside another one', () => {
      test.each([
        ['by default', []],
        ['with --wait-lock 60', ['--wait-lock', '60']],
      ])('%s waits for it, says who it is, and both end well', async (_, flags) => {
        await folder.write(model(engine.words.lasting))
        const first = startBuilt(['run'], folder.dir)
        await nodeStarted(first)
        await sleep(300)
        const second = await runBuilt(['run', ...flags], folder.dir)
        expect((await first.ended).nodes['m']?.detail).toBe('created')
        expect(second.code, second.stderr).toBe(0)
        expect(second.nodes['m']?.rows_affected).toBe(0)
        expect(second.stderr).toMatch(/waiting_for_lock.*\d{2,}/)
      })

      test('with --wait-lock 0 fails at once and names who it is', async () => {
        await folder.write(model(engine.words.endless))
        const running = startBuilt(['run'], folder.dir)
        const { child, ended } = running
        await nodeStarted(running)
        await sleep(300)
        const second = await runBuilt(['run', '--wait-lock', '0'], folder.dir)
        child.kill('SIGINT')
        await ended
        expect(second.code).toBe(1)
        const faults = [...second.faults, ...Object.values(second.nodes)]
        expect(faults.map(({ code }) => code)).toEqual([expect.stringMatching(/^(database|relation)-locked$/)])
        expect(faults[0]?.message).toMatch(/\d{2,}/)
      })
    })
  },
  'whenAsked',
)

/** Resolves when the command says that its first node runs. */
async function nodeStarted({ child }: RunningCommand): Promise<void> {
  let stderr = ''
  child.stderr?.on('data', (part) => {
    stderr += part
  })
  while (!stderr.includes('node_started')) await once(child.stderr ?? child, 'data')
}
