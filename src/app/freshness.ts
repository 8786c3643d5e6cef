import { join } from 'node:path'
import type { Connection, Warehouse } from '../adapters/index.js'
import { FftError, relationName, type Severity, text, type UniqueId } from '../core/index.js'
import { rowsOf, type SourceNode } from '../parse/index.js'
import {
  buildSources,
  type FreshnessLimit,
  formatDuration,
  formatTable,
  type SourceFreshness,
} from '../report/index.js'
import { artifactMeta, writeManifest } from './artifacts.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, CompileOptions } from './options.js'
import { parseTime } from './parse-time.js'
import { selectNodes } from './select-nodes.js'
import { withConnection, withWarehouse } from './warehouse.js'
import { writeWhole } from './write-whole.js'

/** `fft source freshness`: how old the newest row of each source is, against its limits. Gives the exit code. */
export async function freshnessCommand(options: CompileOptions, app: AppContext): Promise<number> {
  const started = performance.now()
  const graph = await loadGraph(options, app, { onProfile: (_adapter, _profile, dir) => app.keepEvents?.(dir) })
  const ids = await selectNodes(graph, options, ['source'], app)
  await writeManifest(graph, undefined, app)
  const checked = ids.flatMap((id) => checkOf(graph.dag.nodes.get(id)) ?? [])
  const results = checked.length === 0 ? [] : await measure(checked, graph, app)
  const elapsedMs = performance.now() - started
  const built = buildSources(results, { ...artifactMeta(app), elapsedMs })
  await writeWhole(join(graph.targetDir, 'sources.json'), app.withoutSecrets(JSON.stringify(built)))
  if (results.length === 0) {
    app.emit({ type: 'notice', message: 'no selected source has loaded_at_field with warn_after or error_after' })
    return 0
  }
  for (const [index, result] of results.entries()) tell(result, checked[index], app)
  app.out(formatTable(['source', 'status', 'lag', 'warn after', 'error after'], rows(results, checked), app.outStyle))
  return results.some(({ status }) => status === 'error' || status === 'runtime error') ? 1 : 0
}

/** A source that says how old it may be. */
interface Check {
  readonly node: SourceNode
  readonly column: string
  readonly filter?: string
  readonly warnAfter?: FreshnessLimit
  readonly errorAfter?: FreshnessLimit
}

function checkOf(node: ReturnType<LoadedGraph['dag']['nodes']['get']>): Check | undefined {
  if (node?.resourceType !== 'source') return undefined
  const { loadedAtField: column, freshness } = node.source
  // Checked when sources.yml was read.
  const limits = (freshness ?? {}) as {
    readonly warn_after?: FreshnessLimit
    readonly error_after?: FreshnessLimit
    readonly filter?: string
  }
  if (column === undefined || (limits.warn_after ?? limits.error_after) == null) return undefined
  return {
    node,
    column,
    ...(limits.filter == null ? {} : { filter: limits.filter }),
    ...(limits.warn_after == null ? {} : { warnAfter: limits.warn_after }),
    ...(limits.error_after == null ? {} : { errorAfter: limits.error_after }),
  }
}

function measure(checks: readonly Check[], graph: LoadedGraph, app: AppContext): Promise<readonly SourceFreshness[]> {
  return withWarehouse(graph, 0, app, (warehouse) =>
    withConnection(warehouse, async (connection) => {
      const results: SourceFreshness[] = []
      for (const check of checks) {
        if (app.signal.aborted) break
        results.push(await measureOne(check, { graph, warehouse, connection, app }))
      }
      return results
    }),
  )
}

interface Measuring {
  readonly graph: LoadedGraph
  readonly warehouse: Warehouse
  readonly connection: Connection
  readonly app: AppContext
}

async function measureOne(check: Check, { graph, warehouse, connection, app }: Measuring): Promise<SourceFreshness> {
  const began = performance.now()
  const { node, column, filter, warnAfter, errorAfter } = check
  const base = {
    uniqueId: node.uniqueId,
    snapshottedAt: app.clock(),
    ...(warnAfter === undefined ? {} : { warnAfter }),
    ...(errorAfter === undefined ? {} : { errorAfter }),
    ...(filter === undefined ? {} : { filter }),
  }
  const fails = (failure: string): SourceFreshness => {
    return { ...base, status: 'runtime error', failure, durationMs: performance.now() - began }
  }
  const relation = graph.relations.get(node.uniqueId)
  if (relation === undefined) return fails('it has no relation')
  const { dialect } = warehouse
  const where = filter === undefined ? '' : ` where ${filter}`
  try {
    const sql = `select max(${dialect.quote(column)}) as loaded_at from ${rowsOf(node, relation, dialect)}${where}`
    const newest = (await connection.query(text(sql))).rows[0]?.[0] ?? null
    if (newest === null) return fails(`${relationName(relation)} has no row with a ${column}`)
    const maxLoadedAt = parseTime(newest)
    if (maxLoadedAt === undefined) return fails(`${column} is '${newest}', which is no time`)
    const status = statusOf(base.snapshottedAt.getTime() - maxLoadedAt.getTime(), check)
    return { ...base, status, maxLoadedAt, durationMs: performance.now() - began }
  } catch (error) {
    if (!(error instanceof FftError) || error.code === 'cancelled') throw error
    return fails(error.message)
  }
}

const milliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 }

function statusOf(lagMs: number, { warnAfter, errorAfter }: Check): 'pass' | 'warn' | 'error' {
  const isOver = (limit: FreshnessLimit | undefined) =>
    limit !== undefined && lagMs > limit.count * milliseconds[limit.period]
  return isOver(errorAfter) ? 'error' : isOver(warnAfter) ? 'warn' : 'pass'
}

/** A source that is too old, or whose age cannot be told, at its place in sources.yml. */
function tell(result: SourceFreshness, check: Check | undefined, app: AppContext): void {
  if (check === undefined || result.status === 'pass') return
  const { node, warnAfter, errorAfter } = check
  const name = `${node.source.sourceName}.${node.name}`
  const severity: Severity = result.status === 'warn' ? 'warning' : 'error'
  const limit = result.status === 'warn' ? warnAfter : errorAfter
  const diagnostic =
    result.status === 'runtime error'
      ? { code: 'freshness-unknown', message: `how old '${name}' is cannot be told: ${result.failure}` }
      : { code: 'source-stale', message: `'${name}' is ${lagText(result)} old, more than ${limitText(limit)}` }
  app.emit({ type: 'diagnostic', diagnostic: { ...diagnostic, severity, span: node.span } })
}

function rows(results: readonly SourceFreshness[], checks: readonly Check[]): readonly (readonly string[])[] {
  const names = new Map<UniqueId | string, string>(
    checks.map(({ node }) => [node.uniqueId, `${node.source.sourceName}.${node.name}`]),
  )
  return results.map((result) => [
    names.get(result.uniqueId) ?? result.uniqueId,
    result.status,
    lagText(result),
    limitText(result.warnAfter),
    limitText(result.errorAfter),
  ])
}

function lagText({ maxLoadedAt, snapshottedAt }: SourceFreshness): string {
  if (maxLoadedAt === undefined) return '-'
  const lagMs = snapshottedAt.getTime() - maxLoadedAt.getTime()
  const days = Math.floor(lagMs / milliseconds.day)
  return days < 2 ? formatDuration(lagMs) : `${days} days`
}

function limitText(limit: FreshnessLimit | undefined): string {
  return limit === undefined ? '-' : `${limit.count} ${limit.period}${limit.count === 1 ? '' : 's'}`
}
