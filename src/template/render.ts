import type { Diagnostic } from '../core/index.js'
import { templateDiagnostic } from './diagnostics.js'
import { execute } from './evaluate/execute.js'
import { executeTemplate } from './evaluate/modules.js'
import { SqlOutput, TextOutput } from './evaluate/output.js'
import { Run } from './evaluate/run.js'
import { Scope } from './evaluate/scope.js'
import { failed, ReturnSignal, StopSignal } from './evaluate/signals.js'
import { needTemplateCall, TemplateCall } from './evaluate/template-call.js'
import { isStackOverflow } from './stack-overflow.js'
import type { HostFunction, Rendering, RenderScope, Template, Value } from './types.js'
import { ValueFault } from './values/value-fault.js'

/**
 * Renders a template. Faults are collected and printed as nothing; what a host function throws leaves as it is, so that
 * a rendering can be suspended.
 */
export function renderTemplate(template: Template, scope: RenderScope): Rendering {
  const run = new Run()
  const out = new SqlOutput()
  try {
    executeTemplate(template, { run, host: scope }, out)
  } catch (signal) {
    if (isStackOverflow(signal)) run.report(tooDeep(template.file))
    else if (signal instanceof ReturnSignal) run.report(templateDiagnostic('misplaced-return', undefined, signal.span))
    else if (!(signal instanceof StopSignal)) throw signal
  }
  return { sql: out.result(), diagnostics: run.diagnostics }
}

function tooDeep(file: string): Diagnostic {
  return templateDiagnostic('too-deep', { what: 'an expression or a call', limit: 1000 }, { file, line: 1, column: 1 })
}

const modules = new WeakMap<RenderScope, WeakMap<Template, Scope>>()

/**
 * A macro of a template as a value that templates can call. What stands around the macros of its file (variables,
 * imports, other macros) is evaluated at the first call, once for each scope.
 */
export function bindMacro(template: Template, name: string, scope: RenderScope): Value {
  return needTemplateCall((call) => {
    const found = moduleOf(template, scope, call.scope.frame.run).variables.get(name)
    if (typeof found !== 'function') throw new Error(`${template.file} has no macro ${name}: this is a bug in fft`)
    return found(call)
  })
}

function moduleOf(template: Template, host: RenderScope, run: Run): Scope {
  const known = modules.get(host)?.get(template)
  if (known !== undefined) return known
  const module = new Scope({ run, host, file: template.file })
  // Known before it is complete: its own variables may call its macros.
  const ofHost = modules.get(host) ?? new WeakMap<Template, Scope>()
  modules.set(host, ofHost.set(template, module))
  const definitions = template.body.filter((node) => node.k !== 'text' && node.k !== 'out')
  try {
    execute(definitions, module, new TextOutput())
  } catch (signal) {
    // What was left in the middle is done again at the next call.
    ofHost.delete(template)
    throw signal
  }
  return module
}

/** The result of a macro that the host calls itself. */
export interface MacroResult {
  /** Undefined when the call itself has a fault. */
  readonly value: Value | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Calls a macro from outside of any template, as `run-operation` and `generate_schema_name` need. */
export function callMacro(
  macro: HostFunction,
  given: { readonly args?: readonly Value[]; readonly kwargs?: ReadonlyMap<string, Value> },
  host: RenderScope,
  file: string,
): MacroResult {
  const run = new Run()
  const scope = new Scope({ run, host, file })
  try {
    const site = { at: 1_000_001, length: undefined, given: { args: [] } }
    const value = macro(new TemplateCall(scope, site, given.args ?? [], given.kwargs ?? new Map()))
    return { value: value === failed ? undefined : value, diagnostics: run.diagnostics }
  } catch (signal) {
    if (isStackOverflow(signal)) run.report(tooDeep(file))
    else if (signal instanceof ValueFault) run.report({ ...signal.diagnostic, span: { file, line: 1, column: 1 } })
    else if (!(signal instanceof StopSignal)) throw signal
    return { value: undefined, diagnostics: run.diagnostics }
  }
}
