/** What the place of a node's SQL follows from. */
interface Written {
  readonly packageName: string
  readonly path: string
  readonly name: string
  /** Several blocks may stand in one file. */
  readonly isBlock?: true
}

/**
 * Where a node's SQL stands below the target folder: `compiled/<project>/<path>.sql`; `.ff.sql` becomes `.sql`, and a block
 * of a file has its name behind the file's.
 */
export function sqlPath(kind: 'compiled' | 'run', node: Written): string {
  const inPackage = `packages/${node.packageName}/`
  const below = node.path.startsWith(inPackage) ? node.path.slice(inPackage.length) : node.path
  const path = below.replace(/\.ff\.sql$/, '.sql')
  return `${kind}/${node.packageName}/${node.isBlock === true ? `${path}/${node.name}.sql` : path}`
}
