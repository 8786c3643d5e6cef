import { type Relation, relationName } from '../core/index.js'
import {
  bindMacro,
  type Call,
  type CallPlaces,
  fromHost,
  type HostFunction,
  type HostObject,
  type RenderGlobals,
  type RenderScope,
  type Value,
} from '../template/index.js'
import type { TemplateContext } from './context.js'
import { environmentFunctions } from './environment.js'
import { libraryFunctions } from './library.js'
import { dispatcher, exceptionsObject } from './macros.js'

/** What differs between the renderings of one template: recording, compiling, executing. */
export interface RenderHooks {
  ref(call: Call): Value
  source(call: Call): Value
  config(call: Call): Value
  /** A value of the model's configuration, for `config.get('x')`. */
  configValue(name: string): unknown
  readonly self: Relation | undefined
  isIncremental(call: Call): boolean
  watermark(call: Call): Value
  batch(part: 'start' | 'end' | 'id', call: Call): Value
  runQuery(call: Call): Value
  readonly execute: boolean
  /** Told when a template asks whether queries can run: then it has to be rendered again when they can. */
  onExecuteRead?(): void
  log(message: string, call: Call): void
  /** Further names of this rendering only (`model` of a test, parameters). */
  readonly extra?: ReadonlyMap<string, Value>
}

/** Everything that a template of this project sees. */
export function buildScope(context: TemplateContext, hooks: RenderHooks): RenderScope {
  const bound = new Map<string, Value>()
  const macro = (name: string): Value | undefined => {
    const known = bound.get(name)
    if (known !== undefined) return known
    const entry = context.macros.get(name)
    if (entry === undefined) return name === context.facts.projectName ? namespace() : packageNamespace(name)
    const value = bindMacro(entry.template, entry.name, scope)
    bound.set(name, value)
    return value
  }
  const namespace = () =>
    hostObject(
      () => context.facts.projectName,
      (name) => (context.macros.has(name) ? macro(name) : undefined),
      () => context.macros.keys(),
    )
  const packageNamespace = (name: string): Value | undefined => {
    const macros = context.packageMacros?.get(name)
    if (macros === undefined) return undefined
    const find = (each: string) => {
      const entry = macros.get(each)
      return entry === undefined ? undefined : bindMacro(entry.template, entry.name, scope)
    }
    return hostObject(
      () => name,
      find,
      () => macros.keys(),
    )
  }
  const own: OwnNames = {
    ...referenceNames(context, hooks),
    macros: namespace,
    adapter: () => dispatcher(context, macro),
    run_started_at: () => clockName(context, 'run_started_at'),
    invocation_id: () => clockName(context, 'invocation_id'),
  }
  const globals = new Globals(own, hooks.extra, sharedNames(context))
  const scope: RenderScope = {
    globals,
    macro,
    load: (path) => context.load(path),
    paths: () => context.paths(),
    names: () => [...globals.keys(), ...context.macros.keys()],
  }
  return scope
}

/** Names of one rendering, made when they are first used: most templates use two or three of them. */
type OwnNames = Readonly<Record<string, () => Value>>

function clockName(context: TemplateContext, name: string): Value {
  context.onClockRead()
  return sharedNames(context).get(name) ?? null
}

const shared = new WeakMap<TemplateContext, ReadonlyMap<string, Value>>()

/** Names that are the same in every rendering of an invocation. */
function sharedNames(context: TemplateContext): ReadonlyMap<string, Value> {
  const known = shared.get(context)
  if (known !== undefined) return known
  const names = new Map<string, Value>([
    ...environmentFunctions(context),
    ...libraryFunctions(context.dialect),
    ['exceptions', exceptionsObject()],
  ])
  shared.set(context, names)
  return names
}

/** The names of a rendering: its own, those of its caller, and the invocation's. */
class Globals implements RenderGlobals {
  readonly #own: OwnNames
  readonly #extra: ReadonlyMap<string, Value> | undefined
  readonly #shared: ReadonlyMap<string, Value>
  readonly #made = new Map<string, Value>()

  constructor(own: OwnNames, extra: ReadonlyMap<string, Value> | undefined, names: ReadonlyMap<string, Value>) {
    this.#own = own
    this.#extra = extra
    this.#shared = names
  }

  get(name: string): Value | undefined {
    const known = this.#extra?.get(name) ?? this.#made.get(name)
    if (known !== undefined) return known
    const make = Object.hasOwn(this.#own, name) ? this.#own[name] : undefined
    if (make === undefined) return this.#shared.get(name)
    const value = make()
    this.#made.set(name, value)
    return value
  }

  has(name: string): boolean {
    return this.#extra?.has(name) === true || Object.hasOwn(this.#own, name) || this.#shared.has(name)
  }

  keys(): Iterable<string> {
    return [...Object.keys(this.#own), ...(this.#extra?.keys() ?? []), ...this.#shared.keys()]
  }
}

function referenceNames(context: TemplateContext, hooks: RenderHooks): OwnNames {
  const self = hooks.self
  return {
    ref: () => (call) => hooks.ref(call),
    source: () => (call) => hooks.source(call),
    config: () => configFunction(hooks),
    ...(self === undefined ? {} : { this: () => relationValue(context, self) }),
    is_incremental: () => (call) => hooks.isIncremental(call),
    watermark: () => (call) => hooks.watermark(call),
    batch: () => batchObject(hooks),
    run_query: () => (call) => hooks.runQuery(call),
    execute: () => {
      hooks.onExecuteRead?.()
      return hooks.execute
    },
    log: () => (call) => logged(hooks, call),
    print: () => (call) => printed(hooks, call),
  }
}

function configFunction(hooks: RenderHooks): HostFunction & HostObject {
  return Object.assign((call: Call) => hooks.config(call), {
    hostObject: true as const,
    print: () => '',
    get: (name: string): Value | undefined => configMember(hooks, name),
    keys: () => ['get', 'require'],
  })
}

function batchObject(hooks: RenderHooks): HostObject {
  return hostObject(
    () => 'batch',
    (name) => (isBatchPart(name) ? batchPart(hooks, name) : undefined),
    () => ['start', 'end', 'id'],
  )
}

/** As in dbt: without `info=True` a message is for the log file alone. */
function logged(hooks: RenderHooks, call: Call): Value {
  const isShown = call.args[1] ?? call.kwargs.get('info')
  return isShown === true ? printed(hooks, call) : ''
}

function printed(hooks: RenderHooks, call: Call): Value {
  hooks.log(String(call.args[0] ?? ''), call)
  return ''
}

function configMember(hooks: RenderHooks, name: string): Value | undefined {
  if (name !== 'get' && name !== 'require') return undefined
  return (call: Call) => {
    const value = hooks.configValue(String(call.args[0] ?? ''))
    return value === undefined ? (call.args[1] ?? call.kwargs.get('default') ?? null) : fromHost(value)
  }
}

function isBatchPart(name: string): name is 'start' | 'end' | 'id' {
  return name === 'start' || name === 'end' || name === 'id'
}

// `batch.start` is printed without a call, so its place is the batch object's use; a hole keeps that place.
function batchPart(hooks: RenderHooks, part: 'start' | 'end' | 'id'): Value {
  return hooks.batch(part, emptyCall)
}

const nowhere: CallPlaces = {
  span: { file: '', line: 1, column: 1 },
  placeOf: () => nowhere.span,
  literal: () => undefined,
}

const emptyCall: Call = {
  ...nowhere,
  places: nowhere,
  args: [],
  kwargs: new Map(),
  callers: [],
  report: () => {},
}

/** A relation as templates see it: prints quoted, has `database`, `schema`, `identifier`, `name`. */
export function relationValue(context: TemplateContext, relation: Relation, printed?: string): HostObject {
  const shown = printed ?? context.dialect.relation(relation)
  const parts: Record<string, Value> = {
    database: relation.database ?? null,
    schema: relation.schema,
    identifier: relation.identifier,
    name: relation.identifier,
    table: relation.identifier,
    relation: relationName(relation),
    render: () => shown,
  }
  return hostObject(
    () => shown,
    (name) => (Object.hasOwn(parts, name) ? parts[name] : undefined),
    () => Object.keys(parts),
  )
}

export function hostObject(
  print: () => string,
  get: (name: string) => Value | undefined,
  keys: () => Iterable<string>,
): HostObject {
  return { hostObject: true, print, get, keys }
}
