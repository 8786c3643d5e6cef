import { assertNever } from '../../core/index.js'
import { templateDiagnostic } from '../diagnostics.js'
import { spanAt } from '../places.js'
import type { CallBlockNode, Expression, IfNode, OutputNode, SetBlockNode, TemplateNode, WithNode } from '../tree.js'
import type { Value } from '../types.js'
import { isHostObject } from '../values/kinds.js'
import { printValue } from '../values/print-value.js'
import { assign, assignFailed } from './assign.js'
import { executeBlock } from './blocks.js'
import { evaluateCall } from './calls.js'
import { describe, spanLength } from './describe.js'
import { bodyVariable, evaluate, evaluateTruth } from './evaluate.js'
import { attempt, reportAt } from './faults.js'
import { executeFor } from './loop.js'
import { makeMacro } from './macro.js'
import { executeExtends, executeFrom, executeImport, executeInclude } from './modules.js'
import { type Output, TextOutput } from './output.js'
import type { Scope } from './scope.js'
import { failed } from './signals.js'

/** How a body ends early. */
export type Jump = 'break' | 'continue' | undefined

/** Renders nodes in order; faults are reported and the rest goes on. */
export function execute(nodes: readonly TemplateNode[], scope: Scope, out: Output): Jump {
  for (const node of nodes) {
    const jump = executeNode(node, scope, out)
    if (jump !== undefined) return jump
  }
  return undefined
}

function executeNode(node: TemplateNode, scope: Scope, out: Output): Jump {
  switch (node.k) {
    case 'text':
      if (!isSilent(scope, out)) out.text(node.v, () => spanAt(scope.frame.file, node.at))
      return undefined
    case 'out':
      if (!isSilent(scope, out)) executeOutput(node, scope, out)
      return undefined
    case 'if':
      return executeIf(node, scope, out)
    case 'for':
      executeFor(node, scope, out)
      return undefined
    case 'break':
    case 'continue':
      return node.k
    case 'with':
      return executeWith(node, scope, out)
    case 'snapshot':
      return execute(node.body, scope.inner(), out)
    case 'block':
      if (!isSilent(scope, out)) executeBlock(node, scope, out)
      return undefined
    default:
      executeEffect(node, scope, out)
      return undefined
  }
}

type EffectNode = Exclude<
  TemplateNode,
  { k: 'text' | 'out' | 'if' | 'for' | 'break' | 'continue' | 'with' | 'snapshot' | 'block' }
>

function executeEffect(node: EffectNode, scope: Scope, out: Output): void {
  switch (node.k) {
    case 'set':
      assign(node.target, evaluate(node.e, scope), scope)
      return
    case 'setblock':
      assign(node.target, setBlockValue(node, scope), scope)
      return
    case 'do':
      evaluate(node.e, scope)
      return
    case 'macro':
      scope.set(node.name, makeMacro(node, scope))
      return
    case 'callblock':
      executeCallBlock(node, scope, out)
      return
    case 'filterblock':
      print(node.e, filtered(node.e, node.body, scope), scope, out)
      return
    case 'extends':
      executeExtends(node, scope)
      return
    case 'include':
      executeInclude(node, scope, out)
      return
    case 'import':
      executeImport(node, scope)
      return
    case 'from':
      executeFrom(node, scope)
      return
    default:
      assertNever(node)
  }
}

/** A template that extends another prints nothing itself from then on. */
function isSilent(scope: Scope, out: Output): boolean {
  return scope.frame.parent !== undefined && scope.frame.out === out
}

function executeOutput(node: OutputNode, scope: Scope, out: Output): void {
  const value = evaluate(node.e, scope)
  if (typeof value === 'string') out.value(value, () => spanAt(scope.frame.file, node.at))
  else print(node.e, value, scope, out, node.at)
}

// biome-ignore lint/complexity/useMaxParams: the place is the one thing that the callers do not share
function print(node: Expression, value: Value, scope: Scope, out: Output, at = node.at): void {
  if (value === failed) return
  if (typeof value === 'function' && !isHostObject(value)) {
    reportAt(scope, node, templateDiagnostic('not-printable', { what: describe(node) }), spanLength(node))
    return
  }
  attempt(scope, node, [], () => {
    out.value(printValue(value), () => spanAt(scope.frame.file, at))
    return null
  })
}

function executeIf(node: IfNode, scope: Scope, out: Output): Jump {
  for (const [test, body] of node.branches) {
    const isTrue = evaluateTruth(test, scope)
    if (isTrue === undefined) {
      assignFailed([node], scope)
      return undefined
    }
    if (isTrue) return execute(body, scope, out)
  }
  return node.otherwise === undefined ? undefined : execute(node.otherwise, scope, out)
}

function executeWith(node: WithNode, scope: Scope, out: Output): Jump {
  const inner = scope.inner()
  const values = node.sets.map(([, value]) => evaluate(value, scope))
  node.sets.forEach(([target], i) => {
    assign(target, values[i] ?? null, inner)
  })
  return execute(node.body, inner, out)
}

function setBlockValue(node: SetBlockNode, scope: Scope): Value {
  if (node.filter !== undefined) return filtered(node.filter, node.body, scope)
  const body = new TextOutput()
  execute(node.body, scope.inner(), body)
  return body.result()
}

function filtered(filter: Expression, nodes: readonly TemplateNode[], scope: Scope): Value {
  const body = new TextOutput()
  execute(nodes, scope.inner(), body)
  const inner = scope.inner()
  inner.set(bodyVariable, body.result())
  return evaluate(filter, inner)
}

function executeCallBlock(node: CallBlockNode, scope: Scope, out: Output): void {
  const caller = makeMacro(node.caller, scope, true)
  const value = evaluateCall(node.call, scope, new Map([['caller', caller]]))
  if (!isSilent(scope, out)) print(node.call, value, scope, out)
}
