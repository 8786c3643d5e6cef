import { concat, type Sql } from '../core/index.js'
import { quote, value } from './names.js'
import type { GapDialect, MeasureDialect, TestDialect } from './types.js'

/** The data tests' queries, in standard SQL. */
export const dataTests: Omit<TestDialect, keyof GapDialect | keyof MeasureDialect> = {
  unique: (from, column) =>
    concat(
      `select ${quote(column)}, count(*) as n from `,
      from,
      ` where ${quote(column)} is not null group by ${quote(column)} having count(*) > 1`,
    ),
  notNull: (from, column) => concat('select * from ', from, ` where ${quote(column)} is null`),
  acceptedValues: (from, column, values, quoted) => acceptedValues(from, column, values, quoted),
  relationships: (from, column, to, field) =>
    concat(
      `select child.${quote(column)} from (select * from `,
      from,
      `) as child where child.${quote(column)} is not null and not exists (select 1 from (select * from `,
      to,
      `) as parent where child.${quote(column)} = parent.${quote(field)})`,
    ),
  counts: (failures) => {
    const columns = failures.map((rows, index) =>
      concat(index === 0 ? '' : ', ', '(select count(*) from (\n', rows, `\n) as failing) as f${index}`),
    )
    return concat('select ', ...columns)
  },
}

function acceptedValues(from: Sql, column: string, values: readonly unknown[], quoted: boolean): Sql {
  const list = values.map((accepted) => (quoted ? value(accepted) : String(accepted))).join(', ')
  const rows = `select ${quote(column)}, count(*) as n from `
  return concat(
    rows,
    from,
    ` where ${quote(column)} is not null and ${quote(column)} not in (${list === '' ? 'null' : list}) group by ${quote(column)}`,
  )
}
