import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('the import rules', () => {
  let result: ICruiseResult

  beforeAll(async () => {
    const options = await extractDepcruiseOptions(`${root}/.dependency-cruiser.cjs`)
    const tsConfig = extractTSConfig(`${root}/tsconfig.json`)
    const { output } = await cruise(['src'], { ...options, baseDir: root }, undefined, { tsConfig })
    if (typeof output === 'string') throw new Error(output)
    result = output
  })

  // With an unsupported TypeScript the tool reads nothing and reports success.
  test('more than 50 modules are read, and every source file is one of them', () => {
    const read = new Set(result.modules.map((module) => module.source))
    const files = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
      .map((file) => `src/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.ts'))
    expect(files.filter((file) => !read.has(file))).toEqual([])
    expect(files.length).toBeGreaterThan(50)
  })

  test('no folder imports what its row of the table leaves out', () => {
    const violations = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
    expect(violations).toEqual([])
  })
})
