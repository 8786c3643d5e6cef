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
  return fallback === undefined ? new Undefined(`var('${name}')`, `give --vars ${name}=… or a default: var('${name}', …)`) : fallback
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

/** A time as templates see it: prints ISO 8601, `strftime` as in Python. */
function timeValue(iso: string): Value {
  const date = new Date(iso)
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')
  const parts: Record<string, string> = {
    Y: pad(date.getUTCFullYear(), 4),
    y: pad(date.getUTCFullYear() % 100),
    m: pad(date.getUTCMonth() + 1),
    d: pad(date.getUTCDate()),
    H: pad(date.getUTCHours()),
    M: pad(date.getUTCMinutes()),
    S: pad(date.getUTCSeconds()),
    f: `${pad(date.getUTCMilliseconds(), 3)}000`,
    '%': '%',
  }
  const attributes: Record<string, Value> = {
    isoformat: () => iso,
    strftime: (call: Call) => String(call.args[0] ?? '').replace(/%([A-Za-z%])/g, (all, key: string) => parts[key] ?? all),
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    date: () => `${parts['Y']}-${parts['m']}-${parts['d']}`,
  }
  return hostObject(
    () => `${parts['Y']}-${parts['m']}-${parts['d']} ${parts['H']}:${parts['M']}:${parts['S']}.${parts['f']}+00:00`,
    (name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined),
    () => Object.keys(attributes),
  )
}
