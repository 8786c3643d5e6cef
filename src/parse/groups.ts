import type { GroupProperties } from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { parseDiagnostic } from './diagnostics.js'
import type { ModelNode } from './nodes.js'

/** Groups that are defined twice, and those that models name and nobody defines. Reports 'group-duplicate', 'group-unknown'. */
export function checkGroups(models: readonly ModelNode[], groups: readonly GroupProperties[]): readonly Diagnostic[] {
  const byName = new Map<string, GroupProperties>()
  const diagnostics: Diagnostic[] = []
  for (const group of groups) {
    const first = byName.get(group.name)
    if (first === undefined) byName.set(group.name, group)
    else {
      const related = [{ message: 'the first one', span: first.span }]
      diagnostics.push(parseDiagnostic('group-duplicate', { name: group.name }, group.span, related))
    }
  }
  const known = [...byName.keys()]
  for (const { config, placed } of models) {
    if (config.group === undefined || byName.has(config.group)) continue
    diagnostics.push(parseDiagnostic('group-unknown', { name: config.group, known }, placed.placeOf('group')))
  }
  return diagnostics
}
