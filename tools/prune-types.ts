/**
 * Keeps the declarations that a program can reach from the package's entries, and deletes the others: they name
 * packages that are not installed with this one.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const types = fileURLToPath(new URL('../dist/types', import.meta.url))
const kept = new Set<string>()
for (const entry of ['index.d.ts', 'code/api.d.ts']) keep(join(types, entry))
for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
  const path = join(types, file)
  if (path.endsWith('.d.ts') && !kept.has(path)) rmSync(path)
}

function keep(path: string): void {
  if (kept.has(path)) return
  kept.add(path)
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?['"](\.[^'"]+)\.js['"]/g)) {
    keep(resolve(dirname(path), `${name}.d.ts`))
  }
}
