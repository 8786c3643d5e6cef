import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import * as module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const command = fileURLToPath(new URL('../../dist/fft.cjs', import.meta.url))
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fft-code-cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

// Later versions of Node keep their own.
describe.runIf(!('enableCompileCache' in module))('the compiled form of the command', () => {
  test('is kept, one file a command, and used by the next process', () => {
    expect(help()).toBe(0)
    const [file = '', ...others] = kept()
    expect(others).toEqual([])
    const { mtimeMs, mode } = statSync(file)
    expect(mode & 0o077).toBe(0)
    expect(help()).toBe(0)
    expect(kept()).toEqual([file])
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
  })

  test('is made again when the file is damaged', () => {
    help()
    const [file = ''] = kept()
    const whole = readFileSync(file)
    for (const damage of [zeroed(whole), whole.subarray(0, 5000), Buffer.alloc(0)]) {
      writeFileSync(file, damage)
      expect(help()).toBe(0)
      expect(readFileSync(file).length).toBeGreaterThan(100_000)
    }
  })

  test('is not trusted where others may write', () => {
    const own = join(folder, `fft-${process.getuid?.()}`)
    mkdirSync(own)
    chmodSync(own, 0o777)
    expect(help()).toBe(0)
    expect(kept()).toEqual([])
  })

  test('is not needed: no folder, a file in its place, or switched off', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(help({ NODE_COMPILE_CACHE: join(file, 'below') })).toBe(0)
    expect(help({ NODE_COMPILE_CACHE: join(folder, 'not', 'there') })).toBe(0)
    expect(help({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBe(0)
    expect(readdirSync(folder)).toEqual(['file'])
  })
})

function help(environment: Readonly<Record<string, string>> = {}): number | null {
  const env = { ...process.env, NODE_COMPILE_CACHE: folder, ...environment }
  const { status, stdout } = spawnSync(process.execPath, [command, '--help'], { encoding: 'utf8', env })
  expect(stdout).toContain('Usage: fft <command>')
  return status
}

function kept(): string[] {
  return readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)))
}

/** What a machine that lost its power may leave: the right length, and nothing in it. */
function zeroed(content: Buffer): Buffer {
  return Buffer.concat([content.subarray(0, 4096), Buffer.alloc(content.length - 4096)])
}
