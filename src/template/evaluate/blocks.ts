import { templateDiagnostic } from '../diagnostics.js'
import type { BlockNode, TemplateNode } from '../tree.js'
import type { Value } from '../types.js'
import { Attributes } from '../values/collections.js'
import { execute } from './execute.js'
import { reportAt } from './faults.js'
import { type Output, TextOutput } from './output.js'
import { type BlockDefinition, Scope } from './scope.js'

/** Adds the blocks of a template to the definitions that templates extending it made before. */
export function collectBlocks(
  nodes: readonly TemplateNode[],
  file: string,
  blocks: Map<string, BlockDefinition[]> = new Map(),
): Map<string, BlockDefinition[]> {
  for (const node of nodes) {
    if (node.k === 'block') {
      const known = blocks.get(node.name)
      if (known === undefined) blocks.set(node.name, [{ node, file }])
      else known.push({ node, file })
    }
    for (const body of bodiesOf(node)) collectBlocks(body, file, blocks)
  }
  return blocks
}

function bodiesOf(node: TemplateNode): readonly (readonly TemplateNode[])[] {
  switch (node.k) {
    case 'if':
      return [...node.branches.map(([, body]) => body), node.otherwise ?? []]
    case 'for':
      return [node.body, node.otherwise ?? []]
    case 'with':
    case 'block':
    case 'snapshot':
      return [node.body]
    default:
      return []
  }
}

/** Renders a block where it stands: its definition in the template that extends all others. */
export function executeBlock(node: BlockNode, scope: Scope, out: Output): void {
  const definitions = scope.frame.blocks?.get(node.name) ?? [{ node, file: scope.frame.file }]
  if (definitions[0]?.node.required === true) {
    reportAt(scope, node, templateDiagnostic('block-required', { name: node.name }), node.name.length)
    return
  }
  renderBlock(definitions, 0, node.scoped === true ? scope : outermost(scope), out)
}

function renderBlock(definitions: readonly BlockDefinition[], index: number, around: Scope, out: Output): void {
  const definition = definitions[index]
  if (definition === undefined) return
  const { run, host, blocks } = around.frame
  const scope = new Scope({ run, host, file: definition.file, ...(blocks && { blocks }) }, around)
  if (definitions.length > index + 1) {
    scope.set('super', () => {
      const text = new TextOutput()
      renderBlock(definitions, index + 1, around, text)
      return text.result()
    })
  }
  execute(definition.node.body, scope, out)
}

/** A block sees the variables of the template, not those of the loop it stands in. */
function outermost(scope: Scope): Scope {
  let top = scope
  while (top.outer !== undefined && top.outer.frame === scope.frame) top = top.outer
  return top
}

/** `self`: renders a block by its name. */
export function selfObject(scope: Scope): Value {
  const blocks = scope.frame.blocks ?? new Map<string, BlockDefinition[]>()
  const render = (name: string) => {
    const definitions = blocks.get(name)
    if (definitions === undefined) return undefined
    return () => {
      const text = new TextOutput()
      renderBlock(definitions, 0, scope, text)
      return text.result()
    }
  }
  return new Attributes('self', render, () => blocks.keys())
}
