import {
  advance,
  concat,
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
  type Node,
  type RenderHooks,
  refArguments,
  relationValue,
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

/** What rendering a node needs from the linked project. */
export interface RenderContext {
  readonly dag: Dag
  readonly relations: ReadonlyMap<UniqueId, Relation>
  readonly context: TemplateContext
  /** Answers `run_query` at execution; at compile there is none. */
  readonly runQuery?: (sql: string, call: Call) => Value
  readonly log?: (message: string) => void
  /** Further names of this rendering. */
  readonly extra?: ReadonlyMap<string, Value>
}

/** A rendered template: its SQL, the ephemeral parents that it names, and its faults. */
export interface RenderedSql {
  readonly sql: Sql
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
  const { context, dag, relations } = input
  const valueOfRef = (id: UniqueId, relation: Relation, call: Call) => {
    const column = hasWindows(node) ? eventTimeOf(dag.nodes.get(id)) : undefined
    return column === undefined
      ? relationValue(context, relation)
      : windowedInput(context, { id, relation, column, call, used })
  }
  return {
    ref: (call) => {
      const reference = refArguments(call)
      const id = reference && dag.resolveRef(node.uniqueId, reference.name, reference.package)
      if (id === undefined) return ''
      const relation = relations.get(id)
      if (relation !== undefined) return valueOfRef(id, relation, call)
      used.ephemeral.push(id)
      const name = cteName(dag.nodes.get(id)?.name ?? '')
      return relationValue(context, { schema: '', identifier: name }, context.dialect.quote(name))
    },
    source: (call) => {
      const reference = sourceArguments(call)
      const id = reference && dag.resolveSource(reference.source, reference.table)
      const relation = id && relations.get(id)
      return id === undefined || relation === undefined ? '' : valueOfRef(id, relation, call)
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

/** The column by which a batch reads only its window of an input. */
function eventTimeOf(node: Node | undefined): string | undefined {
  if (node === undefined || node.resourceType === 'test') return undefined
  if (node.resourceType === 'source') return node.source.eventTime
  const { incremental, other } = node.config
  const declared = incremental?.eventTime ?? other['event_time']
  return typeof declared === 'string' ? declared : undefined
}

interface WindowedInput {
  readonly id: UniqueId
  readonly relation: Relation
  readonly column: string
  readonly call: Call
  readonly used: UsedParents
}

/** Printed, it is the rows of the window; `render()` is the relation itself. */
function windowedInput(
  context: TemplateContext,
  { id, relation, column, call, used }: WindowedInput,
): ReturnType<typeof relationValue> {
  const { dialect } = context
  const plain = relationValue(context, relation)
  const cte = `__fft__input__${relation.identifier}`
  const name = dialect.quote(column)
  const hole = (part: 'start' | 'end'): Sql => [{ hole: { kind: 'batch', part, span: call.span } }]
  const start = concat(`select * from ${dialect.relation(relation)} where ${name} >= `, hole('start'))
  const print = () => {
    used.inputs.set(id, { cte, sql: concat(start, ` and ${name} < `, hole('end')) })
    return dialect.quote(cte)
  }
  return { ...plain, print }
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
