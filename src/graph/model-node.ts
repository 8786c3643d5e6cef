import type { ModelNode, Node } from '../parse/index.js'

/** Whether a node is a model; a snapshot is one, with a resource type of its own. */
export function isModelNode(node: Node | undefined): node is ModelNode {
  return node?.resourceType === 'model' || node?.resourceType === 'snapshot'
}
