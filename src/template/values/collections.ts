import { type HostObject, Tuple, type Value } from '../types.js'

/** A tuple that prints under another name: `dict_keys([…])`, `range(0, 3)`. */
export class View extends Tuple {
  readonly label: string
  constructor(items: readonly Value[], label: string) {
    super(items)
    this.label = label
  }
}

/** A tuple whose items also have names: what groupby gives. */
export class NamedTuple extends Tuple {
  readonly names: readonly string[]
  constructor(items: readonly Value[], names: readonly string[]) {
    super(items)
    this.names = names
  }
}

/** Python's set; keeps the order of insertion. */
export class PySet implements HostObject {
  readonly hostObject = true
  readonly items: Value[]
  constructor(items: Value[]) {
    this.items = items
  }
  print(): string {
    return `{${this.items.length} items}`
  }
  get(): undefined {
    return undefined
  }
  keys(): string[] {
    return []
  }
}

/** `namespace()`: an object whose attributes templates may set. */
export class Namespace implements HostObject {
  readonly hostObject = true
  readonly attributes: Map<string, Value>
  constructor(attributes: Map<string, Value>) {
    this.attributes = attributes
  }
  print(): string {
    return '<Namespace>'
  }
  get(name: string): Value | undefined {
    return this.attributes.get(name)
  }
  keys(): Iterable<string> {
    return this.attributes.keys()
  }
}

/** An object of the evaluator: `loop`, `self`, an imported module. */
export class Attributes implements HostObject {
  readonly hostObject = true
  readonly #name: string
  readonly #get: (name: string) => Value | undefined
  readonly #keys: () => Iterable<string>
  constructor(name: string, get: (name: string) => Value | undefined, keys: () => Iterable<string>) {
    this.#name = name
    this.#get = get
    this.#keys = keys
  }
  print(): string {
    return `<${this.#name}>`
  }
  get(name: string): Value | undefined {
    return this.#get(name)
  }
  keys(): Iterable<string> {
    return this.#keys()
  }
}
