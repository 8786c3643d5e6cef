import type { Diagnostic, SourceSpan } from '../core/index.js'
import { check } from './check.js'
import { diagnostic } from './diagnostics.js'
import { budgetsSchema } from './other-schemas.js'
import type { ValuePath, YamlFile } from './types.js'
import { isMap } from './values.js'

/** One limit of `budgets.yml`. */
export interface Budget {
  readonly of: { readonly kind: 'total' } | { readonly kind: 'model' | 'tag'; readonly name: string }
  readonly measure: 'rows' | 'query_duration_ms'
  readonly level: 'warn' | 'error'
  /** More than this is too much. */
  readonly most: number
  readonly span: SourceSpan
}

/** Reads `budgets.yml`. Reports 'budget-amount', the warning 'budget-not-measured', and what does not fit the schema. */
export function readBudgets(yaml: YamlFile): {
  readonly budgets: readonly Budget[]
  readonly diagnostics: readonly Diagnostic[]
} {
  if (yaml.value === null) return { budgets: [], diagnostics: [] }
  const { diagnostics } = check(budgetsSchema, yaml.value, yaml)
  if (diagnostics.length > 0 || !isMap(yaml.value)) return { budgets: [], diagnostics }
  const { total, models, tags, query_limits: queries } = yaml.value
  const named = (kind: 'model' | 'tag', root: string, values: unknown) =>
    Object.entries(isMap(values) ? values : {}).map(([name, value]) => ({
      of: { kind, name: kind === 'model' ? name.replace(/\.ff$/, '') : name } as const,
      value,
      path: [root, name],
    }))
  const scopes = [
    { of: { kind: 'total' } as const, value: total, path: ['total'] },
    ...named('model', 'models', models),
    ...named('tag', 'tags', tags),
  ]
  const read = scopes.flatMap(({ of, value, path }) => readScope(of, value, path, yaml))
  const limits = isMap(queries) && Object.keys(queries).length > 0
  const unmeasured = limits ? [notMeasured('query_limits', ['query_limits'], yaml)] : []
  return {
    budgets: read.flatMap(({ budget }) => budget ?? []),
    diagnostics: [...unmeasured, ...read.flatMap(({ fault }) => fault ?? [])],
  }
}

interface ReadBudget {
  readonly budget?: Budget
  readonly fault?: Diagnostic
}

function readScope(of: Budget['of'], value: unknown, path: ValuePath, yaml: YamlFile): readonly ReadBudget[] {
  return Object.entries(isMap(value) ? value : {}).flatMap(([measure, levels]): readonly ReadBudget[] => {
    if (!isMap(levels)) return []
    if (measure === 'bytes_scanned') return [{ fault: notMeasured(measure, [...path, measure], yaml) }]
    if (measure !== 'rows' && measure !== 'query_duration_ms') return []
    return (['warn', 'error'] as const).flatMap((level): readonly ReadBudget[] => {
      const given = levels[level]
      if (given === undefined || given === null) return []
      const span = yaml.placeOf([...path, measure, level])
      const most = amountOf(given, measure)
      if (most === undefined) return [{ fault: diagnostic('budget-amount', { measure, given: String(given) }, span) }]
      return [{ budget: { of, measure, level, most, span } }]
    })
  })
}

function notMeasured(key: string, path: ValuePath, yaml: YamlFile): Diagnostic {
  return diagnostic('budget-not-measured', { key }, yaml.placeOf(path, 'key'))
}

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `5_000`, `1,000`; for times also `250ms`, `30s`, `1.5m`, `2h`, `1d`. */
function amountOf(value: unknown, measure: Budget['measure']): number | undefined {
  if (typeof value === 'number') return value
  const [, number, unit] = /^\s*(\d[\d_,]*(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*$/i.exec(String(value)) ?? []
  if (number === undefined || (unit !== undefined && measure === 'rows')) return undefined
  return Number(number.replaceAll(/[_,]/g, '')) * (unit === undefined ? 1 : (milliseconds[unit.toLowerCase()] ?? 1))
}
