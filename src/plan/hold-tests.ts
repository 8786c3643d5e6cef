import type { UniqueId } from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import type { PlanInput } from './plan-run.js'
import { planTest } from './plan-test.js'
import type { HeldTest, NodePlan, Transaction } from './types.js'

/**
 * The plan of an incremental model with the tests that look at it alone: they are looked at before its rows and its
 * watermark are kept, where the engine can take both back.
 */
export function holdTests(plan: NodePlan, input: PlanInput): NodePlan {
  const node = input.manifest.dag.nodes.get(plan.id)
  const isIncremental = isModelNode(node) && node.config.incremental !== undefined
  if (!isIncremental || input.dialect.commits.by !== 'transaction') return plan
  const tests = testsOf(plan.id, input)
  if (tests.length === 0) return plan
  // An empty table that windows will fill is no news.
  const hasBatches = plan.transactions.some(({ batch }) => batch !== undefined)
  const held = (transaction: Transaction): Transaction => {
    if (hasBatches && transaction.batch === undefined && transaction.together === undefined) return transaction
    return transaction.together === undefined
      ? {
          ...transaction,
          steps: [...transaction.steps, { kind: 'hold', tests }],
          ...(transaction.batch === undefined
            ? {}
            : { batch: { ...transaction.batch, alone: transaction.batch.alone.map(held) } }),
        }
      : { ...transaction, together: transaction.together.map(held) }
  }
  return { ...plan, transactions: plan.transactions.map(held) }
}

function testsOf(id: UniqueId, input: PlanInput): readonly HeldTest[] {
  const { dag } = input.manifest
  return (dag.children.get(id) ?? []).flatMap((child) => {
    const node = dag.nodes.get(child)
    const isAlone = (dag.parents.get(child) ?? []).every((parent) => parent === id)
    if (node?.resourceType !== 'test' || node.severity !== 'error' || !isAlone || !input.ids.includes(child)) return []
    const { test } = planTest(node, input)
    return test === undefined ? [] : [{ id: child, name: node.name, test }]
  })
}
