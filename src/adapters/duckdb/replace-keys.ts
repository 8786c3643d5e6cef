import { equal, list, names, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { leftColumns } from '../upsert-columns.js'
import { statement } from './insert.js'

type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>
type ReplaceWindow = Extract<Change, { kind: 'replace_window' }>

// A name that no user has.
const numberColumn = '__fft_number'

/** Replaces the rows of each key in the delta; keys whose rows are the same ones already are left alone. */
export function replaceKeys(input: ApplyInput, { key, nullSafe }: ReplaceKeys): readonly Statement[] {
  const staging = relation(input.staging)
  const changed = relation(input.scratch('changed'))
  return replaceRows(input, {
    what: 'keys',
    ofTarget: `exists (select 1 from ${staging} as delta where ${equal(key, 'target', 'delta', nullSafe)})`,
    changed: (added, removed) => `select ${list(key)} from ${added} union select ${list(key)} from ${removed}`,
    isChanged: (alias) =>
      `exists (select 1 from ${changed} as changed where ${equal(key, alias, 'changed', nullSafe)})`,
    pairedBy: key,
    nullSafe,
  })
}

/** Replaces the rows of a window; one whose rows are the same ones already is left alone. */
export function replaceWindow(input: ApplyInput, { window, key }: ReplaceWindow): readonly Statement[] {
  const changed = relation(input.scratch('changed'))
  const inWindow = (alias: string) =>
    `${qualified(window.column, alias)} >= ${window.from} and ${qualified(window.column, alias)} < ${window.to}`
  return replaceRows(input, {
    what: 'window',
    ofTarget: inWindow('target'),
    changed: (added, removed) =>
      `select 1 as one where exists (select 1 from ${added}) or exists (select 1 from ${removed})`,
    isChanged: (alias) => {
      const isAny = `exists (select 1 from ${changed})`
      return alias === 'target' ? `${inWindow(alias)} and ${isAny}` : isAny
    },
    pairedBy: key,
    nullSafe: true,
  })
}

interface Replaced {
  readonly what: 'keys' | 'window'
  /** The rows of the target that the delta takes the place of. */
  readonly ofTarget: string
  /** A SELECT of what differs, from rows that come and rows that go. */
  readonly changed: (added: string, removed: string) => string
  /** Whether a row of `target` or `delta` is of what differs. */
  readonly isChanged: (alias: 'target' | 'delta') => string
  /** Columns by which rows that come and go are one and the same. */
  readonly pairedBy: readonly string[]
  readonly nullSafe: boolean
}

function replaceRows(input: ApplyInput, replaced: Replaced): readonly Statement[] {
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const temporary = (role: string) => relation(input.scratch(role))
  const [old, added, removed] = [temporary('old'), temporary('added'), temporary('removed')]
  const [paired, changed] = [temporary('paired'), temporary('changed')]
  const { what, pairedBy, nullSafe } = replaced
  const columns = list(names(input.deltaColumns))
  // A column that left the SELECT becomes NULL, so rows with a value in it differ from what replaces them.
  const left = leftColumns(input)
  const fresh = `select ${[columns, ...left.map(({ name, type }) => `cast(null as ${type}) as ${quote(name)}`)].join(', ')} from ${staging}`
  const there = `select ${[columns, ...names(left).map(quote)].join(', ')} from ${old}`
  const pairing =
    pairedBy.length === 0
      ? []
      : [
          statement(
            `create temp table ${paired} as ${pairs(pairedBy, nullSafe, { added, removed })}`,
            'pair them by key',
            'updated',
          ),
        ]
  return [
    statement(
      `create temp table ${old} as select * from ${target} as target where ${replaced.ofTarget}`,
      `find the rows of the ${what}`,
    ),
    statement(`create temp table ${added} as ${fresh} except all ${there}`, 'find new rows', 'written'),
    statement(`create temp table ${removed} as ${there} except all ${fresh}`, 'find rows that go', 'replaced'),
    ...pairing,
    statement(
      `create temp table ${changed} as ${replaced.changed(added, removed)}`,
      `see which ${what === 'keys' ? 'keys differ' : 'rows differ'}`,
    ),
    statement(`delete from ${target} as target where ${replaced.isChanged('target')}`, 'delete the old rows'),
    statement(
      `insert into ${target} (${columns}) select ${columns} from ${staging} as delta where ${replaced.isChanged('delta')}`,
      'insert the new rows',
    ),
    ...[old, added, removed, ...(pairing.length === 0 ? [] : [paired]), changed].map((table) =>
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
