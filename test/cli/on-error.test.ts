import { expect, test } from 'vitest'
import { projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

test('children of a failed model are skipped, unless it says on_error: continue; the run has failed all the same', async () => {
  const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  try {
    const child = (name: string) => `select 1 as x -- {{ ref('${name}') }}\n`
    const model = (config: string, column: string) => `{{ config(${config}) }}select ${column} as x\n`
    const good = {
      'models/a.ff.sql': model("on_error='continue'", '1'),
      'models/a_child.ff.sql': child('a'),
      'models/b.ff.sql': model('', '1'),
      'models/b_child.ff.sql': child('b'),
    }
    await folder.write(good)
    expect((await runFft(['run'], folder.dir)).code).toBe(0)
    await folder.write({
      'models/a.ff.sql': model("on_error='continue'", 'nope'),
      'models/b.ff.sql': model('', 'nope'),
    })
    const { code, nodes, faults } = await runFft(['run'], folder.dir)
    expect([code, faults]).toEqual([1, []])
    expect(
      Object.entries(nodes)
        .map(([name, { status }]) => `${name} ${status}`)
        .toSorted(),
    ).toEqual(['a error', 'a_child success', 'b error', 'b_child skipped'])
  } finally {
    await folder.end()
  }
})
