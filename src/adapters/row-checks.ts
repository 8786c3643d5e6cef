import { type Relation, text } from '../core/index.js'
import type { Column, RowChecks } from './types.js'

/** How an engine writes names. */
export interface CheckWords {
  quote(identifier: string): string
  relation(relation: Relation): string
  /** The type of text. */
  readonly textType: string
  /** `delta` and `target` agree in those columns. */
  match(columns: readonly Column[], nullSafe: boolean): string
}

/** The checks of staged rows that do not concern their keys alone, in standard SQL. */
export function rowChecks({ quote, relation, match, textType }: CheckWords): RowChecks {
  return {
    failing: (delta, condition) =>
      text(`select * from ${relation(delta)} as delta where not coalesce((${condition}), false) limit 5`),
    outside: (delta, target, { key, nullSafe }, condition) => {
      const there = (and: string) =>
        `exists (select 1 from ${relation(target)} as target where ${match(key, nullSafe)}${and})`
      return text(
        `select * from ${relation(delta)} as delta where ${there('')} and not ${there(` and coalesce((${condition}), false)`)} order by ${key.map(({ name }) => `delta.${quote(name)}`).join(', ')} limit 5`,
      )
    },
    anyInWindow: (from, { column, from: start, to }) =>
      text(
        `select cast(exists (select 1 from ${relation(from)} where ${quote(column)} >= ${start} and ${quote(column)} < ${to}) as ${textType})`,
      ),
    empty: (delta, target) =>
      text(
        `select 0 as row_count from ${relation(target)} as target where not exists (select 1 from ${relation(delta)} as delta) limit 1`,
      ),
    severalValues: (from, column) => {
      const name = quote(column)
      const facts = `count(distinct ${name}) as different_values, min(${name}) as smallest, max(${name}) as largest, count(*) - count(${name}) as nulls`
      return text(
        `select ${facts} from ${relation(from)} having count(distinct ${name}) <> 1 or count(*) <> count(${name})`,
      )
    },
  }
}
