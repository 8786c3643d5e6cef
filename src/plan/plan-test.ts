import { relationName, type Sql, type UniqueId, wrappable } from '../core/index.js'
import type { Node, TestNode } from '../parse/index.js'
import type { PlanInput } from './plan-run.js'
import type { NodePlan, Refusal, TestPlan } from './types.js'

/** How many failing rows are shown. */
const sampleRows = 5

/** A data test as a node of the run; refused when what it looks at is neither there nor built before it. */
export function planTest(node: TestNode, input: PlanInput): NodePlan {
  const base = { id: node.uniqueId, kind: 'test', reason: 'data test', notices: [], transactions: [] }
  const failures = input.manifest.compiled.get(node.uniqueId)?.full
  const refusal = missingParent(node.uniqueId, input)
  if (refusal !== undefined) return { ...base, action: 'refuse', refusal }
  if (failures === undefined) return { ...base, action: 'skip', reason: 'its parent has no relation' }
  return { ...base, action: 'test', test: testPlan(node, wrappable(failures, input.dialect), input) }
}

function testPlan(node: TestNode, failures: Sql, { dialect }: PlanInput): TestPlan {
  return {
    failures,
    ...(node.test.kind === 'generic' ? { group: node.test.attachedTo } : {}),
    sample: dialect.limited(failures, sampleRows),
    verdict: (count) => verdict(node, count),
  }
}

/** dbt's thresholds: `error_if` and `warn_if` are comparisons such as `>10`; both default to `!=0`. */
function verdict(node: TestNode, count: number): 'pass' | 'warn' | 'fail' {
  const config = node.test.kind === 'generic' ? node.test.config : undefined
  if (node.severity === 'error' && holds(config?.errorIf ?? '!=0', count)) return 'fail'
  return holds(config?.warnIf ?? '!=0', count) ? 'warn' : 'pass'
}

function holds(comparison: string, count: number): boolean {
  const [, operator, limit] = /^\s*(<=|>=|<>|!=|==|=|<|>)\s*(\d+)\s*$/.exec(comparison) ?? []
  const number = Number(limit ?? 0)
  if (operator === '<=') return count <= number
  if (operator === '>=') return count >= number
  if (operator === '<') return count < number
  if (operator === '>') return count > number
  return operator === '=' || operator === '==' ? count === number : count !== number
}

/** What of a plan tells whether a parent is there. */
export type ParentsInput = Pick<PlanInput, 'manifest' | 'state' | 'ids'>

/** The first parent whose relation is neither there nor built by this run. */
export function missingParent(id: UniqueId, input: ParentsInput): Refusal | undefined {
  const { dag } = input.manifest
  for (const parentId of dag.parents.get(id) ?? []) {
    const parent = dag.nodes.get(parentId)
    if (parent === undefined || parent.resourceType === 'test' || input.ids.includes(parentId)) continue
    const child = dag.nodes.get(id)
    const refusal = refusalOf(child?.name ?? id, parent, input)
    if (refusal !== undefined) return { ...placeOfRef(child, parent), ...refusal }
  }
  return undefined
}

/** Where a model reads its parent; a data test's own place is looked up when it is shown. */
function placeOfRef(child: Node | undefined, parent: Exclude<Node, TestNode>): Pick<Refusal, 'span'> {
  if (child === undefined || !('refs' in child) || child.resourceType === 'test') return {}
  const call =
    parent.resourceType === 'source'
      ? child.sources.find(({ source, table }) => source === parent.source.sourceName && table === parent.name)
      : child.refs.find(({ name }) => name === parent.name)
  return call === undefined ? {} : { span: call.span }
}

function refusalOf(child: string, parent: Exclude<Node, TestNode>, input: ParentsInput): Refusal | undefined {
  const { manifest, state, ids } = input
  const relation = manifest.relations.get(parent.uniqueId)
  // An ephemeral parent is inlined, so what it reads has to be there.
  if (relation === undefined) return missingParent(parent.uniqueId, input)
  const seed = parent.resourceType === 'source' ? manifest.dag.parents.get(parent.uniqueId)?.[0] : undefined
  const isExternal = parent.resourceType === 'source' && parent.source.external !== undefined
  if (isExternal || state.find(relation) !== undefined || (seed !== undefined && ids.includes(seed))) return undefined
  const seedName = seed === undefined ? undefined : manifest.dag.nodes.get(seed)?.name
  return {
    code: 'parent-missing',
    message: `'${child}' reads '${nameOf(parent)}', but ${relationName(relation)} does not exist`,
    hint: buildHint(parent, seedName),
  }
}

function nameOf(node: Exclude<Node, TestNode>): string {
  return node.resourceType === 'source' ? `${node.source.sourceName}.${node.name}` : node.name
}

function buildHint(parent: Exclude<Node, TestNode>, seedName: string | undefined): string {
  if (parent.resourceType === 'seed') return `build it first: fft seed --select ${parent.name}`
  if (parent.resourceType !== 'source') return `build it first: fft run --select ${parent.name}`
  return seedName === undefined
    ? 'load it first, or correct sources.yml'
    : `build it first: fft seed --select ${seedName}`
}
