import type { NodeStatus } from '../core/index.js'
import { type ArtifactMeta, artifactMetadata } from './artifact-metadata.js'

/** How one node ended, as the artifacts tell it. */
export interface NodeResult {
  readonly uniqueId: string
  readonly name: string
  readonly status: NodeStatus
  /** Undefined: it never began (skipped). */
  readonly startedAt?: Date
  readonly completedAt?: Date
  readonly durationMs: number
  /** `3 inserted, 1 updated`, the failure's message, why it was skipped. */
  readonly message?: string
  /** The statement's kind as the engine names it: `MERGE`, `INSERT`. */
  readonly code?: string
  /** Inserted + updated + deleted. */
  readonly rowsAffected?: number
  /** Tests: rows that failed. */
  readonly failures?: number
  readonly compiledCode?: string
  readonly relationName?: string
  /** Which of the parallel workers ran it, from 1. */
  readonly worker?: number
}

export interface RunResultsMeta extends ArtifactMeta {
  readonly elapsedMs: number
  /** The command's options in dbt's spelling: `which`, `select`, `full_refresh`, … */
  readonly args: Readonly<Record<string, unknown>>
}

/** `run_results.json`, version 6 of dbt's schema. Pure: the times come in. */
export function buildRunResults(
  results: readonly NodeResult[],
  meta: RunResultsMeta,
): Readonly<Record<string, unknown>> {
  return {
    metadata: artifactMetadata('run-results/v6', meta),
    results: results.map(resultOf),
    elapsed_time: meta.elapsedMs / 1000,
    args: meta.args,
  }
}

function resultOf(result: NodeResult): Readonly<Record<string, unknown>> {
  return {
    status: result.status,
    timing: timingOf(result),
    thread_id: `Thread-${result.worker ?? 1}`,
    execution_time: result.durationMs / 1000,
    adapter_response: adapterResponse(result),
    message: result.message ?? null,
    failures: result.failures ?? null,
    unique_id: result.uniqueId,
    compiled: result.compiledCode !== undefined,
    compiled_code: result.compiledCode ?? null,
    relation_name: result.relationName ?? null,
  }
}

function timingOf({ startedAt, completedAt }: NodeResult): Readonly<Record<string, unknown>>[] {
  if (startedAt === undefined || completedAt === undefined) return []
  const started_at = startedAt.toISOString()
  return [
    // Everything was compiled before the first node ran.
    { name: 'compile', started_at, completed_at: started_at },
    { name: 'execute', started_at, completed_at: completedAt.toISOString() },
  ]
}

function adapterResponse({ status, message, code, rowsAffected }: NodeResult): Readonly<Record<string, unknown>> {
  if (status === 'skipped' || (message === undefined && code === undefined && rowsAffected === undefined)) return {}
  return {
    _message: message ?? code ?? '',
    ...(code === undefined ? {} : { code }),
    ...(rowsAffected === undefined ? {} : { rows_affected: rowsAffected }),
  }
}
