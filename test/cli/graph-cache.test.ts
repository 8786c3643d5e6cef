import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { buildId } from '../../tools/build-id.js'
import { projectFolder } from '../support/project-folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('another build of the same version reads no cache of this one', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'fft-build-'))
  const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  try {
    await folder.write({ 'models/a.ff.sql': 'select 1 as id\n' })
    cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
    cpSync(join(root, 'package.json'), join(copy, 'package.json'))
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    const keyAfterList = () => {
      // What was written just now is not cached.
      spawnSync('sleep', ['0.1'])
      expect(spawnSync(process.execPath, [join(copy, 'dist/fft.cjs'), 'ls'], { cwd: folder.dir }).status).toBe(0)
      return /"key":"(\w+)"/.exec(readFileSync(join(folder.dir, 'target/cache/graph.json'), 'utf8'))?.[1]
    }
    const before = keyAfterList()
    expect(keyAfterList()).toBe(before)
    replaceInBundle(join(copy, 'dist'), buildId(root), '0123456789abcdef')
    expect(keyAfterList()).not.toBe(before)
  } finally {
    rmSync(copy, { recursive: true, force: true })
    await folder.end()
  }
})

function replaceInBundle(dist: string, from: string, to: string): void {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => /\.c?js$/.test(file))
  const withIt = files.filter((file) => readFileSync(join(dist, file), 'utf8').includes(from))
  expect(withIt).not.toEqual([])
  for (const file of withIt)
    writeFileSync(join(dist, file), readFileSync(join(dist, file), 'utf8').replaceAll(from, to))
}
