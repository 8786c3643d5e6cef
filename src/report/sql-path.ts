/** Where a node's SQL stands below the target folder: `compiled/<project>/<path>.sql`; `.ff.sql` becomes `.sql`. */
export function sqlPath(kind: 'compiled' | 'run', packageName: string, path: string): string {
  return `${kind}/${packageName}/${path.replace(/\.ff\.sql$/, '.sql')}`
}
