import { copyFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeFolder } from '../adapters/index.js'
import type { Manifest } from '../compile/index.js'
import { displaySql, type Relation, type UniqueId } from '../core/index.js'
import type { NodeResult } from '../execute/index.js'
import {
  type ArtifactMeta,
  buildJunit,
  buildManifest,
  buildRunResults,
  type NodeResult as ReportedResult,
  sqlPath,
} from '../report/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'
import { writeWhole } from './write-whole.js'

export interface ArtifactsInput {
  readonly command: string
  readonly graph: LoadedGraph
  readonly manifest: Manifest
  readonly results: readonly NodeResult[]
  /** Where the failures of tests are. */
  readonly stored?: ReadonlyMap<UniqueId, Relation>
  /** For compile: the nodes whose SQL was asked for. */
  readonly compiledIds?: readonly UniqueId[]
  readonly elapsedMs: number
  readonly options?: { readonly reports: readonly string[]; readonly fullRefresh: boolean }
  readonly app: AppContext
}

/** Writes manifest, run results and compiled SQL into the target folder, each file whole or not at all. */
export async function writeArtifacts(input: ArtifactsInput): Promise<void> {
  const { graph, manifest, results, app, command, elapsedMs } = input
  const meta = artifactMeta(app)
  const reported = [...results.map((result) => reportedResult(result, input)), ...compiledResults(input)]
  const args = { which: command, full_refresh: input.options?.fullRefresh ?? false }
  await Promise.all([
    writeManifest(graph, manifest, app),
    writeJson(join(graph.targetDir, 'run_results.json'), buildRunResults(reported, { ...meta, elapsedMs, args }), app),
    ...writeCompiled(graph, manifest, app),
    ...(input.options?.reports ?? []).map((report) => writeReport(report, reported, input)),
  ])
  if (results.length > 0) keepManifest(graph)
}

/** Writes run results without results: the command failed before anything ran. `folder`: absolute, of the artifacts. */
export async function writeEarlyFailure(command: string, folder: string, app: AppContext): Promise<void> {
  app.keepEvents?.(folder)
  const meta = { ...artifactMeta(app), elapsedMs: 0, args: { which: command, ended_early: true } }
  // A folder that cannot be written to is reported by what failed before.
  await writeJson(join(folder, 'run_results.json'), buildRunResults([], meta), app).catch(() => {})
}

/** Collects the statements that nodes ran, and writes them below `run/` in the target folder. */
export class ExecutedSql {
  readonly #statements = new Map<UniqueId, string[]>()

  note(id: UniqueId, sql: string): void {
    const known = this.#statements.get(id)
    if (known === undefined) this.#statements.set(id, [sql])
    else known.push(sql)
  }

  async write({ dag, targetDir }: LoadedGraph, app: AppContext): Promise<void> {
    await Promise.all(
      [...this.#statements].map(([id, statements]) => {
        const node = dag.nodes.get(id)
        if (node === undefined) return undefined
        const text = statements.map((sql) => `${sql};\n`).join('\n')
        return writeWhole(join(targetDir, sqlPath('run', node)), app.withoutSecrets(text))
      }),
    )
  }
}

/** Writes `manifest.json`; without a compiled manifest, what parsing and linking know. */
export async function writeManifest(
  graph: LoadedGraph,
  manifest: Manifest | undefined,
  app: AppContext,
): Promise<void> {
  const path = join(graph.targetDir, 'manifest.json')
  if (manifest === undefined && (await graph.cache?.hasManifest(path)) === true) return
  await writeJson(path, currentManifest(graph, app, manifest), app)
  if (manifest === undefined) await graph.cache?.noteManifest(path)
}

/** `manifest.json` of the project as it is; without a compiled manifest, what parsing and linking know. */
export function currentManifest(graph: LoadedGraph, app: AppContext, manifest?: Manifest) {
  const { dag, relations, adapter, targetDir, macros } = graph
  return buildManifest(manifest ?? { dag, relations, compiled: new Map() }, {
    ...artifactMeta(app),
    engine: graph.profile.engine,
    relationText: (relation) => adapter.dialect.relation(relation),
    targetPath: relative(graph.dir, targetDir),
    macros,
  })
}

/** Where the manifest of the last command that ran nodes is kept: every other command writes `manifest.json` too. */
export function lastRunManifest(targetDir: string): string {
  return join(targetDir, 'cache', 'last-run-manifest.json')
}

function keepManifest({ targetDir }: LoadedGraph): void {
  const kept = lastRunManifest(targetDir)
  try {
    makeFolder(dirname(kept))
    copyFileSync(join(targetDir, 'manifest.json'), kept)
  } catch {
    // It is there for selectors alone: they say what is missing.
  }
}

/** What artifacts say of this invocation. */
export function artifactMeta(app: AppContext): ArtifactMeta {
  return {
    generatedAt: app.clock(),
    invocationId: app.invocationId,
    version: app.version,
    ...(app.now === undefined ? {} : { now: app.now }),
  }
}

function reportedResult(result: NodeResult, { graph, manifest, stored }: ArtifactsInput): ReportedResult {
  const node = graph.dag.nodes.get(result.id)
  const relation = graph.relations.get(result.id) ?? stored?.get(result.id)
  const compiled = manifest.compiled.get(result.id)?.full
  const message = result.failure?.message ?? result.detail
  const ran = result.status !== 'skipped'
  return {
    uniqueId: result.id,
    name: node?.name ?? result.id,
    status: result.status,
    durationMs: result.endedMs - result.startedMs,
    ...(ran ? { startedAt: new Date(result.startedMs), completedAt: new Date(result.endedMs) } : {}),
    ...(message === undefined ? {} : { message }),
    ...(result.rowsAffected === undefined ? {} : { rowsAffected: result.rowsAffected }),
    ...(result.failures === undefined ? {} : { failures: result.failures }),
    ...(compiled === undefined ? {} : { compiledCode: displaySql(compiled) }),
    ...(relation === undefined ? {} : { relationName: graph.adapter.dialect.relation(relation) }),
  }
}

function compiledResults({ graph, compiledIds = [], app }: ArtifactsInput): readonly ReportedResult[] {
  const now = app.clock()
  return compiledIds.map((id) => ({
    uniqueId: id,
    name: graph.dag.nodes.get(id)?.name ?? id,
    status: 'success',
    startedAt: now,
    completedAt: now,
    durationMs: 0,
  }))
}

function writeCompiled(graph: LoadedGraph, manifest: Manifest, app: AppContext): readonly Promise<void>[] {
  return [...manifest.compiled].flatMap(([id, { full }]) => {
    const node = graph.dag.nodes.get(id)
    if (node === undefined || full === undefined || node.resourceType === 'test') return []
    const path = join(graph.targetDir, sqlPath('compiled', node))
    return [writeWhole(path, app.withoutSecrets(`${displaySql(full)}\n`))]
  })
}

function writeReport(report: string, results: readonly ReportedResult[], input: ArtifactsInput): Promise<void> {
  const file = report.replace(/^junit=/, '')
  const meta = { command: input.command, startedAt: input.app.clock(), elapsedMs: input.elapsedMs }
  return writeWhole(file, input.app.withoutSecrets(buildJunit(results, meta)))
}

function writeJson(path: string, value: unknown, app: AppContext): Promise<void> {
  return writeWhole(path, app.withoutSecrets(JSON.stringify(value)))
}
