import { expect, test } from 'vitest'
import { projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { onSpark } from './fixture.js'

onSpark('seeds', (spark) => {
  test.each(['parquet', 'delta'])('become tables of the table_format: %s', async (format) => {
    const databricks = { ...spark().settings, table_format: format }
    const folder = await projectFolder({ engine: 'databricks', databricks }, `${spark().schema}_state`)
    await folder.write({
      'seeds/s.csv': "id,v\n1,it's\n2,\n",
      'seeds/j.json': '[{"id": 1, "v": "x"}]',
      'seeds/schema.yml':
        'version: 2\nseeds: [{name: s, config: {meta_columns: true}}, {name: j, config: {meta_columns: true}}]\n',
    })
    for (const _ of ['first', 'again']) {
      const { code, stderr } = await runFft(['seed'], folder.dir)
      expect(code, stderr).toBe(0)
    }
    const { rows, name } = spark()
    const loaded = '_ff_loaded_at is not null'
    expect(await rows(`select id, v, ${loaded} from ${name('s')} order by id`)).toEqual([
      ['1', "it's", 'true'],
      ['2', null, 'true'],
    ])
    expect(await rows(`select id, v, ${loaded} from ${name('j')}`)).toEqual([['1', 'x', 'true']])
    for (const seed of ['s', 'j']) {
      const described = await rows(`describe extended ${name(seed)}`)
      expect(described.find(([key]) => key === 'Provider')?.[1]).toBe(format)
    }
    await spark().sql(`drop table ${name('s')}`, `drop table ${name('j')}`)
    await folder.end()
  })
})
