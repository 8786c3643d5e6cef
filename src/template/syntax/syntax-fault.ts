import type { Diagnostic } from '../../core/index.js'

/** Ends the parsing of a template; thrown by lexer and parser, caught by `parseTemplate`, which knows the places. */
export class SyntaxFault {
  readonly diagnostic: Diagnostic
  /** Where the thing at fault starts, and how many characters it takes. */
  readonly offset: number
  readonly length: number
  readonly related: { readonly offset: number; readonly message: string } | undefined

  constructor(
    diagnostic: Diagnostic,
    place: { readonly offset: number; readonly length?: number },
    related?: { readonly offset: number; readonly message: string },
  ) {
    this.diagnostic = diagnostic
    this.offset = place.offset
    this.length = place.length ?? 1
    this.related = related
  }
}
