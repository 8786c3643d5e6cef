import type { Target, TemplateNode } from '../tree.js'
import type { Value } from '../types.js'
import { Namespace } from '../values/collections.js'
import { itemsOf } from '../values/iterate.js'
import { badValue } from '../values/value-fault.js'
import { attempt } from './faults.js'
import { lookupName } from './names.js'
import type { Scope } from './scope.js'
import { failed } from './signals.js'

/** Sets a target; a value with a fault makes every name of it silent. */
export function assign(target: Target, value: Value, scope: Scope): void {
  if (target.k === 'name') scope.set(target.v, value)
  else if (target.k === 'nsattr') assignAttribute(target, value, scope)
  else if (value === failed || unpack(target, value, scope) === failed) {
    for (const item of target.items) assign(item, failed, scope)
  }
}

function unpack(target: Extract<Target, { k: 'tuple' }>, value: Value, scope: Scope): Value {
  return attempt(scope, target, [], () => {
    const items = itemsOf(value)
    if (items.length !== target.items.length) {
      throw badValue(
        `${items.length} value${items.length === 1 ? '' : 's'} cannot be given to ${target.items.length} names`,
      )
    }
    target.items.forEach((item, i) => {
      assign(item, items[i] ?? null, scope)
    })
    return null
  })
}

function assignAttribute(target: Extract<Target, { k: 'nsattr' }>, value: Value, scope: Scope): void {
  attempt(scope, target, [], () => {
    const object = lookupName(scope, target.of)
    if (object === failed) return failed
    if (!(object instanceof Namespace)) {
      throw badValue(
        `'${target.of}' is no namespace`,
        `set it first: {% set ${target.of} = namespace(${target.name}=…) %}`,
      )
    }
    object.attributes.set(target.name, value)
    return null
  })
}

/** Makes the names that these nodes would have set silent: which branch would have run is not known. */
export function assignFailed(nodes: readonly TemplateNode[], scope: Scope): void {
  for (const node of nodes) {
    if (node.k === 'set' || node.k === 'setblock') assign(node.target, failed, scope)
    else for (const name of namesSetBy(node)) scope.set(name, failed)
    if (node.k === 'if')
      for (const body of [...node.branches.map(([, nodes]) => nodes), node.otherwise ?? []]) assignFailed(body, scope)
  }
}

function namesSetBy(node: TemplateNode): readonly string[] {
  if (node.k === 'macro' || node.k === 'import') return [node.name]
  return node.k === 'from' ? node.names.map(([, alias]) => alias) : []
}
