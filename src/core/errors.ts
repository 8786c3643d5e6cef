import type { Diagnostic } from './diagnostics.js'
import type { SourceSpan } from './span.js'

/** The command or the project is wrong: exit code 2. Carries every diagnostic of the stage that failed. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('\n'))
    this.diagnostics = diagnostics
  }
}

export interface FftErrorDetails {
  /** Kebab-case, never reused. */
  readonly code: string
  readonly hint?: string | undefined
  readonly span?: SourceSpan | undefined
  /** The statement that the engine refused. */
  readonly statement?: string | undefined
  readonly cause?: unknown
  /** Nothing of the transaction was kept, and it was not its fault: it may be run again as it is. */
  readonly mayRunAgain?: boolean
}

/** The world failed (no connection, missing driver, refused statement): exit code 1. */
export class FftError extends Error {
  override readonly name = 'FftError'
  readonly code: string
  readonly hint: string | undefined
  readonly span: SourceSpan | undefined
  readonly statement: string | undefined
  readonly mayRunAgain: boolean

  constructor(message: string, details: FftErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.hint = details.hint
    this.span = details.span
    this.statement = details.statement
    this.mayRunAgain = details.mayRunAgain ?? false
  }
}

/** Call it where the types say nothing can arrive: a bug in fft, exit code 3. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}: this is a bug in fft`)
}
