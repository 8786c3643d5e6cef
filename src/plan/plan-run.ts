import type { RelationState, SchemaName, StateRecord, StateTable } from '../adapters/index.js'
import type { Manifest } from '../compile/index.js'
import { type Diagnostic, hasErrors, relationName, type UniqueId } from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import type { ModelNode, SeedNode } from '../parse/index.js'
import { attachSteps } from './attach.js'
import { checkModel } from './check-model.js'
import { storageOf } from './events/storage.js'
import { holdTests } from './hold-tests.js'
import { longName } from './long-name.js'
import { aside, isLeftover, type NodeContext, type PlanContext, presentOf } from './node-context.js'
import { planModel } from './plan-model.js'
import { missingParent, planTest } from './plan-test.js'
import { cleanSteps, publishSteps, type Swap } from './publish.js'
import { moves } from './record.js'
import { steps, transaction } from './steps.js'
import { hasEvents, hasWindows } from './strategies/index.js'
import type { NodePlan, Plan, Refusal, Step, Transaction } from './types.js'

export interface PlanInput extends PlanContext {
  readonly manifest: Manifest
  /** Models and seeds to build, in run order. */
  readonly ids: readonly UniqueId[]
}

/** Names of the relations that a run builds: `PlanContext.builds`. */
export function builtRelations(ids: readonly UniqueId[], { relations }: Manifest): ReadonlySet<string> {
  const built = ids.flatMap((id) => relations.get(id) ?? [])
  return new Set(built.map(relationName))
}

/** What a run does, as values: pure, so that a plan that is shown is the plan that runs. */
export function planRun(input: PlanInput): { plan: Plan; diagnostics: readonly Diagnostic[] } {
  const nodes: NodePlan[] = []
  const diagnostics: Diagnostic[] = []
  for (const [index, id] of input.ids.entries()) {
    const faults = checkNode(id, index, input)
    diagnostics.push(...faults)
    const planned = hasErrors(faults) ? undefined : planNode(id, index, input)
    if (planned !== undefined) nodes.push(planned)
  }
  const { commits } = input.dialect
  const recordAll = (records: readonly StateRecord[]) =>
    commits.by === 'statement'
      ? steps(
          'record',
          ...commits.recordAll(
            input.stateSchema,
            records.filter((each) => moves(each, input.state)),
          ),
        )
      : []
  return { plan: { prepare: prepare(input, nodes), nodes, recordAll }, diagnostics }
}

function checkNode(id: UniqueId, index: number, input: PlanInput): readonly Diagnostic[] {
  const node = modelOf(id, input)
  const context = node && nodeContext(node, index, input)
  return context === undefined ? [] : checkModel(context)
}

function modelOf(id: UniqueId, { manifest }: PlanInput): ModelNode | undefined {
  const node = manifest.dag.nodes.get(id)
  return isModelNode(node) ? node : undefined
}

/** One node of the run, `index` being its number; undefined for what is not built. */
export function planNode(id: UniqueId, index: number, input: PlanInput): NodePlan | undefined {
  const node = input.manifest.dag.nodes.get(id)
  if (node?.resourceType === 'seed') return planSeed(node, index, input)
  if (node?.resourceType === 'test') return planTest(node, input)
  if (!isModelNode(node)) return undefined
  const context = nodeContext(node, index, input)
  return context === undefined ? inlinePlan(node) : refuseOrphan(holdTests(planModel(context), input), input)
}

/** Undefined for an ephemeral model, which has no relation. */
function nodeContext(node: ModelNode, index: number, input: PlanInput): NodeContext | undefined {
  const compiled = input.manifest.compiled.get(node.uniqueId)
  if (compiled?.relation === undefined) return undefined
  return { ...input, node, compiled, target: storageOf(node, compiled.relation), index }
}

/** A model whose parent is not there fails by itself, with the command that builds the parent. */
function refuseOrphan(plan: NodePlan, input: PlanInput): NodePlan {
  const refusal = missingParent(plan.id, input)
  return refusal === undefined
    ? plan
    : { ...plan, action: 'refuse', reason: refusal.message, transactions: [], refusal }
}

function inlinePlan(node: ModelNode): NodePlan {
  const reason = 'ephemeral: it stands in its children as a CTE'
  return { id: node.uniqueId, action: 'inline', kind: 'ephemeral', reason, notices: [], transactions: [] }
}

function planSeed(node: SeedNode, index: number, input: PlanInput): NodePlan {
  const target = input.manifest.relations.get(node.uniqueId) ?? { schema: '', identifier: node.name }
  const present = presentOf(input, target)
  const built = aside({ ...input, target, index })
  const swap = { dialect: input.dialect, aside: built, target, present }
  const load: Step = { kind: 'load_seed', into: built, note: `load ${node.path}` }
  const plan: NodePlan = {
    id: node.uniqueId,
    action: present === undefined ? 'create' : 'replace',
    kind: 'seed',
    relation: target,
    reason: present === undefined ? 'first load' : 'seeds are loaded anew',
    notices: [],
    transactions: seedTransactions(load, swap, attachSteps(node, target, input)),
  }
  const long = longName(target, input.dialect)
  return long === undefined ? plan : refusedFor(plan, long.name, long.most)
}

function refusedFor(plan: NodePlan, name: string, most: number): NodePlan {
  const message = `'${name}' is longer than the ${most} bytes after which the engine cuts names`
  const refusal: Refusal = { code: 'name-too-long', message, hint: "shorten the file's name" }
  return { ...plan, action: 'refuse', reason: message, transactions: [], refusal }
}

function seedTransactions(load: Step, swap: Swap, attached: readonly Step[]): readonly Transaction[] {
  const { dialect, target } = swap
  const publish = [...publishSteps(swap), ...cleanSteps(swap), ...attached]
  return dialect.loadsSeeds === 'before'
    ? [{ steps: [load] }, transaction(dialect, target, publish)]
    : [transaction(dialect, target, [load, ...publish])]
}

/** Schemas that the nodes need, the state tables when something is recorded, and what killed runs left behind. */
function prepare(input: PlanInput, nodes: readonly NodePlan[]): readonly Step[] {
  const { dialect, state, stateSchema } = input
  const schemas = new Map<string, SchemaName>()
  for (const { relation } of nodes) {
    if (relation === undefined) continue
    const { identifier: _, ...schema } = relation
    schemas.set(relationName({ ...schema, identifier: '' }), schema)
  }
  const known = new Set(state.relations.map(({ relation }) => relationName({ ...relation, identifier: '' })))
  const missing = [...schemas].filter(([name]) => !known.has(name)).map(([, schema]) => dialect.createSchema(schema))
  const tables = missingTables(input, nodes)
  const leftovers = state.relations.filter((relation: RelationState) => isLeftover(relation.relation.identifier, input))
  return [
    ...steps('prepare', ...missing),
    ...(tables.length === 0 ? [] : steps('prepare', ...dialect.stateTables(stateSchema, tables))),
    ...steps('record', ...state.repairs.flatMap((repair) => dialect.recordState(stateSchema, repair))),
    ...steps('clean', ...leftovers.map(({ relation, kind }) => dialect.drop(relation, kind))),
  ]
}

/** Tables of the state that these nodes write and that are not there yet. */
function missingTables(
  { state, stateSchema, manifest, dialect }: PlanInput,
  nodes: readonly NodePlan[],
): readonly StateTable[] {
  const configs = nodes.flatMap(({ id }) => {
    const node = manifest.dag.nodes.get(id)
    return isModelNode(node) ? (node.config.incremental ?? []) : []
  })
  const wanted: readonly (readonly [StateTable, boolean])[] = [
    ['watermarks', configs.length > 0],
    ['runs', configs.length > 0 && dialect.runs !== undefined],
    ['node_runs', configs.length > 0 && dialect.runs !== undefined],
    ['late_rows', configs.some(({ lateRows }) => lateRows === 'quarantine')],
    ['duplicate_rows', configs.some(({ duplicateRows }) => duplicateRows === 'quarantine')],
    ['dead_letters', configs.some((config) => hasEvents(config) && config.cdc?.onBadEvent === 'dead_letter')],
    ['intervals', configs.some(hasWindows)],
  ]
  const isThere = (identifier: string) => state.find({ ...stateSchema, identifier }) !== undefined
  return wanted.flatMap(([table, isWanted]) => (isWanted && !isThere(table) ? [table] : []))
}
