import type { SourceProperties } from '../config/index.js'
import type { Relation } from '../core/index.js'
import type { TemplateContext } from './context.js'
import type { Node } from './nodes.js'

type Dialect = TemplateContext['dialect']

/** SQL of a source's files, for engines that read files; undefined for a table. `dir`: the absolute project folder. */
export function filesOf({ external }: SourceProperties, dialect: Dialect, dir: string): string | undefined {
  if (external === undefined || dialect.files === undefined) return undefined
  const { location, format, options, ...more } = external
  const path = String(location)
  const isAbsolute = path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path)
  return dialect.files({
    location: isAbsolute ? path : `${dir}/${path.replace(/^\.\//, '')}`,
    format: typeof format === 'string' ? format : undefined,
    options: { ...more, ...(typeof options === 'object' ? options : {}) },
  })
}

/** A node's rows in a FROM clause: its relation, or the files of a source. */
export function rowsOf(node: Node | undefined, relation: Relation, dialect: Dialect): string {
  return (node?.resourceType === 'source' ? node.files : undefined) ?? dialect.relation(relation)
}
