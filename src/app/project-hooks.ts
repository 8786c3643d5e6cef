import type { Connection } from '../adapters/index.js'
import type { HookEvent } from '../config/index.js'
import {
  type Diagnostic,
  displaySql,
  FftError,
  hasErrors,
  ProjectError,
  type Sql,
  type UniqueId,
} from '../core/index.js'
import { isModelNode, select } from '../graph/index.js'
import type { Hook, Node } from '../parse/index.js'
import { fromHost, renderTemplate, type Value } from '../template/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'
import { outsideScope } from './outside-scope.js'

/** What a hook's template may ask of the run. */
export interface RunFacts {
  readonly status: 'running' | 'success' | 'error'
  readonly rowCount?: number
  readonly error?: string
}

/** What a hook's template may ask of the model that it belongs to. */
export interface ModelFacts {
  readonly status: 'running' | 'success'
  readonly rowsAffected?: number
  readonly elapsedMs?: number
}

/** The hooks of `project.yml`: SQL before and after the run and each model. Each statement is kept by itself. */
export class ProjectHooks {
  readonly #graph: LoadedGraph
  readonly #app: AppContext
  readonly #startedAt: string
  /** The models of each hook; undefined: all of them. */
  readonly #models = new Map<Hook, ReadonlySet<UniqueId> | undefined>()

  /** Throws ProjectError for templates that cannot be rendered, before anything runs. */
  constructor(graph: LoadedGraph, app: AppContext) {
    this.#graph = graph
    this.#app = app
    this.#startedAt = app.clock().toISOString()
    for (const hook of graph.hooks) this.#models.set(hook, this.#modelsOf(hook))
    this.#check()
  }

  has(event: HookEvent): boolean {
    return this.#graph.hooks.some((hook) => hook.event === event)
  }

  /** Throws FftError at the hook that failed. */
  async run(event: 'on_run_start' | 'on_run_end', facts: RunFacts, connect: () => Promise<Connection>): Promise<void> {
    await this.#execute(this.#hooksOf(event), connect, (hook) => this.#render(hook, facts))
  }

  /** Throws FftError at the hook that failed. */
  async model(
    event: 'before_model' | 'after_model',
    id: UniqueId,
    facts: ModelFacts,
    connect: () => Promise<Connection>,
  ): Promise<void> {
    const node = this.#graph.dag.nodes.get(id)
    if (!isModelNode(node)) return
    const hooks = this.#hooksOf(event).filter((hook) => this.#models.get(hook)?.has(id) !== false)
    await this.#execute(hooks, connect, (hook) => this.#render(hook, { status: 'running' }, { node, facts }))
  }

  #hooksOf(event: HookEvent): readonly Hook[] {
    return this.#graph.hooks.filter((hook) => hook.event === event && !this.#isSkipped(hook))
  }

  #isSkipped(hook: Hook): boolean {
    return hook.select.length > 0 && this.#models.get(hook)?.size === 0
  }

  /** A selector that is wrong skips the hook, with a warning. */
  #modelsOf(hook: Hook): ReadonlySet<UniqueId> | undefined {
    if (hook.select.length === 0) return undefined
    const { matched, diagnostics } = select(this.#graph.dag, { select: hook.select.map((word) => [word]) })
    if (hasErrors(diagnostics)) {
      const reason = diagnostics.find(({ severity }) => severity === 'error')?.message ?? ''
      const message = `the hook '${hook.label}' is skipped: ${reason}`
      const diagnostic: Diagnostic = { code: 'hook-skipped', severity: 'warning', message, span: hook.span }
      this.#app.emit({ type: 'diagnostic', diagnostic })
    }
    return new Set(matched)
  }

  #check(): void {
    const sample = [...this.#graph.dag.nodes.values()].find(({ resourceType }) => resourceType === 'model')
    const faults = this.#graph.hooks.flatMap((hook) => {
      const isOfModel = hook.event === 'before_model' || hook.event === 'after_model'
      if (isOfModel && sample === undefined) return []
      const model = isOfModel && sample ? { node: sample, facts: { status: 'running' as const } } : undefined
      return this.#rendered(hook, { status: 'running' }, model).diagnostics
    })
    if (hasErrors(faults)) throw new ProjectError(faults)
  }

  #render(hook: Hook, run: RunFacts, model?: { readonly node: Node; readonly facts: ModelFacts }): Sql {
    const { sql, diagnostics } = this.#rendered(hook, run, model)
    const [fault] = diagnostics.filter(({ severity }) => severity === 'error')
    if (fault === undefined) return sql
    throw new FftError(fault.message, { code: fault.code, hint: fault.hint, span: fault.span })
  }

  #rendered(hook: Hook, run: RunFacts, model?: { readonly node: Node; readonly facts: ModelFacts }) {
    const names: Record<string, unknown> = { run: this.#runValue(run), params: hook.params }
    if (model !== undefined) {
      names.model = modelValue(model.node, model.facts)
      names.node = names.model
    }
    const extra = new Map(Object.entries(names).map(([name, value]): [string, Value] => [name, fromHost(value)]))
    const self = model && this.#graph.relations.get(model.node.uniqueId)
    return renderTemplate(hook.template, outsideScope(this.#graph, { extra, self }))
  }

  #runValue({ status, rowCount, error }: RunFacts): Readonly<Record<string, unknown>> {
    const { profile } = this.#graph
    return {
      run_id: this.#app.invocationId,
      env_name: profile.env,
      engine_name: profile.engine,
      started_at: this.#startedAt,
      status,
      row_count: rowCount ?? null,
      error: error ?? null,
    }
  }

  async #execute(
    hooks: readonly Hook[],
    connect: () => Promise<Connection>,
    render: (hook: Hook) => Sql,
  ): Promise<void> {
    if (hooks.length === 0) return
    const connection = await connect()
    try {
      for (const hook of hooks) {
        const sql = render(hook)
        if (displaySql(sql).trim() !== '') await executed(connection, hook, sql)
      }
    } finally {
      await connection.close()
    }
  }
}

async function executed(connection: Connection, hook: Hook, sql: Sql): Promise<void> {
  try {
    await connection.execute(sql)
  } catch (error) {
    if (!(error instanceof FftError) || error.code === 'cancelled') throw error
    const { code, hint, span = hook.span, statement } = error
    throw new FftError(`the hook '${hook.label}' failed: ${error.message}`, {
      code,
      hint,
      span,
      statement,
      cause: error,
    })
  }
}

function modelValue(node: Node, { status, rowsAffected, elapsedMs }: ModelFacts): Readonly<Record<string, unknown>> {
  const { name, path, tags, meta } = node
  return {
    name,
    path,
    tags,
    meta,
    status,
    rows_affected: rowsAffected ?? null,
    elapsed_ms: elapsedMs === undefined ? null : Math.round(elapsedMs),
    error: null,
  }
}
