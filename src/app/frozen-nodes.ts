import type { ColumnProperties, IncrementalConfig, ModelConfig, PlacedText, TestConfig } from '../config/index.js'
import type { SourceSpan } from '../core/index.js'
import type { ModelNode, Node, TestNode } from '../parse/index.js'

/** A node as plain data: templates are left out (they are parsed again when one is needed), places are looked up. */
export type FrozenNode = Record<string, unknown>

/** Keys of the configuration that messages of later stages point at. */
const placedKeys = [
  'unique_key',
  'strategy',
  'updated_at',
  'event_time',
  'delta',
  'on_schema_change',
  'on_duplicate_keys',
  'duplicate_rows',
  'concurrent_batches',
  'late_rows',
  'lookback',
  'deletes',
  'predicates',
  'update_columns',
  'exclude_columns',
  'update_when',
  'partition_by',
  'history_columns',
  'begin',
  'batch_size',
  'cdc',
  'full_refresh',
  'protected',
  'materialized',
  'contract',
  'grants',
  'indexes',
] as const

/** What the cache keeps of a node. */
export function freezeNode(node: Node): FrozenNode {
  if (node.resourceType === 'test') return freezeTest(node)
  if (node.resourceType === 'source' || node.resourceType === 'seed')
    return { ...node, columns: withoutTests(node.columns) }
  const { template: _template, placed: _placed, delta, ...rest } = node
  const { contract, grants, indexes } = node.config.other
  const isNamed = node.config.incremental !== undefined || (contract ?? grants ?? indexes) !== undefined
  const places = isNamed ? placesOf(node) : {}
  const columns = withoutTests(node.columns)
  return { ...rest, columns, places, ...(delta === undefined ? {} : { delta: withoutTemplate(delta) }) }
}

// Tests are nodes of their own by now.
function withoutTests(columns: readonly ColumnProperties[]): readonly ColumnProperties[] {
  return columns.map(({ name, description, dataType, quote, constraints, tags, meta }) => ({
    name,
    tags,
    meta,
    tests: [],
    ...(description === undefined ? {} : { description }),
    ...(dataType === undefined ? {} : { dataType }),
    ...(quote === undefined ? {} : { quote }),
    ...(constraints === undefined ? {} : { constraints }),
  }))
}

function placesOf({ placed }: ModelNode): Record<string, SourceSpan> {
  return Object.fromEntries(placedKeys.map((key) => [key, placed.placeOf(key)]))
}

/** Without its place: finding it costs a positioned parse of the YAML file, and only a failing test needs it. */
function freezeTest(node: TestNode): FrozenNode {
  const { uniqueId, resourceType, name, packageName, fqn, path, tags, description, meta, severity, enabled } = node
  const { refs, sources, test } = node
  const kept =
    test.kind === 'singular'
      ? { kind: test.kind, rawCode: test.rawCode }
      : { ...test, config: freezeTestConfig(test.config) }
  const identity = { uniqueId, resourceType, name, packageName, fqn, path, tags, description, meta }
  return { ...identity, severity, enabled, refs, sources, test: kept }
}

function freezeTestConfig(config: TestConfig): FrozenNode {
  const { test, arguments: args, severity, tags, enabled, name, where, storeFailures, limit, warnIf, errorIf } = config
  return { test, arguments: args, severity, tags, enabled, name, where, storeFailures, limit, warnIf, errorIf }
}

function withoutTemplate(delta: NonNullable<ModelNode['delta']>): FrozenNode {
  return delta.way === 'sql' ? { way: delta.way } : { ...delta }
}

/** A node as the parse stage made it, but without templates. */
export function thawNode(frozen: FrozenNode): Node {
  const node = frozen as unknown as Node & { readonly places?: Readonly<Record<string, SourceSpan>> }
  if (node.resourceType === 'source') return node
  if (node.resourceType === 'test') return { ...node, span: { file: node.path, line: 1, column: 1 } }
  const config = thawConfig(node.config)
  if (node.resourceType === 'seed') return { ...node, config }
  const places = node.places ?? {}
  return { ...node, config, placed: { config, placeOf: (key) => places[key] ?? node.span } }
}

function thawConfig(config: ModelConfig): ModelConfig {
  const hooks = { preHook: config.preHook.map(thawText), postHook: config.postHook.map(thawText) }
  const { incremental } = config
  return { ...config, ...hooks, ...(incremental === undefined ? {} : { incremental: thawIncremental(incremental) }) }
}

function thawIncremental(config: IncrementalConfig): IncrementalConfig {
  return config.delta?.kind === 'sql'
    ? { ...config, delta: { kind: 'sql', text: thawText(config.delta.text) } }
    : config
}

// The text was rendered before it was cached; its places are in the compiled SQL.
function thawText(text: PlacedText): PlacedText {
  return { ...text, origin: () => ({ line: 1, column: 1 }) }
}
