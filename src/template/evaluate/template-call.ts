import type { Diagnostic, SourceSpan } from '../../core/index.js'
import type { Call, CallPlaces, HostFunction, TemplateSource, Value } from '../types.js'
import { type CallSite, SitePlaces } from './call-places.js'
import type { Scope } from './scope.js'

/** A call that a template makes. */
export class TemplateCall implements Call {
  readonly args: readonly Value[]
  readonly kwargs: ReadonlyMap<string, Value>
  readonly scope: Scope
  readonly #site: CallSite

  constructor(scope: Scope, site: CallSite, args: readonly Value[], kwargs: ReadonlyMap<string, Value>) {
    this.scope = scope
    this.#site = site
    this.args = args
    this.kwargs = kwargs
  }

  get places(): CallPlaces {
    return new SitePlaces(this.scope.frame.file, this.#site)
  }

  get span(): SourceSpan {
    return this.places.span
  }

  get callers(): readonly SourceSpan[] {
    return this.scope.frame.run.callers()
  }

  report(diagnostic: Diagnostic): void {
    this.scope.frame.run.report(diagnostic)
  }

  placeOf(path: readonly (string | number)[], which?: 'key' | 'value'): SourceSpan {
    return this.places.placeOf(path, which)
  }

  literal(path: readonly (string | number)[]): TemplateSource | undefined {
    return this.places.literal(path)
  }
}

/** A function of the evaluator's own, which needs to know the rendering that it is called in. */
export function needTemplateCall(run: (call: TemplateCall) => Value): HostFunction {
  return (call) => {
    if (call instanceof TemplateCall) return run(call)
    throw new Error('a macro needs the call that the host was given, or callMacro: this is a bug in fft')
  }
}
