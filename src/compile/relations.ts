import type { ModelConfig } from '../config/index.js'
import { type Diagnostic, type Relation, relationName, type SourceSpan, type UniqueId } from '../core/index.js'
import {
  buildScope,
  type ModelNode,
  type Node,
  type ParsedProject,
  recordingHooks,
  type SeedNode,
  type SourceNode,
  type TemplateContext,
} from '../parse/index.js'
import { callMacro, fromHost, printValue, type Value } from '../template/index.js'
import { compileDiagnostic } from './diagnostics.js'

/**
 * The relation of every model, seed, snapshot and source. dbt's naming: a custom schema is appended to the profile's
 * (`<schema>_<custom>`) unless the project defines `generate_schema_name`. Reports 'relation-duplicate' and what
 * is wrong in the naming macros.
 */
export function assignRelations(
  parsed: ParsedProject,
  context: TemplateContext,
): { relations: ReadonlyMap<UniqueId, Relation>; diagnostics: readonly Diagnostic[] } {
  const relations = new Map<UniqueId, Relation>()
  const owners = new Map<string, Node>()
  const diagnostics: Diagnostic[] = []
  const faults = new Map<string, Diagnostic>()
  for (const node of parsed.nodes) {
    const relation = relationOf(node, { context, faults })
    if (relation === undefined) continue
    relations.set(node.uniqueId, relation)
    if (node.resourceType === 'source') continue
    const key = relationName(relation).toLowerCase()
    const other = owners.get(key)
    owners.set(key, node)
    if (other === undefined || other.name === node.name) continue
    const params = { relation: relationName(relation), node: node.name, other: other.name }
    const related = [{ message: 'the other one', span: namePlace(other) }]
    diagnostics.push(compileDiagnostic('relation-duplicate', params, namePlace(node), related))
  }
  // Faulty macros name everything alike: that is no clash of the user's.
  return { relations, diagnostics: faults.size > 0 ? [...faults.values()] : diagnostics }
}

/** Where a node's relation got its name: the `alias` where there is one, else the file. */
function namePlace(node: Node): SourceSpan {
  return 'placed' in node && node.config.alias !== undefined ? node.placed.placeOf('alias') : node.span
}

interface Naming {
  readonly context: TemplateContext
  /** What the naming macros did wrong, by place: each is called for every node. */
  readonly faults: Map<string, Diagnostic>
}

function relationOf(node: Node, naming: Naming): Relation | undefined {
  if (node.resourceType === 'test') return undefined
  if (node.resourceType === 'source') return sourceRelation(node, naming.context)
  if (node.resourceType === 'seed') return seedRelation(node, naming)
  return node.config.materialized === 'ephemeral' ? undefined : configuredRelation(node, node.config, naming)
}

function sourceRelation(node: SourceNode, context: TemplateContext): Relation {
  const { defaults } = context.facts
  const database = node.source.database ?? defaults.database
  return {
    ...(database === undefined ? {} : { database }),
    schema: node.source.schema ?? defaults.schema,
    identifier: node.source.identifier,
  }
}

function seedRelation(node: SeedNode, naming: Naming): Relation {
  const relation = configuredRelation(node, node.config, naming)
  return {
    ...relation,
    ...(node.target?.schema === undefined ? {} : { schema: node.target.schema }),
    ...(node.target?.table === undefined ? {} : { identifier: node.target.table }),
  }
}

function configuredRelation(node: ModelNode | SeedNode, config: ModelConfig, naming: Naming): Relation {
  const { context } = naming
  const { defaults } = context.facts
  const name = (macro: string, custom: string | undefined, fallback: string) =>
    generatedName(macro, custom, node, naming) ?? fallback
  const schema = config.schema === undefined ? defaults.schema : `${defaults.schema}_${config.schema}`
  const database = config.database ?? defaults.database
  const generatedDatabase = generatedName('generate_database_name', config.database, node, naming) ?? database
  const as = (part: string, text: string) => (isUnquoted(config, part) ? context.dialect.unquoted(text) : text)
  return {
    ...(generatedDatabase === undefined ? {} : { database: as('database', generatedDatabase) }),
    schema: as('schema', name('generate_schema_name', config.schema, schema)),
    identifier: as('identifier', name('generate_alias_name', config.alias, config.alias ?? node.name)),
  }
}

/** `quoting: {identifier: false}`: the name is what the engine makes of one without quotes. It is printed in quotes all the same. */
function isUnquoted({ other }: ModelConfig, part: string): boolean {
  const quoting = other.quoting
  return (
    typeof quoting === 'object' &&
    quoting !== null &&
    Object.entries(quoting).some(([key, value]) => key === part && value === false)
  )
}

/** What the project's own naming macro says, or undefined when it has none. */
function generatedName(
  macro: string,
  custom: string | undefined,
  node: ModelNode | SeedNode,
  { context, faults }: Naming,
): string | undefined {
  if (!context.macros.has(macro)) return undefined
  const scope = buildScope(context, recordingHooks)
  const callable = scope.macro(macro)
  if (typeof callable !== 'function') return undefined
  const described: Value = fromHost({
    name: node.name,
    fqn: node.fqn,
    tags: node.tags,
    resource_type: node.resourceType,
  })
  const { value, diagnostics } = callMacro(callable, { args: [custom ?? null, described] }, scope, node.path)
  for (const found of diagnostics) faults.set(JSON.stringify(found.span), found)
  const printed = value === undefined ? undefined : printValue(value)
  return typeof printed === 'string' ? printed.trim() : undefined
}
