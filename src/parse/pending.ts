import { type PlacedModelConfig, pendingKeys } from '../config/index.js'
import type { Diagnostic, SourceSpan } from '../core/index.js'
import type { Project } from '../project/index.js'
import { parseDiagnostic } from './diagnostics.js'

/** Warns, once a key, about configuration that is accepted but does nothing yet: silence would be taken for consent. */
export function pendingConfiguration(
  placed: readonly PlacedModelConfig[],
  { sources }: Project,
  readsFiles: boolean,
): readonly Diagnostic[] {
  const keys = pendingKeys.flatMap((key) => {
    const asking = placed.filter((each) => asksForSomething(each.config.other[key]))
    const places = new Map(asking.map((each) => each.placeOf(key)).map((span) => [placeText(span), span]))
    const [first] = places.values()
    return first === undefined ? [] : [parseDiagnostic('no-effect-yet', { key, others: places.size - 1 }, first)]
  })
  const [external, ...others] = sources.filter((source) => source.external !== undefined)
  const files =
    external === undefined || readsFiles
      ? []
      : [parseDiagnostic('external-not-read', { source: external.name, others: others.length }, external.span)]
  return [...keys, ...files]
}

/** `enforced: false` and its like ask for what happens anyway. */
function asksForSomething(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(asksForSomething)
  return value !== undefined && value !== null && value !== false && value !== 'skip_children'
}

function placeText({ file, line, column }: SourceSpan): string {
  return `${file}:${line}:${column}`
}
