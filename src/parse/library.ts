import type { Dialect } from '../adapters/index.js'
import { parseInstant } from '../core/index.js'
import { type Call, Tuple, toHost, type Value } from '../template/index.js'
import { parseDiagnostic } from './diagnostics.js'

/** The `ff_*` library: SQL that reads the same in a model on every engine. */
export function libraryFunctions(dialect: Dialect): [string, Value][] {
  const names = [dialect.engine, ...dialect.aliases].map((name) => name.toLowerCase())
  const isEngine = (call: Call) => call.args.some((name) => names.includes(String(name).toLowerCase()))
  return [
    ['ff_engine', () => dialect.engine],
    ['ff_is_engine', isEngine],
    ['is_engine', isEngine],
    ['engine_family', () => dialect.engine],
    ['ff_engine_family', () => dialect.engine],
    ['ff_date_trunc', (call) => dialect.dateTrunc(needed(call, 0, 'expr'), optional(call, 1, 'part') ?? 'day')],
    [
      'ff_date_add',
      (call) => dialect.dateAdd(needed(call, 0, 'expr'), needed(call, 1, 'part'), needed(call, 2, 'amount')),
    ],
    ['ff_safe_cast', (call) => safeCast(dialect, call)],
    ['ff_as_of', (call) => asOf(dialect, call)],
    ['ff_partition_filter', (call) => partitionFilter(dialect, call)],
    ['ff_partition_in', (call) => partitionIn(dialect, call)],
  ]
}

function safeCast(dialect: Dialect, call: Call): string {
  const cast = dialect.safeCast(needed(call, 0, 'expr'), needed(call, 1, 'target_type'))
  const fallback = optional(call, 2, 'default')
  return fallback === undefined ? cast : `coalesce(${cast}, ${fallback})`
}

/** The rows of a history that were valid at an instant, as a FROM item. */
function asOf(dialect: Dialect, call: Call): string {
  const [from = 'valid_from', to = 'valid_to'] = [optional(call, 2, 'valid_from'), optional(call, 3, 'valid_to')]
  const [start, end] = [from, to].map((name) => dialect.quote(name))
  const at = needed(call, 1, 'time')
  // An instant as people write it; anything else is SQL.
  const instant = parseInstant(at)
  const moment = (instant === undefined ? undefined : dialect.instant(instant, 'timestamp')) ?? at
  return `(select * from ${needed(call, 0, 'relation')} where ${start} <= ${moment} and (${end} is null or ${end} > ${moment}))`
}

function partitionFilter(dialect: Dialect, call: Call): string {
  const column = needed(call, 0, 'col')
  const start = call.args[1] ?? call.kwargs.get('start') ?? null
  const end = call.args[2] ?? call.kwargs.get('end') ?? null
  const from = start === null ? undefined : dialect.value(toHost(start))
  const to = end === null ? undefined : dialect.value(toHost(end))
  if (from !== undefined && to !== undefined) return `${column} between ${from} and ${to}`
  if (from !== undefined) return `${column} >= ${from}`
  return to === undefined ? '1=1' : `${column} <= ${to}`
}

function partitionIn(dialect: Dialect, call: Call): string {
  const given = call.args[1] ?? call.kwargs.get('values') ?? []
  const list = Array.isArray(given) ? given : given instanceof Tuple ? given.items : [given]
  if (list.length === 0) return '1=0'
  return `${needed(call, 0, 'col')} in (${list.map((value) => dialect.value(toHost(value))).join(', ')})`
}

function optional(call: Call, index: number, name: string): string | undefined {
  const value = call.args[index] ?? call.kwargs.get(name)
  return value === undefined || value === null ? undefined : String(toHost(value))
}

function needed(call: Call, index: number, name: string): string {
  const value = optional(call, index, name)
  if (value !== undefined && value.trim() !== '') return value
  call.report(parseDiagnostic('argument-missing', { call: 'this function', argument: `'${name}'` }, call.span))
  return ''
}
