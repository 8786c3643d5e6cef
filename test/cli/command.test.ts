import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const command = `${root}/dist/fft.cjs`
const packageJson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))

describe('the built command', () => {
  test.each(['--version', '-V'])('%s prints the bare version', (flag) => {
    expect(fft(flag)).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
  })

  test.each([['--help'], ['help'], []])('%s prints the help', (...argv) => {
    const { code, stdout, stderr } = fft(...argv)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^SQL transformation projects.*\n\nUsage: fft <command>/)
  })

  test('an unknown command is exit code 2, with the closest one', () => {
    expect(fft('biuld')).toEqual({
      code: 2,
      stdout: '',
      stderr: "error[unknown-command]: unknown command 'biuld'\n  hint: did you mean 'build'?\n",
    })
  })

  test('a folder that is not there is exit code 2', () => {
    const { code, stderr } = fft('run', 'nowhere')
    expect(code).toBe(2)
    expect(stderr).toContain("error[no-such-folder]: there is no folder 'nowhere'")
  })

  test('a reader that goes away early is no fault', async () => {
    const child = spawn(process.execPath, [command, 'completion', 'bash'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (part) => {
      stderr += part
    })
    const [code] = await once(child, 'close')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('--version loads nothing but itself', () => {
    const traced = spawnSync(process.execPath, [command, '--version'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_DEBUG: 'module' },
    })
    expect(traced.stderr).toContain('fft.cjs')
    expect(traced.stderr).not.toContain('main.cjs')
  })
})

describe('the bundle', () => {
  test('is small, and names the licenses of what is in it', () => {
    const sizes = readdirSync(`${root}/dist`, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && /\.c?js$/.test(file.name))
      .map((file) => readFileSync(`${file.parentPath}/${file.name}`).length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000)
    const notices = readFileSync(`${root}/dist/THIRD-PARTY-NOTICES.txt`, 'utf8')
    for (const name of ['commander', 'yaml']) expect(notices).toMatch(new RegExp(`^${name} [\\d.]+ \\(.+\\)$`, 'm'))
  })

  test('is installed without scripts', () => {
    const scripts = Object.keys(packageJson.scripts)
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toContain(name)
  })
})

function fft(...argv: string[]) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...argv], { encoding: 'utf8', env })
  return { code: status, stdout, stderr }
}
