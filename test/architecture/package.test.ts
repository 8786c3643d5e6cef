import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readJson = (file: string) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8'))

describe('the package', () => {
  const meta = readJson('package.json')

  test('has exact versions, and no script that runs when it is installed', () => {
    const versions = Object.entries({ ...meta.dependencies, ...meta.devDependencies, ...meta.optionalDependencies })
    expect(versions.filter(([, version]) => !/^(?:npm:[\w-]+@)?\d/.test(String(version)))).toEqual([])
    const atInstall = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare']
    expect(atInstall.filter((name) => name in meta.scripts)).toEqual([])
  })

  test('exports types that import nothing but what is installed with it', () => {
    const installed = [...Object.keys(meta.dependencies), ...Object.keys(meta.peerDependencies ?? {})]
    const foreign = declarations().flatMap((text) =>
      [...text.matchAll(/(?:from|import\() ?['"]([^'"]+)['"]/g)].flatMap(([, name = '']) =>
        name.startsWith('.') || name.startsWith('node:') || installed.some((it) => name.startsWith(it)) ? [] : [name],
      ),
    )
    expect(foreign).toEqual([])
  })
})

// `npm ci` refuses a lockfile in which a platform's package is missing; `npm run lockfile` adds them.
test('the lockfile names the packages of every platform', () => {
  const { packages } = readJson('package-lock.json') as { packages: Record<string, { optionalDependencies?: object }> }
  const missing = Object.entries(packages).flatMap(([parent, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${parent}/node_modules/${name}` in packages),
    ),
  )
  expect(missing).toEqual([])
})

/** The texts of the declaration files, when they are built. */
function declarations(): string[] {
  const folder = `${root}/dist/types`
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
}
