import { type ArtifactMeta, artifactMetadata } from './artifact-metadata.js'

/** How fresh one source was found. Times are exact; `failure` is set when it could not be told. */
export interface SourceFreshness {
  readonly uniqueId: string
  readonly status: 'pass' | 'warn' | 'error' | 'runtime error'
  readonly maxLoadedAt?: Date
  readonly snapshottedAt: Date
  readonly warnAfter?: FreshnessLimit
  readonly errorAfter?: FreshnessLimit
  readonly filter?: string
  readonly durationMs: number
  readonly failure?: string
}

export interface FreshnessLimit {
  readonly count: number
  readonly period: 'minute' | 'hour' | 'day' | 'week'
}

/** `sources.json`, version 3 of dbt's schema. */
export function buildSources(
  results: readonly SourceFreshness[],
  meta: ArtifactMeta & { readonly elapsedMs: number },
): Readonly<Record<string, unknown>> {
  return {
    metadata: artifactMetadata('sources/v3', meta),
    results: results.map(resultOf),
    elapsed_time: meta.elapsedMs / 1000,
  }
}

function resultOf(result: SourceFreshness): Readonly<Record<string, unknown>> {
  const { uniqueId, status, maxLoadedAt, snapshottedAt, durationMs } = result
  if (maxLoadedAt === undefined || status === 'runtime error')
    return { unique_id: uniqueId, error: result.failure ?? null, status: 'runtime error' }
  return {
    unique_id: uniqueId,
    max_loaded_at: maxLoadedAt.toISOString(),
    snapshotted_at: snapshottedAt.toISOString(),
    max_loaded_at_time_ago_in_s: (snapshottedAt.getTime() - maxLoadedAt.getTime()) / 1000,
    status,
    criteria: {
      warn_after: limitOf(result.warnAfter),
      error_after: limitOf(result.errorAfter),
      filter: result.filter ?? null,
    },
    adapter_response: {},
    timing: [],
    thread_id: 'Thread-1',
    execution_time: durationMs / 1000,
  }
}

/** dbt knows no weeks. */
function limitOf(limit: FreshnessLimit | undefined): Readonly<Record<string, unknown>> {
  if (limit === undefined) return { count: null, period: null }
  return limit.period === 'week' ? { count: 7 * limit.count, period: 'day' } : { ...limit }
}
