import { concat, type Sql } from '../core/index.js'
import type { MeasureDialect } from './types.js'

/** The data tests that measure relations, in standard SQL. */
export function measureTests(quote: (identifier: string) => string): MeasureDialect {
  return {
    greaterEqual: (from, column, threshold) =>
      concat('select * from ', from, ` where ${quote(column)} < ${number(threshold)}`),
    nonNegativeSum: (from, column) =>
      concat(`select sum(${quote(column)}) as total from `, from, ` having sum(${quote(column)}) < 0`),
    rowCountBetween: (from, { min, max }) => {
      const above = max === undefined ? '' : ` or count(*) > ${number(max)}`
      return concat('select count(*) as row_count from ', from, ` having count(*) < ${number(min)}${above}`)
    },
    newerThan: (from, column, oldest) => {
      const newest = `max(${quote(column)})`
      return concat(`select ${newest} as newest from `, from, ` having ${newest} is null or ${newest} < ${oldest}`)
    },
    reconcile: (left, right, within) => {
      const difference = 'abs(l.measured - r.measured)'
      const sides = concat('(', measured(left), ') as l cross join (', measured(right), ') as r')
      const shown = 'select l.measured as left_value, r.measured as right_value from '
      // NULL on one side is no agreement.
      return concat(shown, sides, ` where not coalesce(${agreement(within, difference)}, false)`)
    },
    coverage: (source, target) => {
      const key = quote(source.key)
      const found = `select 1 from (select * from `
      return concat(
        `select source.${key} from (select * from `,
        source.rows,
        `) as source where not exists (${found}`,
        target.rows,
        `) as target where target.${quote(target.key)} = source.${key})`,
      )
    },
  }
}

/** A side of a comparison: one row with one value. The line break keeps a comment from swallowing the rest. */
function measured({ rows, expression }: { readonly rows: Sql; readonly expression: string }): Sql {
  return concat(`select (${expression}\n) as measured from `, rows)
}

function agreement(within: Parameters<MeasureDialect['reconcile']>[2], difference: string): string {
  switch (within.by) {
    case 'equality': {
      const { absolute, percent } = within
      const tolerated = [
        ...(absolute === undefined ? [] : [`${difference} <= ${number(absolute)}`]),
        ...(percent === undefined ? [] : [`${difference} * 100 <= abs(r.measured) * ${number(percent)}`]),
      ]
      return tolerated.length === 0 ? 'l.measured = r.measured' : `(${tolerated.join(' or ')})`
    }
    case 'difference':
      return `${difference} <= ${number(within.most)}`
    case 'ratio': {
      // As upstream: what is divided by nothing is compared with next to nothing.
      const ratio = '(l.measured * 1.0e0) / coalesce(nullif(r.measured * 1.0e0, 0), 1e-12)'
      const bounds = [
        ...(within.least === undefined ? [] : [`${ratio} >= ${number(within.least)}`]),
        ...(within.most === undefined ? [] : [`${ratio} <= ${number(within.most)}`]),
      ]
      // A NULL on the right would look like 0.
      return ['r.measured is not null', ...bounds].join(' and ')
    }
  }
}

function number(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}
