import type { SourceSpan } from '../../core/index.js'
import { Undefined, type Value } from '../types.js'

/** What an expression with a fault evaluates to: the fault is reported already, whatever uses the value stays silent. */
export const failed: Undefined = new Undefined('a value with a fault')

/** Carries the value of `return()` to the macro that it leaves. */
export class ReturnSignal {
  readonly value: Value
  /** Where `return()` stands. */
  readonly span: SourceSpan
  constructor(value: Value, span: SourceSpan) {
    this.value = value
    this.span = span
  }
}

/** Ends a rendering that would go on without end; the fault is reported already. */
export class StopSignal {}
