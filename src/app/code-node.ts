import type { Column, Connection } from '../adapters/index.js'
import type { LoadedCodeModel } from '../code/index.js'
import { sampledSelect, windowedSelect } from '../compile/index.js'
import { concat, displaySql, type Relation, text, wrappable } from '../core/index.js'
import type { CodeResult } from '../execute/index.js'
import { isModelNode } from '../graph/index.js'
import type { ModelNode } from '../parse/index.js'
import type { CodeBatch, NodePlan } from '../plan/index.js'
import type { HooksInput } from './node-hooks.js'

/** One call of a model's function: the window that it is for, and the columns that its rows go to. */
interface CodeCall {
  readonly connect: () => Promise<Connection>
  readonly batch?: CodeBatch
  readonly existing?: readonly Column[]
}

/** Calls the function of a `.ff.ts` model; its rows are read while they are loaded. */
export async function runCode(plan: NodePlan, call: CodeCall, input: HooksInput): Promise<CodeResult> {
  const { batch } = call
  const { graph, planInput, app } = input
  const node = graph.dag.nodes.get(plan.id)
  const model = node && (await graph.codeModel(node.path))
  if (!isModelNode(node) || model === undefined) throw new Error(`no code for ${plan.id}: this is a bug in fft`)
  const { runCodeModel } = await import('../code/index.js')
  const relation = plan.relation ?? { schema: '', identifier: node.name }
  const isApplied = plan.action === 'apply'
  const existing = call.existing ?? (isApplied ? planInput.state.find(relation)?.columns : undefined)
  return runCodeModel({
    // A contract's types are declared as well.
    model: { ...model, columnTypes: node.columnTypes ?? model.columnTypes },
    inputs: await inputsOf(node, model, call, input),
    dialect: planInput.dialect,
    existing,
    openReader: call.connect,
    facts: {
      engine: graph.profile.engine,
      env: graph.profile.env,
      environment: await graph.environment(),
      vars: graph.vars,
      now: app.clock(),
      isIncremental: isApplied,
      isFullRefresh: planInput.flags.fullRefresh,
      watermark: (column) => (isApplied ? watermarkText(relation, column, input) : null),
      relation,
      ...(batch === undefined ? {} : { batch }),
      target: { name: graph.profile.env, ...graph.defaults },
      log: (message) => app.emit({ type: 'notice', message, node: node.uniqueId }),
      signal: app.signal,
    },
  })
}

function watermarkText(relation: Relation, column: string, { planInput }: HooksInput): string | null {
  const stored = planInput.state.stored(relation).find((row) => row.column.toLowerCase() === column.toLowerCase())
  return stored?.value ?? null
}

async function inputsOf(
  node: ModelNode,
  model: LoadedCodeModel,
  { connect, batch }: CodeCall,
  { graph, manifest, planInput, sample }: HooksInput,
) {
  const connection = await connect()
  try {
    const inputs: Record<string, { relationSql: string; columns: Awaited<ReturnType<Connection['describe']>> }> = {}
    for (const { name } of model.deps) {
      const id = graph.dag.resolveRef(node.uniqueId, name)
      const relation = id && graph.relations.get(id)
      const parent = id && graph.dag.nodes.get(id)
      const inlined =
        relation === undefined
          ? ((id && manifest.compiled.get(id)?.full) ?? [])
          : (sampledSelect(parent, relation, sample, planInput.dialect) ??
            windowedSelect(parent, relation, batch, planInput.dialect))
      const relationSql =
        inlined === undefined
          ? planInput.dialect.relation(relation ?? { schema: '', identifier: name })
          : `(\n${displaySql(wrappable(inlined, planInput.dialect))}\n)`
      const columns = await connection.describe(concat('select * from ', text(relationSql), ' as input'))
      inputs[name] = { relationSql, columns }
    }
    return inputs
  } finally {
    await connection.close()
  }
}
