import {
  advance,
  type Diagnostic,
  type Hole,
  type Relation,
  type SourceSpan,
  type Sql,
  trimBlankLines,
  type UniqueId,
} from '../core/index.js'
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
import { compileDiagnostic } from './diagnostics.js'
import { cteName, type InlinedParent } from './ephemeral.js'
import { eventTimeOf, type Sample, sampledSelect, sampleName } from './sample.js'
import { windowedInput } from './windowed-input.js'

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
  /** Inputs of which only the rows of a batch's window are read. */
  readonly inputs: readonly InlinedParent[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Renders a model's or test's template with relations known. Blank lines at both ends are gone. */
export function renderNode(
  node: ModelNode | TestNode,
  template: Template,
  isIncremental: boolean,
  input: RenderContext,
): RenderedSql {
  const used: UsedParents = { ephemeral: [], inputs: new Map() }
  const scope = buildScope(input.context, hooksFor(node, isIncremental, input, used))
  const rendering = renderTemplate(template, scope)
  const sql = trimBlankLines(rendering.sql)
  const diagnostics = [...rendering.diagnostics, ...strayBatches(node, sql)]
  return { sql, ephemeral: [...new Set(used.ephemeral)], inputs: [...used.inputs.values()], diagnostics }
}

/** Renders a hook's or another small text in the node's context. */
export function renderText(
  node: ModelNode | TestNode,
  text: Parameters<typeof parseTemplate>[0],
  isIncremental: boolean,
  input: RenderContext,
): RenderedSql {
  const { template, diagnostics } = parseTemplate(text)
  if (template === undefined) return { sql: [], ephemeral: [], inputs: [], diagnostics }
  return renderNode(node, template, isIncremental, input)
}

/** Parents that a rendering has printed and that come in front of it. */
interface UsedParents {
  readonly ephemeral: UniqueId[]
  readonly inputs: Map<UniqueId, InlinedParent>
}

/** `batch` means something only where a run does windows. */
function strayBatches(node: ModelNode | TestNode, sql: Sql): readonly Diagnostic[] {
  if (hasWindows(node)) return []
  const index = sql.findIndex((piece) => 'hole' in piece && piece.hole.kind === 'batch')
  return index === -1 ? [] : [compileDiagnostic('batch-outside', undefined, placeOfHole(sql, index) ?? node.span)]
}

/** The end of what stands before it. */
function placeOfHole(sql: Sql, index: number): SourceSpan | undefined {
  const before = sql[index - 1]
  if (before === undefined || 'hole' in before || before.span === undefined) return undefined
  return before.verbatim === true ? advance(before.span, before.text) : before.span
}

function hasWindows(node: ModelNode | TestNode): boolean {
  return node.resourceType !== 'test' && node.config.incremental?.strategy === 'time_range'
}

function hooksFor(
  node: ModelNode | TestNode,
  isIncremental: boolean,
  input: RenderContext,
  used: UsedParents,
): RenderHooks {
  const { context, dag, relations, sample } = input
  const parent = (id: UniqueId, call: Call): Value => {
    const relation = relations.get(id)
    const parentNode = dag.nodes.get(id)
    if (relation === undefined) {
      used.ephemeral.push(id)
      const name = cteName(parentNode?.name ?? '')
      return relationValue(context, { schema: '', identifier: name }, context.dialect.quote(name))
    }
    if (sampledSelect(parentNode, relation, sample, context.dialect) !== undefined) {
      used.ephemeral.push(id)
      return relationValue(context, relation, context.dialect.quote(cteName(sampleName(id, dag))))
    }
    const rows = rowsOf(parentNode, relation, context.dialect)
    const column = hasWindows(node) ? eventTimeOf(parentNode) : undefined
    if (column === undefined) return relationValue(context, relation, rows)
    const read = (input: InlinedParent) => used.inputs.set(id, input)
    return windowedInput(context, { name: sampleName(id, dag), relation, rows, column, span: call.span, read })
  }
  return {
    ref: (call) => {
      const reference = refArguments(call)
      const id = reference && dag.resolveRef(node.uniqueId, reference.name, reference.package)
      return id === undefined ? '' : parent(id, call)
    },
    source: (call) => {
      const reference = sourceArguments(call)
      const id = reference && dag.resolveSource(reference.source, reference.table)
      return id === undefined ? '' : parent(id, call)
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
