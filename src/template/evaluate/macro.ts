import type { Diagnostic, RelatedPlace } from '../../core/index.js'
import { templateDiagnostic } from '../diagnostics.js'
import { spanAt } from '../places.js'
import type { MacroBody } from '../tree.js'
import { type Call, type HostFunction, Tuple, Undefined, type Value } from '../types.js'
import { ValueFault } from '../values/value-fault.js'
import { evaluate } from './evaluate.js'
import { execute } from './execute.js'
import { TextOutput } from './output.js'
import { Scope } from './scope.js'
import { ReturnSignal } from './signals.js'
import { needTemplateCall } from './template-call.js'

/** Makes a function of a macro or of the body of a call block; it sees the variables of the scope where it stands. */
export function makeMacro(node: MacroBody, scope: Scope, isCaller = false): HostFunction {
  const what = isCaller ? 'caller()' : `${node.name}()`
  return needTemplateCall((call) => {
    const { host, file } = scope.frame
    const { run } = call.scope.frame
    const inner = new Scope({ run, host, file }, scope)
    const missing = bindParameters({ node, what, file }, call, inner)
    return run.called(call.span, what, () => {
      for (const { name, default: value } of missing) if (value !== undefined) inner.set(name, evaluate(value, inner))
      return renderBody(node, inner, isCaller)
    })
  })
}

function renderBody(node: MacroBody, scope: Scope, isCaller: boolean): Value {
  const out = new TextOutput()
  try {
    execute(node.body, scope, out)
    return out.result()
  } catch (signal) {
    // A return in the body of a call block leaves the macro that the block calls.
    if (signal instanceof ReturnSignal && !isCaller) return signal.value
    throw signal
  }
}

interface Callee {
  readonly node: MacroBody
  readonly what: string
  readonly file: string
}

/** Sets the parameters that are given; gives back those that take their default. */
function bindParameters(callee: Callee, call: Call, scope: Scope): MacroBody['params'] {
  const { params } = callee.node
  bindPositional(callee, call, scope)
  bindNamed(callee, call, scope)
  const missing = params.filter(({ name }) => !scope.variables.has(name))
  const needed = missing.find((param) => param.default === undefined)
  if (needed !== undefined)
    throw fault(callee, templateDiagnostic('missing-argument', { callee: callee.what, name: needed.name }))
  return missing
}

function bindPositional(callee: Callee, { args }: Call, scope: Scope): void {
  const { params, uses = [] } = callee.node
  params.slice(0, args.length).forEach(({ name }, i) => {
    scope.set(name, args[i] ?? null)
  })
  if (uses.includes('varargs')) scope.set('varargs', new Tuple(args.slice(params.length)))
  else if (args.length > params.length) {
    const counts = { given: args.length, taken: params.length }
    throw fault(callee, templateDiagnostic('too-many-arguments', { callee: callee.what, ...counts }))
  }
}

function bindNamed(callee: Callee, { kwargs }: Call, scope: Scope): void {
  const { params, uses = [] } = callee.node
  const names = params.map(({ name }) => name)
  const others = new Map<Value, Value>()
  if (uses.includes('caller') && !names.includes('caller')) {
    names.push('caller')
    if (!kwargs.has('caller')) scope.set('caller', new Undefined('caller()'))
  }
  for (const [name, value] of kwargs) {
    if (names.includes(name)) bindOne(callee, scope, name, value)
    else others.set(name, value)
  }
  if (uses.includes('kwargs')) scope.set('kwargs', others)
  else for (const name of others.keys()) throw unknownArgument(callee, String(name), names)
}

function bindOne(callee: Callee, scope: Scope, name: string, value: Value): void {
  if (scope.variables.has(name)) {
    throw fault(callee, templateDiagnostic('repeated-argument', { callee: callee.what, name }), name)
  }
  scope.set(name, value)
}

function unknownArgument(callee: Callee, name: string, known: readonly string[]): ValueFault {
  if (name === 'caller') {
    const message = `${callee.what} takes no {% call %} block: it does not use caller()`
    return fault(callee, templateDiagnostic('bad-value', { message }))
  }
  const params = { callee: callee.what, name, known: known.filter((other) => other !== 'caller') }
  return fault(callee, templateDiagnostic('unknown-argument', params), name)
}

function fault({ node, file }: Callee, diagnostic: Diagnostic, keyword?: string): ValueFault {
  const span = spanAt(file, node.at, node.name.length)
  const related: RelatedPlace = { message: `${node.name} is defined here`, span }
  return new ValueFault({ ...diagnostic, related: [related] }, keyword === undefined ? {} : { keyword })
}
