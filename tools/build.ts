/**
 * Builds the command and the library into dist/: one minified file whose parts run when they are first asked for, a small
 * one that starts it, and the license texts of what is inside. `--if-stale` builds only when a source file is newer.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile, type Plugin } from 'esbuild'
import { buildId } from './build-id.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const command = join(dist, 'fft.cjs')

async function bundle(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const shared = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    define: { FFT_PACKAGE_VERSION: JSON.stringify(version), FFT_BUILD_ID: JSON.stringify(buildId(root)) },
    legalComments: 'none',
  } as const
  // CommonJS in one file: Node starts it sooner than modules in many, and its compiled form can be kept.
  const code = await build({
    ...shared,
    stdin: {
      contents: "export * from './index.js'\nexport { main } from './cli/main.js'",
      resolveDir: join(root, 'src'),
      loader: 'ts',
    },
    outfile: join(dist, 'main.cjs'),
    format: 'cjs',
    // A script from the code cache cannot import.
    supported: { 'dynamic-import': false },
    metafile: true,
    define: { ...shared.define, 'import.meta.url': '$url' },
    banner: { js: 'const $url=require("node:url").pathToFileURL(__filename).href;' },
    external: ['jiti', 'pg-native', '@databricks/sql', 'fastflowtransform'],
    plugins: [duckdbBindings],
  })
  const start = await build({ ...shared, entryPoints: ['src/cli/fft.ts'], outfile: command, format: 'cjs' })
  removeOldCode()
  mkdirSync(dist, { recursive: true })
  for (const file of [...code.outputFiles, ...start.outputFiles]) writeFileSync(file.path, file.text)
  writeFileSync(join(dist, 'index.js'), libraryEntry())
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(code.metafile))
  chmodSync(command, 0o755)
}

/**
 * The JavaScript of @duckdb/node-api is bundled (it loads three times as fast); its native binding is not. It is
 * looked up from where node-api is installed, as package managers with strict trees hide it from this package.
 */
const duckdbBindings: Plugin = {
  name: 'duckdb-bindings',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@duckdb\/node-bindings/ }, ({ path }) => ({ path, namespace: 'duckdb-bindings' }))
    onLoad({ filter: /.*/, namespace: 'duckdb-bindings' }, ({ path }) => ({
      contents: `const api = '@duckdb/node-api', name = ${JSON.stringify(path)}
        module.exports = require('node:module').createRequire(require.resolve(api))(name)`,
      loader: 'js',
    }))
  },
}

/** The library is the same file; `main` is the command's alone. */
function libraryEntry(): string {
  const exported: object = createRequire(import.meta.url)(join(dist, 'main.cjs'))
  const names = Object.keys(exported).filter((name) => name !== 'main')
  return `export { ${names.join(', ')} } from './main.cjs'\n`
}

function removeOldCode(): void {
  for (const name of existsSync(dist) ? readdirSync(dist) : []) {
    if (/\.c?js$/.test(name)) rmSync(join(dist, name))
  }
}

function notices(metafile: Metafile): string {
  const folders = Object.keys(metafile.inputs).flatMap(
    (input) => input.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [],
  )
  return [...new Set(folders)].sort().map(noticeOf).join('\n')
}

function noticeOf(folder: string): string {
  const meta = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<string, string>
  const file = readdirSync(join(root, folder)).find((name) => /^(licen[cs]e|copying)/i.test(name))
  const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim()
  return `${meta.name} ${meta.version} (${meta.license})\n\n${text}\n\n${'-'.repeat(80)}\n`
}

function isStale(): boolean {
  if (!existsSync(command)) return true
  const built = statSync(command).mtimeMs
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(root, 'src', file))
  return [...sources, join(root, 'package.json'), fileURLToPath(import.meta.url)].some((file) => {
    const isNewer = statSync(file).mtimeMs > built
    if (isNewer) console.log(`building dist: ${relative(root, file)} is newer`)
    return isNewer
  })
}

if (!process.argv.includes('--if-stale') || isStale()) {
  // esbuild has printed what is wrong.
  await bundle().catch((error: unknown) => {
    if (!(error instanceof Error && 'errors' in error)) throw error
    process.exitCode = 1
  })
}
