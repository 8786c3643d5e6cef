declare const brand: unique symbol

/** dbt's unique id: `model.<project>.<name>`, `source.<project>.<source>.<table>`, … */
export type UniqueId = string & { readonly [brand]: 'UniqueId' }

export type ResourceType = 'model' | 'seed' | 'snapshot' | 'source' | 'test'

export function uniqueId(type: ResourceType, ...parts: readonly string[]): UniqueId {
  return [type, ...parts].join('.') as UniqueId
}
