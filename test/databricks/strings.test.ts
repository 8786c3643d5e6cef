import { expect, test } from 'vitest'
import { projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'
import { onSpark } from './fixture.js'

onSpark('strings of a model', (spark) => {
  test('may have quotes and comment signs behind a backslash, in models and in ephemeral parents', async () => {
    const folder = await projectFolder(
      { engine: 'databricks', databricks: spark().settings },
      `${spark().schema}_state`,
    )
    await folder.write({
      'models/e.ff.sql': "{{ config(materialized='ephemeral') }}\nselect 'it\\'s --x;' as a -- end;",
      'models/v.ff.sql':
        "{{ config(materialized='view') }}\nselect a, r'c:\\' as b, 'don\\'t -- y' as c from {{ ref('e') }} where a <> 'i\\'m /* z';\n-- end",
    })
    const { code, stderr } = await runFft(['run'], folder.dir)
    expect(code, stderr).toBe(0)
    expect(await spark().rows(`select * from ${spark().name('v')}`)).toEqual([["it's --x;", 'c:\\', "don't -- y"]])
    await folder.end()
  })
})
