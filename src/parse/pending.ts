import type { Dialect } from '../adapters/index.js'
import { isEnforced, type PlacedModelConfig, pendingKeys, relationSettings } from '../config/index.js'
import type { Diagnostic, SourceSpan } from '../core/index.js'
import type { Project } from '../project/index.js'
import { parseDiagnostic } from './diagnostics.js'
import type { ModelNode } from './nodes.js'

type Engine = Pick<Dialect, 'engine' | 'files' | 'attach'>

/** Warns, once a key, about configuration that is accepted but does nothing: silence would be taken for consent. */
export function pendingConfiguration(
  placed: readonly PlacedModelConfig[],
  { sources }: Project,
  dialect: Engine,
): readonly Diagnostic[] {
  const missing = missingKeys(dialect)
  const keys = [...pendingKeys, ...missing].flatMap((key) => {
    const asking = placed.filter((each) => asksForSomething(each.config.other[key]))
    const places = new Map(asking.map((each) => each.placeOf(key)).map((span) => [placeText(span), span]))
    const [first] = places.values()
    if (first === undefined) return []
    const others = places.size - 1
    return missing.includes(key)
      ? [parseDiagnostic('no-effect-here', { key, engine: dialect.engine, others }, first)]
      : [parseDiagnostic('no-effect-yet', { key, others }, first)]
  })
  const [external, ...others] = sources.filter((source) => source.external !== undefined)
  const files =
    external === undefined || dialect.files !== undefined
      ? []
      : [parseDiagnostic('external-not-read', { source: external.name, others: others.length }, external.span)]
  return [...keys, ...placed.flatMap((each) => checkWords(each, dialect)), ...files]
}

/** Keys for which the engine has nothing. */
function missingKeys({ attach }: Engine): readonly string[] {
  const wanted = { grants: attach.grants, persist_docs: attach.comments, indexes: attach.indexes, storage: undefined }
  return Object.entries(wanted).flatMap(([key, has]) => (has === undefined ? [key] : []))
}

/** Words of the engine's own: privileges and kinds of indexes. */
function checkWords({ config, placeOf }: PlacedModelConfig, { attach }: Engine): readonly Diagnostic[] {
  if ((config.other.grants ?? config.other.indexes) === undefined) return []
  const { grants = {}, indexes } = relationSettings(config)
  const privileges = attach.grants?.privileges
  const types = attach.indexes?.types
  const unknown = Object.keys(grants).filter((each) => privileges?.includes(each.toLowerCase()) === false)
  const odd = indexes.flatMap(({ type }) => (type === undefined || types === undefined ? [] : [type]))
  return [
    ...unknown.map((privilege) =>
      parseDiagnostic('privilege-unknown', { privilege, known: privileges ?? [] }, placeOf('grants')),
    ),
    ...odd
      .filter((type) => types?.includes(type.toLowerCase()) === false)
      .map((type) => parseDiagnostic('index-type-unknown', { type, known: types ?? [] }, placeOf('indexes'))),
  ]
}

/** Constraints of enforced contracts that are not made, one warning a model and type. */
export function unmadeConstraints(models: readonly ModelNode[], { engine, attach }: Engine): readonly Diagnostic[] {
  return models.flatMap(({ config, columns, constraints, placed }) => {
    if (!isEnforced(config)) return []
    const all = [...columns.flatMap((column) => column.constraints ?? []), ...constraints]
    const told = all.filter(({ isSilent }) => isSilent !== true)
    return [...new Set(told.map(({ type }) => type))].flatMap((type) => {
      const why = whyNotMade(type, config.materialized === 'view', engine, attach.constraints !== undefined)
      return why === undefined
        ? []
        : [parseDiagnostic('constraint-not-made', { type, why }, placed.placeOf('contract'))]
    })
  })
}

function whyNotMade(type: string, isView: boolean, engine: string, hasConstraints: boolean): string | undefined {
  if (isView) return 'a view has none'
  if (!hasConstraints) return `fft makes none on ${engine}`
  if (type === 'foreign_key') return 'it would keep the table that it references from being built anew'
  return type === 'custom' ? 'fft does not know what it says' : undefined
}

/** `enforced: false` and its like ask for what happens anyway. */
function asksForSomething(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(asksForSomething)
  return value !== undefined && value !== null && value !== false && value !== 'skip_children'
}

function placeText({ file, line, column }: SourceSpan): string {
  return `${file}:${line}:${column}`
}
