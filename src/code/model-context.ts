import type { Relation } from '../core/index.js'
import { type ModelContext, type RelationHandle, sql } from './api.js'
import { batchIdOfSeveral, variableMissing } from './failures.js'
import type { LoadedCodeModel } from './load-code-models.js'
import { placeOfThrown } from './stack-place.js'

/** The facts of a run that a model's code may see. */
export interface ModelFacts {
  readonly engine: string
  /** The environment's name. */
  readonly env: string
  readonly environment: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, unknown>>
  readonly now: Date
  readonly isIncremental: boolean
  readonly isFullRefresh: boolean
  watermark(column: string): string | null
  readonly relation: Relation
  /** The windows that the rows are for, as milliseconds since 1970; several have no name. */
  readonly batch?: { readonly from: number; readonly to: number; readonly id: string | undefined }
  readonly target: Readonly<Record<string, unknown>>
  log(message: string): void
  readonly signal: AbortSignal
}

/** The context object that a model's function gets. */
export function modelContext(facts: ModelFacts, relationSql: string, model: LoadedCodeModel): ModelContext {
  return {
    ...facts,
    now: new Date(facts.now),
    relation: relationHandle(facts.relation, relationSql),
    batch: batchOf(facts.batch, model),
    watermark: (column) => facts.watermark(column),
    log: (message) => facts.log(String(message)),
    var: <T>(name: string, ...fallback: readonly [T?]): T => {
      const value = facts.vars[name]
      if (value !== undefined) return value as T
      if (fallback.length > 0) return fallback[0] as T
      const place = placeOfThrown(new Error(), model.modules) ?? model.span
      throw variableMissing(model, name, Object.keys(facts.vars), place)
    },
  }
}

function batchOf(batch: ModelFacts['batch'], model: LoadedCodeModel): ModelContext['batch'] {
  if (batch === undefined) return undefined
  const { from, to, id } = batch
  return {
    start: new Date(from),
    end: new Date(to),
    get id() {
      if (id === undefined) throw batchIdOfSeveral(model)
      return id
    },
  }
}

function relationHandle(relation: Relation, relationSql: string): RelationHandle {
  return { ...relation, sql: sql.raw(relationSql), toString: () => relationSql }
}
