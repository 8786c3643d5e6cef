/**
 * Adds to package-lock.json the platform packages that npm left out because its registry does not carry them: `npm ci`
 * refuses a lockfile without them, though it installs only those of its own platform. Run it after `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Entry {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const operatingSystems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> }
const missing = Object.entries(lock.packages).flatMap(([parent, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !has(`node_modules/${name}`) && !has(`${parent}/node_modules/${name}`))
    .map(([name, version]) => [`node_modules/${name}`, platformEntry(name, version, entry)] as const),
)
const [[rootKey, root] = ['', {}], ...rest] = Object.entries(lock.packages)
const packages = [...rest, ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries([[rootKey, root], ...packages])
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${missing.length} platform packages added`)

function has(key: string): boolean {
  return lock.packages[key] !== undefined
}

/** What the name says of the platform: `@biomejs/cli-linux-arm64-musl`. */
function platformEntry(name: string, version: string, parent: Entry): Entry {
  const words = name.replace(/^@[^/]+\//, '').split('-')
  const find = (known: readonly string[]): string[] => known.filter((word) => words.includes(word))
  const [os, cpu] = [find(operatingSystems), find(processors)]
  if (!/^\d/.test(version) || os.length !== 1 || cpu.length !== 1) {
    throw new Error(`${name}@${version}: which platform is that?`)
  }
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.includes('gnu') ? ['glibc'] : []
  return {
    version,
    cpu,
    ...(parent.dev === true ? { dev: true } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    os,
  }
}
