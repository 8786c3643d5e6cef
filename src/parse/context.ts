import type { Dialect } from '../adapters/index.js'
import type { Relation } from '../core/index.js'
import type { Template } from '../template/index.js'

/** The facts of an invocation that templates can ask for. */
export interface InvocationFacts {
  readonly projectName: string
  readonly env: string
  readonly engine: string
  readonly defaults: { readonly database?: string; readonly schema: string }
  readonly threads: number
  readonly vars: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string>>
  /** ISO 8601 with offset. */
  readonly runStartedAt: string
  readonly invocationId: string
}

/** A macro and the file it stands in. */
export interface MacroEntry {
  readonly name: string
  readonly template: Template
  /** Of a test that a file makes: what may be given to it; undefined: the macro checks that itself. */
  readonly arguments?: readonly string[]
}

/** What is the same for every rendering of an invocation. */
export interface TemplateContext {
  readonly facts: InvocationFacts
  readonly dialect: Dialect
  /** Global macros by name. */
  readonly macros: ReadonlyMap<string, MacroEntry>
  /** Macros of packages, by package: `shared.cents(…)`. */
  readonly packageMacros?: ReadonlyMap<string, ReadonlyMap<string, MacroEntry>>
  /** The parsed template behind an `import`, `include` or `extends`. */
  load(path: string): Template | undefined
  /** Paths that `load` knows. */
  paths(): Iterable<string>
  /** Told when a template reads the time or the invocation: what it renders is good for this invocation only. */
  onClockRead(): void
  isClockRead(): boolean
}

/** A relation for templates when the real one is not known yet. */
export function placeholderRelation(facts: InvocationFacts, identifier: string): Relation {
  return { ...facts.defaults, identifier }
}
