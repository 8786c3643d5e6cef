/** What artifacts say of the invocation that wrote them. */
export interface ArtifactMeta {
  readonly generatedAt: Date
  readonly invocationId: string
  /** fft's version. */
  readonly version: string
  /** FFT_NOW as an ISO 8601 time, when it replaces the clock. */
  readonly now?: string
}

/** dbt's release whose shape the artifacts have; their readers compare it. */
const dbtVersion = '1.9.0'

/** dbt's `metadata` block; fft's own facts stand in `env`, as the schemas allow no other keys. */
export function artifactMetadata(artifact: string, meta: ArtifactMeta) {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${artifact}.json`,
    dbt_version: dbtVersion,
    generated_at: meta.generatedAt.toISOString(),
    invocation_id: meta.invocationId,
    env: { FFT_VERSION: meta.version, ...(meta.now === undefined ? {} : { FFT_NOW: meta.now }) },
  }
}
