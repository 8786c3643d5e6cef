import type { Diagnostic, Hole, Position, SourceSpan, Sql } from '../core/index.js'
import type { TemplateNode } from './tree.js'

/** A template's text and where it stands. */
export interface TemplateSource {
  readonly file: string
  readonly text: string
  /**
   * For a template that is a string inside another file (an inline delta, a YAML scalar): the place in `file` of an
   * offset (UTF-16 units) in `text`. Without it the text is the whole file.
   */
  readonly origin?: (offset: number) => Position
}

/** A parsed template. JSON all through, so that it can be cached; every node carries its line and column. */
export interface Template {
  readonly file: string
  readonly body: readonly TemplateNode[]
  /** Names of the macros defined at its top level. */
  readonly macros: readonly string[]
}

export interface ParsedTemplate {
  /** Undefined when the text has a syntax error. */
  readonly template?: Template
  readonly diagnostics: readonly Diagnostic[]
}

/** Names that the host gives to a template; a `Map` is one. */
export interface RenderGlobals {
  get(name: string): Value | undefined
  has(name: string): boolean
  keys(): Iterable<string>
}

/** What a template sees beside its own variables. */
export interface RenderScope {
  /** Names of the context: ref, source, config, var, … */
  readonly globals: RenderGlobals
  /** A macro that is global by name, or a package's namespace of macros. */
  macro(name: string): Value | undefined
  /** The template behind `import`, `include` and `extends`, or undefined when there is no such file. */
  load(path: string): Template | undefined
  /** Paths that could have been meant; for the hint of a missing template. */
  paths?(): Iterable<string>
  /** All names that could have been meant; for the hint of an unknown name. */
  names(): Iterable<string>
}

export interface Rendering {
  /** What the template printed. */
  readonly sql: Sql
  /** Empty when the rendering is complete. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A Python float: JavaScript cannot tell 2.0 from 2, Python prints them differently. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** A Python tuple; prints as `(1, 2)`. */
export class Tuple {
  readonly items: readonly Value[]
  constructor(items: readonly Value[]) {
    this.items = items
  }
}

/** Text that holds at least one hole; may be printed or joined, nothing else. */
export class Rope {
  readonly parts: readonly (string | Hole)[]
  constructor(parts: readonly (string | Hole)[]) {
    this.parts = parts
  }
}

/** A missing key or attribute: falsy, may be tested or defaulted; printing, joining, iterating or calling it is an error. */
export class Undefined {
  /** What was looked up, for the message: `x.name`, `var('day')`. */
  readonly what: string
  readonly hint: string | undefined
  constructor(what: string, hint?: string) {
    this.what = what
    this.hint = hint
  }
}

/**
 * A value that the host gives to templates: a relation, `target`, `this`, `adapter`, `exceptions`. A function may be one
 * too (`Object.assign(fn, { hostObject: true, … })`): it is called, and has attributes, as `config()` and `config.get`.
 */
export interface HostObject {
  readonly hostObject: true
  /** What `{{ it }}` prints. */
  print(): string | Rope
  /** An attribute or key; undefined means missing. */
  get(name: string): Value | undefined
  /** For the hint of a missing attribute. */
  keys(): Iterable<string>
}

/** A function that the host gives to templates. */
export type HostFunction = (call: Call) => Value

/** One call of a host function, with its places. */
export interface Call extends CallPlaces {
  readonly args: readonly Value[]
  readonly kwargs: ReadonlyMap<string, Value>
  /** Places of the calls that led here, innermost first (empty outside macros). */
  readonly callers: readonly SourceSpan[]
  /** The places alone: a call that is kept keeps its whole rendering in memory. */
  readonly places: CallPlaces
  /** Records a fault (the call sites are added) and goes on; the caller returns a placeholder. */
  report(diagnostic: Diagnostic): void
}

/** Where a call and its arguments stand. */
export interface CallPlaces {
  /** The call's own place: the first character of the called name. */
  readonly span: SourceSpan
  /**
   * The place of an argument, or of a value nested in a literal argument: `['meta', 'unique_key']`, `[0]`. `key` gives
   * the place of the last path element's key or keyword. Falls back to the nearest enclosing thing that has a place.
   */
  placeOf(path: readonly (string | number)[], which?: 'key' | 'value'): SourceSpan
  /** A string literal at that path as a template of its own, with its places in the file; undefined when it is no literal. */
  literal(path: readonly (string | number)[]): TemplateSource | undefined
}

/** Every value of a template. `Map` is a dict, an array a list. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Tuple
  | Rope
  | Undefined
  | HostObject
  | HostFunction
  | Value[]
  | Map<Value, Value>
