import type { Diagnostic, SourceSpan } from '../core/index.js'
import { parseDiagnostic } from './diagnostics.js'

const allowed = /^[A-Za-z0-9_.-]+$/

/** Reports 'name-invalid'. */
export function checkName(name: string, what: string, span: SourceSpan): readonly Diagnostic[] {
  return allowed.test(name) ? [] : [parseDiagnostic('name-invalid', { name, what }, span)]
}

interface Named {
  readonly name: string
  readonly resourceType: string
  readonly span: SourceSpan
}

/**
 * Names share one space, since `ref()` finds all of them. Reports 'name-duplicate' and 'name-differs-in-case' at the
 * later file.
 */
export function checkUniqueNames(nodes: readonly Named[]): readonly Diagnostic[] {
  const seen = new Map<string, Named>()
  const diagnostics: Diagnostic[] = []
  for (const node of nodes) {
    const other = seen.get(node.name.toLowerCase())
    if (other === undefined) {
      seen.set(node.name.toLowerCase(), node)
      continue
    }
    const related = [{ message: 'also defined here', span: other.span }]
    diagnostics.push(
      other.name === node.name
        ? parseDiagnostic(
            'name-duplicate',
            { name: node.name, what: node.resourceType, other: other.resourceType },
            node.span,
            related,
          )
        : parseDiagnostic('name-differs-in-case', { name: node.name, other: other.name }, node.span, related),
    )
  }
  return diagnostics
}

/** The fqn of a node: project, folders between the base folder and the file, name. */
export function fqnOf(project: string, path: string, baseDir: string, name: string): readonly string[] {
  const below = path.startsWith(`${baseDir}/`) ? path.slice(baseDir.length + 1) : path
  return [project, ...below.split('/').slice(0, -1), name]
}

/** File name without folders and without that ending. */
export function stemOf(path: string, ...endings: readonly string[]): string {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const ending = endings.find((candidate) => base.endsWith(candidate))
  return ending === undefined ? base : base.slice(0, -ending.length)
}
