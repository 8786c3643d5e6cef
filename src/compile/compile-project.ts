import { type Diagnostic, type Relation, type Sql, type UniqueId, wrappable } from '../core/index.js'
import type { Dag } from '../graph/index.js'
import { expectedCount, type ModelNode, type TemplateContext, type TestNode } from '../parse/index.js'
import { compileDiagnostic } from './diagnostics.js'
import { cteName, type InlinedParent, withParents } from './ephemeral.js'
import { type RenderContext, type RenderedSql, renderNode, renderText } from './render-model.js'
import { type Sample, sampledSelect, sampleName } from './sample.js'
import { genericTestSql, renderOwnTest } from './tests.js'
import type { CompiledDelta, CompiledNode, Manifest } from './types.js'

export interface CompileInput {
  readonly dag: Dag
  readonly relations: ReadonlyMap<UniqueId, Relation>
  readonly context: TemplateContext
  /** The nodes to compile; their ephemeral parents are compiled as needed. */
  readonly ids: Iterable<UniqueId>
  /** Told what templates `log()` and `print()`. */
  readonly log?: (message: string) => void
  /** What models read of their parents; undefined: everything. */
  readonly sample?: Sample
}

/** Renders models and tests with relations known. Incremental models are rendered both ways. Asks no engine. */
export function compileProject(input: CompileInput): { manifest: Manifest; diagnostics: readonly Diagnostic[] } {
  const { ids, ...renderInput } = input
  const compiler = new Compiler(renderInput)
  const compiled = new Map<UniqueId, CompiledNode>()
  for (const id of ids) {
    const node = input.dag.nodes.get(id)
    if (node === undefined || node.resourceType === 'seed' || node.resourceType === 'source') continue
    const result = node.resourceType === 'test' ? compiler.test(node) : compiler.model(node)
    if (result !== undefined) compiled.set(id, result)
  }
  return {
    manifest: { dag: input.dag, relations: input.relations, compiled },
    diagnostics: dedupe(compiler.diagnostics),
  }
}

/** Compiles one model again with queries answered; for templates that call `run_query`. */
export function compileAtExecution(
  node: ModelNode,
  input: RenderContext,
): { compiled: CompiledNode | undefined; diagnostics: readonly Diagnostic[] } {
  const compiler = new Compiler(input)
  const compiled = compiler.model(node)
  return { compiled, diagnostics: dedupe(compiler.diagnostics) }
}

// Both renderings of a model report the same fault; a person wants to read it once.
function dedupe(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()]
}

class Compiler {
  readonly diagnostics: Diagnostic[] = []
  readonly #input: RenderContext
  /** For tests, which look at what was built, and for hooks: a sample cannot stand in front of any statement. */
  readonly #whole: RenderContext
  readonly #inlined = new Map<UniqueId, readonly InlinedParent[]>()

  constructor(input: RenderContext) {
    const { sample: _, ...whole } = input
    this.#input = input
    this.#whole = whole
  }

  model(node: ModelNode): CompiledNode | undefined {
    const relation = this.#input.relations.get(node.uniqueId)
    const base = {
      uniqueId: node.uniqueId,
      ...(relation === undefined ? {} : { relation }),
      renderAtExecution: node.usesRunQuery,
      preHooks: this.#hooks(node, node.config.preHook),
      postHooks: this.#hooks(node, node.config.postHook),
    }
    if (node.template === undefined) {
      if (node.config.materialized === 'ephemeral') this.#report('ephemeral-code-model', node)
      return base
    }
    const full = this.#finish(renderNode(node, node.template, false, this.#input))
    if (wrappable(full, this.#input.context.dialect).length === 0 && !node.usesRunQuery) this.#report('sql-empty', node)
    const delta = this.#delta(node, full)
    return { ...base, full, ...(delta === undefined ? {} : { delta }) }
  }

  test(node: TestNode): CompiledNode | undefined {
    const full = this.#failures(node)
    if (full === undefined) return undefined
    return { uniqueId: node.uniqueId, full, renderAtExecution: false, preHooks: [], postHooks: [] }
  }

  #failures(node: TestNode): Sql | undefined {
    if (node.test.kind === 'singular') return this.#finish(renderNode(node, node.test.template, false, this.#whole))
    const where = this.#where(node)
    const own = renderOwnTest(node, where, this.#whole)
    if (own !== undefined) return this.#finish(own)
    return genericTestSql(node, { where, expected: this.#expected(node) }, this.#whole)
  }

  #expected(node: TestNode): Sql | undefined {
    const isCompared = node.test.kind === 'generic' && node.test.config.test === 'complete_within'
    const source = isCompared ? expectedCount(node.test.config) : undefined
    return source && this.#finish(renderText(node, source, false, this.#whole))
  }

  #where(node: TestNode): Sql | undefined {
    const config = node.test.kind === 'generic' ? node.test.config : undefined
    if (config?.where === undefined) return undefined
    const { file } = node.span
    const text = config.textOf?.('where') ?? { file, text: config.where, origin: () => node.span }
    return this.#finish(renderText(node, text, false, this.#whole))
  }

  #delta(node: ModelNode, full: Sql): CompiledDelta | undefined {
    const { delta, template } = node
    if (delta === undefined || template === undefined) return undefined
    if (delta.way === 'watermark') return { way: 'watermark', sql: full, column: delta.column }
    if (delta.way === 'whole') return { way: 'whole', sql: full }
    const source = delta.way === 'sql' ? delta.template : template
    return { way: delta.way, sql: this.#finish(renderNode(node, source, true, this.#input)) }
  }

  #hooks(node: ModelNode, hooks: ModelNode['config']['preHook']): readonly Sql[] {
    return hooks.map((hook) => this.#finish(renderText(node, hook, false, this.#whole)))
  }

  #finish(rendered: RenderedSql): Sql {
    this.diagnostics.push(...rendered.diagnostics)
    const parents = [...rendered.ephemeral.flatMap((id) => this.#parents(id)), ...rendered.inputs]
    const unique = [...new Map(parents.map((parent) => [parent.cte, parent])).values()]
    return withParents(rendered.sql, unique, this.#input.context.dialect)
  }

  /** An ephemeral model with its own ephemeral parents before it, or the sample of a parent. */
  #parents(id: UniqueId): readonly InlinedParent[] {
    const known = this.#inlined.get(id)
    if (known !== undefined) return known
    const { dag, relations, sample, context } = this.#input
    const node = dag.nodes.get(id)
    const relation = relations.get(id)
    const select = relation && sampledSelect(node, relation, sample, context.dialect)
    if (select !== undefined) return [{ cte: cteName(sampleName(id, dag)), sql: select }]
    if (node === undefined || node.resourceType === 'test' || !('template' in node) || node.template === undefined)
      return []
    const rendered = renderNode(node, node.template, false, this.#input)
    this.diagnostics.push(...rendered.diagnostics)
    const parents = [
      ...rendered.ephemeral.flatMap((parent) => this.#parents(parent)),
      { cte: cteName(node.name), sql: rendered.sql },
    ]
    this.#inlined.set(id, parents)
    return parents
  }

  #report(code: 'sql-empty' | 'ephemeral-code-model', node: ModelNode): void {
    this.diagnostics.push(compileDiagnostic(code, { name: node.name }, node.span))
  }
}
