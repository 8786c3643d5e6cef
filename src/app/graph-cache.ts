import { createHash } from 'node:crypto'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../adapters/index.js'
import type { CompiledNode } from '../compile/index.js'
import type { Profile } from '../config/index.js'
import type { Diagnostic, Relation, UniqueId } from '../core/index.js'
import type { ParsedProject } from '../parse/index.js'
import { listProjectFiles } from '../project/index.js'
import type { MacroText } from '../report/index.js'
import { type FrozenNode, freezeNode, thawNode } from './frozen-nodes.js'
import type { AppContext, GlobalOptions } from './options.js'

declare const FFT_BUILD_ID: string | undefined

// Two builds of one version may parse differently.
const build = typeof FFT_BUILD_ID === 'string' ? FFT_BUILD_ID : 'source'

/** Everything of a parsed project that commands need; what was read to make it is in the key. */
export interface CachedGraph {
  readonly projectName: string
  readonly stateSchema: string
  readonly profile: Profile
  readonly vars: Readonly<Record<string, unknown>>
  readonly parsed: ParsedProject
  readonly relations: readonly (readonly [UniqueId, Relation])[]
  readonly seedOfSource: readonly (readonly [UniqueId, UniqueId])[]
  readonly hasCodeModels: boolean
  readonly macros: readonly MacroText[]
  /** Shown every time. */
  readonly warnings: readonly Diagnostic[]
}

interface CacheFile extends Omit<CachedGraph, 'parsed'> {
  readonly key: string
  readonly parsed: Omit<ParsedProject, 'nodes'> & { readonly nodes: readonly FrozenNode[] }
}

/** Answers from what an earlier invocation found, when nothing that it read has changed. */
export interface GraphCache {
  load(): Promise<CachedGraph | undefined>
  save(graph: CachedGraph): Promise<void>
  loadCompiled(): Promise<ReadonlyMap<UniqueId, CompiledNode> | undefined>
  saveCompiled(compiled: ReadonlyMap<UniqueId, CompiledNode>): Promise<void>
  /** Whether `manifest.json` was written for this very project by a command that only reads. */
  hasManifest(path: string): Promise<boolean>
  noteManifest(path: string): Promise<void>
}

/**
 * The cache of a project, or undefined when it must not be used. It is trusted only while every file that a project
 * consists of has the same size and time of change, and options, environment and fft itself are the same.
 */
export function openGraphCache(options: GlobalOptions, app: AppContext): GraphCache | undefined {
  const folder = options.targetPath ?? join(options.projectDir, 'target')
  const key = cacheKey(options, app)
  if (key === undefined) return undefined
  const path = (name: string) => join(folder, 'cache', `${name}.json`)
  return {
    load: async () => {
      const file = await readCache<CacheFile>(path('graph'), key)
      return file && { ...file, parsed: { ...file.parsed, nodes: file.parsed.nodes.map(thawNode) } }
    },
    save: (graph) => {
      const parsed = { ...graph.parsed, nodes: graph.parsed.nodes.map(freezeNode) }
      return writeCache(path('graph'), { key, ...graph, parsed } satisfies CacheFile)
    },
    loadCompiled: async () => {
      const file = await readCache<{ key: string; compiled: [UniqueId, CompiledNode][] }>(path('compiled'), key)
      return file && new Map(file.compiled)
    },
    saveCompiled: (compiled) => writeCache(path('compiled'), { key, compiled: [...compiled] }),
    hasManifest: async (manifest) => {
      const noted = await readCache<{ key: string; mark: string }>(path('manifest'), key)
      return noted !== undefined && noted.mark === (await fileMark(manifest))
    },
    noteManifest: async (manifest) => writeCache(path('manifest'), { key, mark: await fileMark(manifest) }),
  }
}

/** A project file that was changed this short a time ago may change again within the clock's tick: it is not cached. */
const settledMs = 50

function cacheKey(options: GlobalOptions, app: AppContext): string | undefined {
  const hash = createHash('sha1')
  const { projectDir, env, engine, vars, profilesDir, targetPath, environment } = options
  hash.update(JSON.stringify([app.version, build, projectDir, env, engine, vars, profilesDir, targetPath]))
  // Any variable may be read by a template; these change from shell to shell and mean nothing to a project.
  const passing = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'COLUMNS', 'LINES', 'FFT_NOW'])
  for (const name of Object.keys(environment).sort())
    if (!passing.has(name)) hash.update(`${name}=${environment[name]}\0`)
  const now = BigInt(Date.now()) * 1_000_000n
  try {
    for (const { path, sizeBytes, mtimeNs } of listings(projectDir, profilesDir)) {
      if (!isRead(path)) continue
      if (now - mtimeNs < BigInt(settledMs) * 1_000_000n) return undefined
      hash.update(`${path}\0${sizeBytes}\0${mtimeNs}\0`)
    }
  } catch {
    return undefined
  }
  return hash.digest('hex')
}

function listings(projectDir: string, profilesDir: string | undefined) {
  const own = listProjectFiles(projectDir)
  if (profilesDir === undefined) return own
  return [...own, ...listProjectFiles(profilesDir).filter(({ path }) => /^profiles\.ya?ml$/.test(path))]
}

function isRead(path: string): boolean {
  return /\.(sql|j2|[cm]?[jt]s|json|ya?ml|csv|tsv|parquet|pq|ndjson|jsonl)$|(^|\/)\.env[^/]*$/i.test(path)
}

async function readCache<File extends { readonly key: string }>(path: string, key: string): Promise<File | undefined> {
  try {
    const text = await readFile(path, 'utf8')
    // The key stands first, so that a stale cache is told without parsing it.
    if (!text.startsWith(`{"key":"${key}"`)) return undefined
    return JSON.parse(text) as File
  } catch {
    return undefined
  }
}

/** A cache that cannot be written is no fault. */
async function writeCache(path: string, value: unknown): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  try {
    makeFolder(dirname(path))
    await writeFile(aside, JSON.stringify(value))
    await rename(aside, path)
  } catch {
    return
  }
}

async function fileMark(path: string): Promise<string> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined)
  return stats === undefined ? 'none' : `${stats.size} ${stats.mtimeNs}`
}
