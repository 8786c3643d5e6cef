import type { Diagnostic } from '../../core/index.js'
import { templateDiagnostic } from '../diagnostics.js'
import { Rope, Undefined, type Value } from '../types.js'

/** An operation that its values do not allow; the evaluator catches it and adds the place. */
export class ValueFault {
  readonly diagnostic: Diagnostic
  /** The value to blame, where it is one of the operands. */
  readonly value: Value | undefined
  /** The keyword to blame, where a call gives one that it may not. */
  readonly keyword: string | undefined
  constructor(diagnostic: Diagnostic, blame: { readonly value?: Value; readonly keyword?: string } = {}) {
    this.diagnostic = diagnostic
    this.value = blame.value
    this.keyword = blame.keyword
  }
}

/** The fault of a value of the wrong type or size. */
export function badValue(message: string, hint?: string): ValueFault {
  return new ValueFault(templateDiagnostic('bad-value', { message, hint }))
}

/** The fault of a missing value that is used; `doing` as in "cannot be …". */
export function undefinedFault(value: Undefined, doing: string): ValueFault {
  return new ValueFault(templateDiagnostic('undefined-value', { what: value.what, doing, hint: value.hint }), { value })
}

/** The fault of text whose value only a later stage knows. */
export function ropeFault(rope: Rope): ValueFault {
  return new ValueFault(templateDiagnostic('hole-not-known', { what: ropeName(rope) }), { value: rope })
}

/** Fails for a missing value and for text with holes. */
export function needKnown(value: Value, doing: string): void {
  if (value instanceof Undefined) throw undefinedFault(value, doing)
  if (value instanceof Rope) throw ropeFault(value)
}

function ropeName(rope: Rope): string {
  const hole = rope.parts.find((part) => typeof part !== 'string')
  if (hole === undefined) return 'the text'
  if (hole.kind === 'watermark') return `watermark('${hole.column}')`
  return hole.kind === 'batch' ? `batch.${hole.part}` : "the delta's relation"
}
