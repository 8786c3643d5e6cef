import type { Diagnostic, Hole, Relation, Sql, UniqueId } from '../core/index.js'
import { trimBlankLines } from '../core/index.js'
import type { Dag } from '../graph/index.js'
import {
  buildScope,
  type ModelNode,
  type RenderHooks,
  refArguments,
  relationValue,
  rowsOf,
  sourceArguments,
  type TemplateContext,
  type TestNode,
  watermarkColumn,
} from '../parse/index.js'
import {
  type Call,
  parseTemplate,
  Rope,
  renderTemplate,
  type Template,
  Undefined,
  type Value,
} from '../template/index.js'
import { cteName } from './ephemeral.js'
import { type Sample, sampledSelect, sampleName } from './sample.js'

/** What rendering a node needs from the linked project. */
export interface RenderContext {
  readonly dag: Dag
  readonly relations: ReadonlyMap<UniqueId, Relation>
  readonly context: TemplateContext
  /** Answers `run_query` at execution; at compile there is none. */
  readonly runQuery?: (sql: string, call: Call) => Value
  readonly log?: (message: string) => void
  /** What is read of parents; undefined: everything. */
  readonly sample?: Sample
  /** Further names of this rendering. */
  readonly extra?: ReadonlyMap<string, Value>
}

/** A rendered template: its SQL, the parents that it names and that stand in front of it as CTEs, and its faults. */
export interface RenderedSql {
  readonly sql: Sql
  /** Ephemeral ones, and those of which a sample is read. */
  readonly ephemeral: readonly UniqueId[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Renders a model's or test's template with relations known. Blank lines at both ends are gone. */
export function renderNode(
  node: ModelNode | TestNode,
  template: Template,
  isIncremental: boolean,
  input: RenderContext,
): RenderedSql {
  const ephemeral: UniqueId[] = []
  const scope = buildScope(input.context, hooksFor(node, isIncremental, input, ephemeral))
  const { sql, diagnostics } = renderTemplate(template, scope)
  return { sql: trimBlankLines(sql), ephemeral: [...new Set(ephemeral)], diagnostics }
}

/** Renders a hook's or another small text in the node's context. */
export function renderText(
  node: ModelNode | TestNode,
  text: Parameters<typeof parseTemplate>[0],
  isIncremental: boolean,
  input: RenderContext,
): RenderedSql {
  const { template, diagnostics } = parseTemplate(text)
  if (template === undefined) return { sql: [], ephemeral: [], diagnostics }
  return renderNode(node, template, isIncremental, input)
}

function hooksFor(
  node: ModelNode | TestNode,
  isIncremental: boolean,
  input: RenderContext,
  ephemeral: UniqueId[],
): RenderHooks {
  const { context, dag, relations, sample } = input
  const parent = (id: UniqueId): Value => {
    const relation = relations.get(id)
    if (relation !== undefined) {
      const isWhole = sampledSelect(dag.nodes.get(id), relation, sample, context.dialect) === undefined
      if (isWhole) return relationValue(context, relation, rowsOf(dag.nodes.get(id), relation, context.dialect))
      ephemeral.push(id)
      return relationValue(context, relation, context.dialect.quote(cteName(sampleName(id, dag))))
    }
    ephemeral.push(id)
    const name = cteName(dag.nodes.get(id)?.name ?? '')
    return relationValue(context, { schema: '', identifier: name }, context.dialect.quote(name))
  }
  return {
    ref: (call) => {
      const reference = refArguments(call)
      const id = reference && dag.resolveRef(node.uniqueId, reference.name, reference.package)
      return id === undefined ? '' : parent(id)
    },
    source: (call) => {
      const reference = sourceArguments(call)
      const id = reference && dag.resolveSource(reference.source, reference.table)
      return id === undefined ? '' : parent(id)
    },
    config: () => '',
    configValue: (name) => configValue(node, name),
    self: relations.get(node.uniqueId),
    isIncremental: () => isIncremental,
    watermark: (call) => watermarkHole(call),
    batch: (part, call) => rope({ kind: 'batch', part, span: call.span }),
    runQuery: (call) =>
      input.runQuery === undefined
        ? new Undefined('run_query(…)', 'queries run at execution only: guard it with {% if execute %}')
        : input.runQuery(String(call.args[0] ?? ''), call),
    execute: input.runQuery !== undefined,
    log: (message) => input.log?.(message),
    ...(input.extra === undefined ? {} : { extra: input.extra }),
  }
}

function watermarkHole(call: Call): Value {
  const column = watermarkColumn(call)
  return column === undefined ? '' : rope({ kind: 'watermark', column, span: call.span })
}

function rope(hole: Hole): Rope {
  return new Rope([hole])
}

function configValue(node: ModelNode | TestNode, name: string): unknown {
  if (node.resourceType === 'test') return undefined
  const { config } = node
  const known: Readonly<Record<string, unknown>> = {
    ...config.other,
    materialized: config.materialized,
    tags: config.tags,
    alias: config.alias,
    schema: config.schema,
    database: config.database,
    meta: config.meta,
    unique_key: config.incremental?.uniqueKey,
    updated_at: config.incremental?.updatedAt,
    strategy: config.incremental?.strategy,
  }
  return known[name]
}
