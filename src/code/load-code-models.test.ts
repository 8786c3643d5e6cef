import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadCodeModels } from './load-code-models.js'

let projectDir: string
beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'fft-code-'))
})
afterEach(() => rmSync(projectDir, { recursive: true, force: true }))

function write(path: string, text: string): { path: string; text: string } {
  mkdirSync(dirname(join(projectDir, path)), { recursive: true })
  writeFileSync(join(projectDir, path), text)
  return { path, text }
}

async function loadOne(text: string, path = 'models/x.ff.ts') {
  const { models, diagnostics } = await loadCodeModels([write(path, text)], { projectDir })
  return { model: models[0], diagnostics }
}

async function faultOf(text: string): Promise<string> {
  const { diagnostics } = await loadOne(text)
  return diagnostics.map((each) => `${each.span?.file}:${each.span?.line}:${each.span?.column} ${each.code}`).join('\n')
}

const demo = `import { model } from 'fastflowtransform';

export default model(
  { only: ['duckdb', 'postgres'], name: 'fct_events_ts_incremental', deps: ['events_base'], tags: ['a', 'b'],
    meta: { incremental: true, unique_key: ['event_id'], updated_at: 'updated_at' } },
  async ({ events_base }, ctx) => events_base.rows()
);
`

describe('loading a .ff.ts file', () => {
  it('reads the options of the demo model with their places', async () => {
    const { model, diagnostics } = await loadOne(demo)
    expect(diagnostics).toEqual([])
    expect(model?.name).toBe('fct_events_ts_incremental')
    expect(model?.deps).toMatchObject([{ name: 'events_base', span: { line: 4, column: 77, length: 13 } }])
    expect(model?.layer.values).toEqual({
      engines: ['duckdb', 'postgres'],
      tags: ['a', 'b'],
      meta: { incremental: true, unique_key: ['event_id'], updated_at: 'updated_at' },
    })
    expect(model?.span).toMatchObject({ line: 3, column: 16, length: 5 })
    expect(model?.layer.placeOf(['engines'], 'key')).toMatchObject({ line: 4, column: 5 })
    expect(model?.layer.placeOf(['engines', 1])).toMatchObject({ line: 4, column: 22 })
    expect(model?.layer.placeOf(['meta', 'unique_key'], 'key')).toMatchObject({ line: 5, column: 32 })
    expect(model?.layer.textAt(['meta', 'updated_at'])?.text).toBe('updated_at')
    expect(model?.layer.textAt(['meta', 'updated_at'])?.origin(2)).toEqual({ line: 5, column: 73 })
  })

  it('names the model after its file when no name is given, and drops a trailing .ff', async () => {
    expect(
      (await loadOne(`import { model } from 'fastflowtransform'\nexport default model({}, () => [])`)).model?.name,
    ).toBe('x')
    const named = `import { model } from 'fastflowtransform'\nexport default model({ name: 'y.ff' }, () => [])`
    expect((await loadOne(named)).model?.name).toBe('y')
  })

  it('follows relative imports, runs TypeScript that needs code, and lists the imported files', async () => {
    write('models/lib.ts', `import { three } from '../shared/x.js'\nexport const six = () => 2 * three()`)
    write('shared/x.ts', `export enum Number { Three = 3 }\nexport const three = () => Number.Three`)
    const { model, diagnostics } = await loadOne(`import { model, type Row } from 'fastflowtransform'
import { six } from './lib.ts'
interface Unused extends Row { a: number }
export default model({ tags: ['t' + six()] }, () => [])`)
    expect(diagnostics).toEqual([])
    expect(model?.layer.values).toEqual({ tags: ['t6'] })
    expect(model?.importedFiles).toEqual([join(projectDir, 'models/lib.ts'), join(projectDir, 'shared/x.ts')])
  })

  it('sees a file that changed since it was loaded before', async () => {
    write('models/lib.ts', `export const tag = 'one'`)
    const text = `import { model } from 'fastflowtransform'\nimport { tag } from './lib'\nexport default model({ tags: tag }, () => [])`
    expect((await loadOne(text)).model?.layer.values).toEqual({ tags: 'one' })
    write('models/lib.ts', `export const tag = 'two'`)
    expect((await loadOne(text)).model?.layer.values).toEqual({ tags: 'two' })
  })

  it('finds options in a variable, behind a renamed import and with a type tail', async () => {
    const { model } = await loadOne(`import { model as define } from 'fastflowtransform'
const re = /["'\`{]/g, n = 4 / 2
const options = {
  // a comment with 'quotes'
  'description': \`two
lines\`, /* and */ tags: ['a'] as const,
} as const
export default define(options, () => [])`)
    expect(model?.span).toMatchObject({ line: 8, column: 16 })
    expect(model?.layer.placeOf(['tags', 0])).toMatchObject({ line: 6, column: 26 })
    expect(model?.layer.textAt(['description'])?.text).toBe('two\nlines')
    expect(model?.layer.textAt(['description'])?.origin(5)).toEqual({ line: 6, column: 2 })
  })
})

describe('a fault in a .ff.ts file', () => {
  const head = `import { model } from 'fastflowtransform'\n`

  it('is shown at the character of a syntax error, columns in code points', async () => {
    expect(await faultOf(`const a = '🎉'; const b = 1 +* 2`)).toBe('models/x.ff.ts:1:29 code-syntax')
    expect(await faultOf(`${head}export default model({ name: 'a', async () => 1)\n`)).toBe(
      'models/x.ff.ts:2:44 code-syntax',
    )
  })

  it('is shown in the imported file that has the syntax error', async () => {
    write('models/lib.ts', `export const a = 1\nexport const = 2`)
    expect(await faultOf(`${head}import { a } from './lib.ts'\nexport default model({ tags: [a] }, () => [])`)).toBe(
      'models/lib.ts:2:14 code-syntax',
    )
  })

  it('is shown at the import that names no file or package', async () => {
    expect(await faultOf(`${head}import { a } from './nope.ts'\nexport default model({ name: a }, () => [])`)).toBe(
      'models/x.ff.ts:2:19 code-import-not-found',
    )
    expect(await faultOf(`${head}import a from 'no-such-package'\nexport default model({ name: a }, () => [])`)).toBe(
      'models/x.ff.ts:2:15 code-import-not-found',
    )
  })

  it('names an export that fastflowtransform does not have', async () => {
    const { diagnostics } = await loadOne(
      `import { modle } from 'fastflowtransform'\nexport default modle({}, () => [])`,
    )
    expect(diagnostics).toMatchObject([
      { code: 'code-unknown-export', hint: "did you mean 'model'?", span: { line: 1, column: 10 } },
    ])
  })

  it('is shown at the innermost line of the project when loading throws', async () => {
    write(
      'models/lib.ts',
      `type A = string\nexport function check(a: A) {\n  if (a) throw new RangeError('too much')\n}`,
    )
    const { diagnostics } = await loadOne(
      `${head}import { check } from './lib.ts'\nconst x: string = 'é'; check(x)\nexport default model({}, () => [])`,
    )
    expect(diagnostics).toMatchObject([
      {
        code: 'code-load-threw',
        message: 'the file threw while it was loaded: RangeError: too much',
        span: { file: 'models/lib.ts', line: 3, column: 16 },
      },
    ])
  })

  it('is shown at its column also in the first line, behind a symbolic link, and with CRLF', async () => {
    expect(await faultOf(`const x: number = 1; if (x) throw new Error('no')`)).toBe(
      'models/x.ff.ts:1:35 code-load-threw',
    )
    const link = `${projectDir}-link`
    symlinkSync(projectDir, link)
    write('shared/f.ts', `export const f = () => {\r\n  throw new Error('x')\r\n}\r\n`)
    const file = write(
      'models/y.ff.ts',
      `${head}import { f } from '../shared/f'\nexport default model({ tags: f() }, () => [])`,
    )
    const { diagnostics } = await loadCodeModels([file], { projectDir: link })
    rmSync(link)
    expect(diagnostics).toMatchObject([{ span: { file: 'shared/f.ts', line: 2, column: 9 } }])
  })

  it('is shown without advice for other tools', async () => {
    const { diagnostics } = await loadOne(`class A { accessor z = 1 }`)
    expect(diagnostics[0]?.message).toMatch(/^syntax error: .*isn't currently enabled$/)
  })

  it('is shown when no model is exported', async () => {
    expect(await faultOf(`export const a = 1`)).toBe('models/x.ff.ts:1:1 code-no-default-export')
    expect(await faultOf(`${head}export const a = model({}, () => [])`)).toBe(
      'models/x.ff.ts:1:1 code-no-default-export',
    )
    expect(await faultOf(`const b = 2\nexport default { name: 'x' }`)).toBe('models/x.ff.ts:2:16 code-not-a-model')
    expect(await faultOf(`${head}export default model({ name: 'x' } as any)`)).toBe(
      'models/x.ff.ts:2:16 code-build-missing',
    )
  })

  it('is shown at the key of an unknown option, with the closest one', async () => {
    const { diagnostics } = await loadOne(`${head}export default model({ tag: ['a'], nmae: 'x' }, () => [])`)
    expect(diagnostics).toMatchObject([
      { code: 'code-unknown-option', hint: "did you mean 'tags'?", span: { line: 2, column: 24, length: 3 } },
      { code: 'code-unknown-option', hint: "did you mean 'name'?", span: { line: 2, column: 36 } },
    ])
  })

  it('is shown at its key behind a namespace import and type arguments', async () => {
    const spread = `import * as fft from 'fastflowtransform'\nconst common = { tags: ['a'] }\n`
    expect(await faultOf(`${spread}export default fft.model({ ...common, xyz: 1 } as any, () => [])`)).toBe(
      'models/x.ff.ts:3:39 code-unknown-option',
    )
    expect(await faultOf(`${head}export default model<readonly ['a']>({ deps: ['a'], xyz: 1 } as any, () => [])`)).toBe(
      'models/x.ff.ts:2:53 code-unknown-option',
    )
  })

  it('is shown at the value of a wrong option', async () => {
    expect(
      await faultOf(`${head}export default model({ deps: 'a', name: 'a b', columns: { n: 3 } } as any, () => [])`),
    ).toBe(
      [
        'models/x.ff.ts:2:41 code-wrong-option',
        'models/x.ff.ts:2:30 code-wrong-option',
        'models/x.ff.ts:2:62 code-wrong-option',
      ].join('\n'),
    )
    expect(await faultOf(`${head}export default model({ deps: ['a', 3] } as any, () => [])`)).toBe(
      'models/x.ff.ts:2:36 code-wrong-option',
    )
  })

  it('of one file does not hide those of others', async () => {
    const files = [
      write('models/a.ff.ts', 'const ='),
      write('models/b.ff.ts', demo),
      write('models/c.ff.ts', 'throw "no"'),
    ]
    const { models, diagnostics } = await loadCodeModels(files, { projectDir })
    expect(models.map((each) => each.path)).toEqual(['models/b.ff.ts'])
    expect(diagnostics.map((each) => [each.span?.file, each.code])).toEqual([
      ['models/a.ff.ts', 'code-syntax'],
      ['models/c.ff.ts', 'code-load-threw'],
    ])
  })
})
