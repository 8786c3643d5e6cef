import { type Call, fromHost, Undefined, type Value } from '../template/index.js'
import type { TemplateContext } from './context.js'
import { parseDiagnostic } from './diagnostics.js'
import { hostObject } from './scope.js'

/** `var env env_var target engine run_started_at invocation_id sql_literal …`: what a template may ask of the invocation. */
export function environmentFunctions(context: TemplateContext): [string, Value][] {
  const { facts, dialect } = context
  const target: Record<string, Value> = {
    name: facts.env,
    profile_name: facts.projectName,
    type: facts.engine,
    schema: facts.defaults.schema,
    database: facts.defaults.database ?? null,
    threads: facts.threads,
  }
  return [
    ['var', (call) => readVar(context, call)],
    ['env', (call) => readEnv(context, call, false)],
    ['env_var', (call) => readEnv(context, call, true)],
    [
      'target',
      hostObject(
        () => facts.env,
        (name) => (Object.hasOwn(target, name) ? target[name] : undefined),
        () => Object.keys(target),
      ),
    ],
    ['engine', () => facts.engine],
    ['run_started_at', timeValue(facts.runStartedAt)],
    ['invocation_id', facts.invocationId],
    ['sql_literal', (call) => dialect.value(call.args[0] ?? null)],
    ['project_name', facts.projectName],
  ]
}

function readVar(context: TemplateContext, call: Call): Value {
  const name = String(call.args[0] ?? '')
  if (Object.hasOwn(context.facts.vars, name)) return fromHost(context.facts.vars[name])
  const fallback = call.args[1] ?? call.kwargs.get('default')
  return fallback === undefined
    ? new Undefined(`var('${name}')`, `give --vars ${name}=… or a default: var('${name}', …)`)
    : fallback
}

function readEnv(context: TemplateContext, call: Call, required: boolean): Value {
  const name = String(call.args[0] ?? '')
  const value = context.facts.environment[name]
  if (value !== undefined) return value
  const fallback = call.args[1] ?? call.kwargs.get('default')
  if (fallback !== undefined) return fallback
  if (!required) return new Undefined(`env('${name}')`, `set ${name} or give a default: env('${name}', …)`)
  call.report(parseDiagnostic('env-var-missing', { name }, call.placeOf([0])))
  return ''
}

/** A UTC time (ISO 8601 with `Z`) as templates see it: prints as Python does, has `strftime` and its parts. */
function timeValue(iso: string): Value {
  const [, Y = '', m = '', d = '', H = '', M = '', S = '', fraction = ''] =
    /^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?/.exec(iso) ?? []
  const parts: Record<string, string> = { Y, y: Y.slice(-2), m, d, H, M, S, f: fraction.padEnd(6, '0'), '%': '%' }
  const attributes: Record<string, Value> = {
    isoformat: () => iso,
    strftime: (call: Call) =>
      String(call.args[0] ?? '').replace(/%([A-Za-z%])/g, (all, key: string) => parts[key] ?? all),
    year: Number(Y),
    month: Number(m),
    day: Number(d),
    hour: Number(H),
    minute: Number(M),
    second: Number(S),
    date: () => `${Y}-${m}-${d}`,
  }
  return hostObject(
    () => `${Y}-${m}-${d} ${H}:${M}:${S}.${parts.f}+00:00`,
    (name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined),
    () => Object.keys(attributes),
  )
}
