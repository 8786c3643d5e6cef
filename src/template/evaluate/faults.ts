import { closest, type Diagnostic } from '../../core/index.js'
import { spanAt } from '../places.js'
import type { At, Expression } from '../tree.js'
import type { Value } from '../types.js'
import { ValueFault } from '../values/value-fault.js'
import { spanLength } from './describe.js'
import type { Scope } from './scope.js'
import { failed } from './signals.js'

type Operands = readonly (readonly [node: Expression, value: Value])[]

/**
 * Does something with values; a fault of theirs is reported, at the operand that is to blame or else at `node`, and the
 * result is then `failed`.
 */
export function attempt(scope: Scope, node: { readonly at: At }, operands: Operands, run: () => Value): Value {
  try {
    return run()
  } catch (fault) {
    if (!(fault instanceof ValueFault)) throw fault
    return reportFault(scope, node, operands, fault)
  }
}

/** Reports a fault of values, see `attempt`. */
export function reportFault(scope: Scope, node: { readonly at: At }, operands: Operands, fault: ValueFault): Value {
  const blamed = blamedNode(operands, fault) ?? node
  return reportAt(scope, blamed, fault.diagnostic, 'k' in blamed ? spanLength(blamed as Expression) : undefined)
}

function blamedNode(operands: Operands, fault: ValueFault): Expression | undefined {
  // The divisor is the thing at fault, not the whole division.
  if (fault.diagnostic.code === 'division-by-zero') return operands.at(-1)?.[0]
  return fault.value === undefined ? undefined : operands.find(([, value]) => value === fault.value)?.[0]
}

/** Reports a diagnostic at a place of the tree. */
export function reportAt(scope: Scope, node: { readonly at: At }, diagnostic: Diagnostic, length?: number): Value {
  scope.frame.run.report({ ...diagnostic, span: spanAt(scope.frame.file, node.at, length) })
  return failed
}

/** The hint for a name that is nearly another. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const near = closest(name, known)
  return near === undefined ? undefined : `did you mean '${near}'?`
}
