import type { BlockNode } from '../tree.js'
import type { RenderScope, Template, Value } from '../types.js'
import type { Output } from './output.js'
import type { Run } from './run.js'

/** One definition of a block, in the template where it stands. */
export interface BlockDefinition {
  readonly node: BlockNode
  readonly file: string
}

/** What stays the same while one template, or the body of one macro, is rendered. */
export interface Frame {
  readonly run: Run
  readonly host: RenderScope
  readonly file: string
  /** Block definitions by name, the one of the template that extends first. */
  readonly blocks?: Map<string, BlockDefinition[]>
  /** What the template itself prints to; set while it may extend another. */
  readonly out?: Output
  /** The template that this one extends, once `{% extends %}` was met. */
  parent?: Template
}

/** Variables of a template, a loop, a macro; a name that is not here is looked for further out. */
export class Scope {
  readonly variables: Map<string, Value> = new Map()
  readonly outer: Scope | undefined
  readonly frame: Frame

  constructor(frame: Frame, outer?: Scope) {
    this.frame = frame
    this.outer = outer
  }

  /** A scope inside this one. */
  inner(): Scope {
    return new Scope(this.frame, this)
  }

  get(name: string): Value | undefined {
    let value = this.variables.get(name)
    for (let scope = this.outer; value === undefined && scope !== undefined; scope = scope.outer) {
      value = scope.variables.get(name)
    }
    return value
  }

  set(name: string, value: Value): void {
    this.variables.set(name, value)
  }

  /** All names that are set here and further out. */
  *names(): Iterable<string> {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.outer) yield* scope.variables.keys()
  }
}
