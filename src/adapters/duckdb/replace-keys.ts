import { equal, list, names, quote, relation } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { leftColumns } from '../upsert-columns.js'
import { statement } from './insert.js'

type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>

// A name that no user has.
const numberColumn = '__fft_number'

/** Replaces the rows of each key in the delta; keys whose rows are the same ones already are left alone. */
export function replaceKeys(input: ApplyInput, { key, nullSafe }: ReplaceKeys): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const temporary = (role: string) => relation(input.scratch(role))
  const [old, added, removed] = [temporary('old'), temporary('added'), temporary('removed')]
  const [paired, changed] = [temporary('paired'), temporary('changed')]
  const columns = list(names(input.deltaColumns))
  // A column that left the SELECT becomes NULL, so rows with a value in it differ from what replaces them.
  const left = leftColumns(input)
  const fresh = `select ${[columns, ...left.map(({ name, type }) => `cast(null as ${type}) as ${quote(name)}`)].join(', ')} from ${staging}`
  const there = `select ${[columns, ...names(left).map(quote)].join(', ')} from ${old}`
  const inDelta = `exists (select 1 from ${staging} as delta where ${equal(key, 'target', 'delta', nullSafe)})`
  const inChanged = (alias: string) =>
    `exists (select 1 from ${changed} as changed where ${equal(key, alias, 'changed', nullSafe)})`
  return [
    statement(
      `create temp table ${old} as select * from ${target} as target where ${inDelta}`,
      'find the rows of the keys',
    ),
    statement(`create temp table ${added} as ${fresh} except all ${there}`, 'find new rows', 'written'),
    statement(`create temp table ${removed} as ${there} except all ${fresh}`, 'find rows that go', 'replaced'),
    statement(
      `create temp table ${paired} as ${pairs(key, nullSafe, { added, removed })}`,
      'pair them by key',
      'updated',
    ),
    statement(
      `create temp table ${changed} as select ${list(key)} from ${added} union select ${list(key)} from ${removed}`,
      'find the keys whose rows differ',
    ),
    statement(`delete from ${target} as target where ${inChanged('target')}`, 'delete the rows of those keys'),
    statement(
      `insert into ${target} (${columns}) select ${columns} from ${staging} as delta where ${inChanged('delta')}`,
      'insert the rows of those keys',
    ),
    ...[old, added, removed, paired, changed].map((table) =>
      statement(`drop table ${table}`, 'drop what was compared'),
    ),
  ]
}

/** A row for each new row that takes the place of an old one of its key: those are updates, the rest come or go. */
function pairs(key: readonly string[], nullSafe: boolean, tables: { added: string; removed: string }): string {
  const numbered = (table: string) =>
    `(select ${list(key)}, row_number() over (partition by ${list(key)}) as ${quote(numberColumn)} from ${table})`
  const match = `${equal(key, 'added', 'removed', nullSafe)} and ${equal([numberColumn], 'added', 'removed', false)}`
  return `select 1 as one from ${numbered(tables.added)} as added join ${numbered(tables.removed)} as removed on ${match}`
}
