import { concat, type Sql } from '../../core/index.js'
import { gapTests } from '../gap-tests.js'
import { measureTests } from '../measure-tests.js'
import type { TestDialect } from '../types.js'
import { gapWords } from './gap-words.js'
import { quote, value } from './names.js'

/** The data tests' queries on Spark. */
export const tests: TestDialect = {
  ...gapTests(gapWords),
  ...measureTests(quote),
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
      ') as child left anti join (select * from ',
      to,
      `) as parent on child.${quote(column)} = parent.${quote(field)} where child.${quote(column)} is not null`,
    ),
  counts: (failures) => {
    const columns = failures.map((rows, index) =>
      concat(index === 0 ? '' : ', ', '(select count(*) from (\n', rows, `\n) as failing) as f${index}`),
    )
    return concat('select ', ...columns)
  },
}

function acceptedValues(from: Sql, column: string, values: readonly unknown[], quoted: boolean): Sql {
  const accepted = values.map((each) => (quoted ? value(each) : String(each))).join(', ')
  const rows = `select ${quote(column)}, count(*) as n from `
  return concat(
    rows,
    from,
    ` where ${quote(column)} is not null and ${quote(column)} not in (${accepted === '' ? 'null' : accepted}) group by ${quote(column)}`,
  )
}
