import type { SourceSpan } from './span.js'

export type Severity = 'error' | 'warning'

/** A second place that a diagnostic speaks of: the other definition, the call site, the end of the file. */
export interface RelatedPlace {
  readonly message: string
  readonly span: SourceSpan
}

/** One fault in the user's project, with its place and what to do about it. */
export interface Diagnostic {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  readonly span?: SourceSpan
  readonly related?: readonly RelatedPlace[]
}

/** What a stage's table says for one code. */
export interface DiagnosticText {
  readonly message: string
  readonly hint?: string | undefined
  /** Default 'error'. */
  readonly severity?: Severity
}

type DiagnosticTable = Readonly<Record<string, (params: never) => DiagnosticText>>

/** Makes a diagnostic from a code of the table; the code decides which parameters are needed. */
export type DiagnosticMaker<Table extends DiagnosticTable> = <Code extends keyof Table & string>(
  code: Code,
  params: Parameters<Table[Code]>[0],
  span?: SourceSpan,
  related?: readonly RelatedPlace[],
) => Diagnostic

/**
 * Turns a stage's table (code → parameters → text) into the function that its call sites use, so that neither a code
 * nor a parameter can be misspelt there.
 */
export function diagnosticsOf<Table extends DiagnosticTable>(table: Table): DiagnosticMaker<Table> {
  return (code, params, span, related) => {
    const text = (table[code] as unknown as (p: typeof params) => DiagnosticText)(params)
    return {
      code,
      severity: text.severity ?? 'error',
      message: text.message,
      ...(text.hint === undefined ? {} : { hint: text.hint }),
      ...(span === undefined ? {} : { span }),
      ...(related === undefined || related.length === 0 ? {} : { related }),
    }
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}
