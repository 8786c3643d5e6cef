import { countCodePoints } from '../../core/index.js'
import type { Expression } from '../tree.js'

/** An expression in a person's words, short: `x.name`, `f()`, `cols[0]`. */
export function describe(node: Expression): string {
  switch (node.k) {
    case 'name':
      return node.v
    case 'attr':
      return `${describe(node.of)}.${node.name}`
    case 'item':
      return `${describe(node.of)}[${describe(node.key)}]`
    case 'call':
      return `${describe(node.fn)}(${node.args.length + (node.kwargs?.length ?? 0) === 0 ? '' : '…'})`
    case 'str':
      return node.v.length <= 30 ? `'${node.v}'` : `'${node.v.slice(0, 29)}…'`
    case 'int':
    case 'float':
    case 'bigint':
      return String(node.v)
    case 'filter':
      return `${describe(node.of)} | ${node.name}`
    default:
      return 'the value'
  }
}

/** How many code points an expression takes, where that is known and on one line: for underlining it. */
export function spanLength(node: Expression): number | undefined {
  switch (node.k) {
    case 'name':
      return countCodePoints(node.v)
    case 'attr':
    case 'filter':
    case 'test':
      return countCodePoints(node.name)
    case 'str':
      return node.jumps === undefined && !node.v.includes('\n') ? countCodePoints(node.v) + 2 : undefined
    case 'item':
      return spanLength(node.key)
    case 'call':
      return calleeLength(node.fn)
    default:
      return undefined
  }
}

/** The length of a called name, dots included: a call's place is where the name starts. */
export function calleeLength(fn: Expression): number | undefined {
  if (fn.k === 'name') return countCodePoints(fn.v)
  if (fn.k !== 'attr') return undefined
  const before = calleeLength(fn.of)
  return before === undefined ? undefined : before + 1 + countCodePoints(fn.name)
}
