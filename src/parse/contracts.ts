import { isEnforced, type ModelConfig, type PlacedModelConfig } from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { parseDiagnostic } from './diagnostics.js'
import type { ModelNode } from './nodes.js'

type Contracted = Pick<ModelNode, 'name' | 'config' | 'columns' | 'constraints'>

/**
 * Whether a contract can be held at all. Reports 'contract-needs-types', 'contract-needs-columns', 'constraint-incomplete', 'contract-not-held',
 * 'contract-schema-change'.
 */
export function checkContract(model: Contracted, placed: PlacedModelConfig): readonly Diagnostic[] {
  const { config, columns } = model
  if (!isEnforced(config)) return []
  const span = placed.placeOf('contract')
  const what = unheld(config)
  if (what !== undefined) return [parseDiagnostic('contract-not-held', { name: model.name, what }, span)]
  if (columns.length === 0) return [parseDiagnostic('contract-needs-columns', { name: model.name }, span)]
  const untyped = columns.filter(({ dataType }) => dataType === undefined).map(({ name }) => name)
  const mode = config.incremental?.onSchemaChange
  const changes = mode === 'ignore' || mode === 'sync_all_columns' ? mode : undefined
  return [
    ...incomplete(model).map((params) =>
      parseDiagnostic('constraint-incomplete', { name: model.name, ...params }, span),
    ),
    ...(untyped.length === 0
      ? []
      : [parseDiagnostic('contract-needs-types', { name: model.name, columns: untyped }, span)]),
    ...(changes === undefined
      ? []
      : [parseDiagnostic('contract-schema-change', { mode: changes }, placed.placeOf('on_schema_change'))]),
  ]
}

/** What a constraint of some type lacks. */
interface Lack {
  readonly type: string
  readonly what: string
}

/** Constraints that lack what they are about, or name a column that is not declared. */
function incomplete({ columns, constraints }: Contracted): readonly Lack[] {
  const declared = new Set(columns.map(({ name }) => name.toLowerCase()))
  return [...columns.flatMap((column) => column.constraints ?? []), ...constraints].flatMap((each): readonly Lack[] => {
    const { type } = each
    if (type === 'check') return each.expression === undefined ? [{ type, what: 'its expression' }] : []
    if (type === 'foreign_key' || type === 'custom') return []
    const unknown = each.columns.find((name) => !declared.has(name.toLowerCase()))
    if (unknown !== undefined) return [{ type, what: `a declared column: '${unknown}' is none` }]
    return each.columns.length === 0 ? [{ type, what: 'its columns' }] : []
  })
}

/** Models whose relation is not what the SELECT gives. */
function unheld({ materialized, incremental }: ModelConfig): string | undefined {
  if (materialized === 'ephemeral') return 'an ephemeral model has no relation'
  if (materialized === 'snapshot' || incremental?.versions !== undefined) return 'a history has columns of its own'
  if (incremental?.strategy === 'cdc') return 'what change events make has the columns of their rows'
  return undefined
}
