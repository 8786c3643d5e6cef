import { type ArtifactMeta, artifactMetadata } from './artifact-metadata.js'

/** A relation of a node or source as the warehouse has it. */
export interface CatalogRelation {
  readonly uniqueId: string
  readonly isSource: boolean
  readonly database?: string
  readonly schema: string
  readonly identifier: string
  readonly kind: 'table' | 'view'
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

type Json = Readonly<Record<string, unknown>>

/** `catalog.json`, version 1 of dbt's schema. */
export function buildCatalog(relations: readonly CatalogRelation[], meta: ArtifactMeta): Json {
  const entries = (ofSources: boolean) =>
    Object.fromEntries(
      relations.filter(({ isSource }) => isSource === ofSources).map((each) => [each.uniqueId, entry(each)]),
    )
  return { metadata: artifactMetadata('catalog/v1', meta), nodes: entries(false), sources: entries(true), errors: null }
}

function entry({ uniqueId, database, schema, identifier, kind, columns }: CatalogRelation): Json {
  return {
    unique_id: uniqueId,
    metadata: {
      type: kind === 'view' ? 'VIEW' : 'BASE TABLE',
      database: database ?? null,
      schema,
      name: identifier,
      comment: null,
      owner: null,
    },
    columns: Object.fromEntries(
      columns.map(({ name, type }, index) => [name, { type, index: index + 1, name, comment: null }]),
    ),
    stats: {
      has_stats: {
        id: 'has_stats',
        label: 'Has Stats?',
        value: false,
        include: false,
        description: 'Indicates whether there are statistics for this table',
      },
    },
  }
}
