import { relationName, type Sql, type UniqueId, wrappable } from '../core/index.js'
import type { TestNode } from '../parse/index.js'
import type { PlanInput } from './plan-run.js'
import type { NodePlan, Refusal, TestPlan } from './types.js'

/** How many failing rows are shown. */
const sampleRows = 5

/** A data test as a node of the run; refused when what it looks at is neither there nor built before it. */
export function planTest(node: TestNode, input: PlanInput): NodePlan {
  const base = { id: node.uniqueId, kind: 'test', reason: 'data test', notices: [], transactions: [] }
  const failures = input.manifest.compiled.get(node.uniqueId)?.full
  const refusal = missingParent(node.uniqueId, input)
  if (refusal !== undefined) return { ...base, action: 'refuse', refusal: { ...refusal, span: node.span } }
  if (failures === undefined) return { ...base, action: 'skip', reason: 'its parent has no relation' }
  return { ...base, action: 'test', test: testPlan(node, wrappable(failures), input) }
}

function testPlan(node: TestNode, failures: Sql, { dialect }: PlanInput): TestPlan {
  return {
    failures,
    count: dialect.tests.count(failures),
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

/** The first parent whose relation is neither there nor built by this run. */
export function missingParent(id: UniqueId, { manifest, state, ids }: PlanInput): Refusal | undefined {
  const { dag, relations } = manifest
  const child = dag.nodes.get(id)?.name ?? id
  for (const parentId of dag.parents.get(id) ?? []) {
    const parent = dag.nodes.get(parentId)
    if (parent === undefined || ids.includes(parentId) || parent.resourceType === 'test') continue
    const relation = relations.get(parentId)
    if (relation === undefined) {
      const above = missingParent(parentId, { manifest, state, ids } as PlanInput)
      if (above !== undefined) return above
      continue
    }
    if (state.find(relation) !== undefined || isExternal(parent)) continue
    const seed = parent.resourceType === 'source' ? dag.parents.get(parentId)?.[0] : undefined
    if (seed !== undefined && ids.includes(seed)) continue
    const name = seed === undefined ? parent.name : (dag.nodes.get(seed)?.name ?? parent.name)
    const command = parent.resourceType === 'seed' || seed !== undefined ? `fft seed --select ${name}` : `fft run --select ${name}`
    return {
      code: 'parent-missing',
      message: `'${child}' reads '${parent.name}', but ${relationName(relation)} does not exist`,
      hint: parent.resourceType === 'source' && seed === undefined ? 'load it first, or correct sources.yml' : `build it first: ${command}`,
    }
  }
  return undefined
}

function isExternal(node: { readonly resourceType: string; readonly source?: { readonly external?: unknown } }): boolean {
  return node.resourceType === 'source' && node.source?.external !== undefined
}
