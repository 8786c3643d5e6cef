/** The full name of a table or view, as the engine spells it, unquoted. */
export interface Relation {
  readonly database?: string
  readonly schema: string
  readonly identifier: string
}

export type RelationKind = 'table' | 'view'

const simple = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The one text form of a relation's full name: a key for state and for messages. Lossless: parts that are not plain
 * names are double-quoted, so two relations never share a key.
 */
export function relationName(relation: Relation): string {
  return [relation.database, relation.schema, relation.identifier]
    .filter((part) => part !== undefined)
    .map((part) => (simple.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.')
}

/** Names that differ only in letter case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
