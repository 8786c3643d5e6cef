import { type Failure, FftError, type SourceSpan } from '../core/index.js'
import { NodeRefused } from './run-steps.js'

/** An error of a node as it is shown; at the least it points at the node's file. Bugs are thrown on. */
export function failureOf(error: unknown, file: SourceSpan | undefined): Failure {
  if (error instanceof NodeRefused) return refusalFailure(error, file)
  if (!(error instanceof FftError)) throw error
  const span = error.span ?? file
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(span === undefined ? {} : { span }),
    ...(error.statement === undefined ? {} : { statement: error.statement }),
  }
}

function refusalFailure({ refusal, rows }: NodeRefused, file: SourceSpan | undefined): Failure {
  const span = refusal.span ?? file
  return {
    code: refusal.code,
    message: refusal.message,
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    ...(span === undefined ? {} : { span }),
    ...(rows === undefined ? {} : { rows }),
  }
}
