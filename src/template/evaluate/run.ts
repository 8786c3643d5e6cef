import type { Diagnostic, RelatedPlace, SourceSpan } from '../../core/index.js'
import { templateDiagnostic } from '../diagnostics.js'
import type { Template } from '../types.js'
import type { Scope } from './scope.js'
import { StopSignal } from './signals.js'

const maxDepth = 120
const shownCallers = 10

/** One rendering: its faults, and the calls that are open. */
export class Run {
  readonly diagnostics: Diagnostic[] = []
  readonly #seen = new Set<string>()
  readonly #calls: SourceSpan[] = []
  /** Modules imported without context: each is rendered once. */
  readonly modules: Map<Template, Scope> = new Map()

  /** The open calls, innermost first. */
  callers(): readonly SourceSpan[] {
    return this.#calls.toReversed()
  }

  /** Records a fault, with the calls that led to it; the same fault at the same place once. */
  report(diagnostic: Diagnostic): void {
    const related = [...(diagnostic.related ?? []), ...this.#callPlaces()]
    const complete = related.length === 0 ? diagnostic : { ...diagnostic, related }
    const key = JSON.stringify(complete)
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.diagnostics.push(complete)
  }

  /** Does something as part of a call from `span`; `what` is called, for the fault of calls without end. */
  called<T>(span: SourceSpan, what: string, run: () => T): T {
    if (this.#calls.length >= maxDepth) {
      this.report(templateDiagnostic('too-deep', { what, limit: maxDepth }, span))
      throw new StopSignal()
    }
    const depth = this.#calls.push(span)
    try {
      return run()
    } finally {
      this.#calls.length = depth - 1
    }
  }

  #callPlaces(): RelatedPlace[] {
    const places: RelatedPlace[] = []
    for (const span of this.callers()) {
      const last = places.at(-1)?.span
      if (last?.file === span.file && last.line === span.line && last.column === span.column) continue
      places.push({ message: 'called from here', span })
    }
    return places.length <= shownCallers ? places : [...places.slice(0, shownCallers - 1), ...places.slice(-1)]
  }
}
