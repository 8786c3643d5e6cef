import { list, names, qualified, quote, relation } from '../names.js'
import type { ApplyInput, Change, Column, Statement } from '../types.js'
import { leftColumns } from '../upsert-columns.js'
import { beforeJoin, keyColumns, lockWriters, statement } from './changes.js'
import { comparable, isComparable, joined } from './comparison.js'

type ReplaceKeys = Extract<Change, { kind: 'replace_keys' }>
type ReplaceWindow = Extract<Change, { kind: 'replace_window' }>

/** Replaces the rows of each key in the delta; keys whose rows are the same ones already are left alone. */
export function replaceKeys(input: ApplyInput, { key, nullSafe }: ReplaceKeys): readonly Statement[] {
  const match = (a: string, b: string) => joined(keyColumns(input, key), a, b, nullSafe)
  const isChanged = (alias: string) =>
    `exists (select 1 from ${relation(input.scratch('changed'))} as changed where ${match(alias, 'changed')})`
  return replaceRows(input, {
    what: 'keys',
    before: beforeJoin(input, key),
    ofTarget: `exists (select 1 from ${relation(input.staging)} as delta where ${match('target', 'delta')})`,
    changed: ({ added, removed }) => `select ${list(key)} from ${added} union select ${list(key)} from ${removed}`,
    isChanged,
    pairedBy: key,
    nullSafe,
  })
}

/** Replaces the rows of a window; one whose rows are the same ones already is left alone. */
export function replaceWindow(input: ApplyInput, { window, key }: ReplaceWindow): readonly Statement[] {
  const column = qualified(window.column, 'target')
  return replaceRows(input, {
    what: 'window',
    before: [lockWriters(input)],
    ofTarget: `${column} >= ${window.from} and ${column} < ${window.to}`,
    changed: ({ added, removed }) =>
      `select 1 as one where exists (select 1 from ${added}) or exists (select 1 from ${removed})`,
    isChanged: () => `exists (select 1 from ${relation(input.scratch('changed'))})`,
    pairedBy: key,
    nullSafe: true,
  })
}

interface Replaced {
  readonly what: 'keys' | 'window'
  readonly before: readonly string[]
  /** The rows of the target that the delta takes the place of. */
  readonly ofTarget: string
  /** A SELECT of what differs. */
  readonly changed: (tables: Tables) => string
  /** Whether a row of `old` or `delta` is of what differs. */
  readonly isChanged: (alias: 'old' | 'delta') => string
  /** Columns by which rows that come and go are one and the same. */
  readonly pairedBy: readonly string[]
  readonly nullSafe: boolean
}

function replaceRows(input: ApplyInput, replaced: Replaced): readonly Statement[] {
  const tables = temporaries(input)
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const { what, pairedBy, nullSafe } = replaced
  const columns = list(names(input.deltaColumns))
  const make = (table: string, select: string) => `create temp table ${table} on commit drop as ${select}`
  const old = `select target.ctid as __fft_row, target.* from ${target} as target where ${replaced.ofTarget}`
  const fresh = rowsOf(input, staging, 'fresh')
  const there = rowsOf(input, tables.old, 'there')
  const gone = `array(select __fft_row from ${tables.old} as old where ${replaced.isChanged('old')})`
  const pairing = make(tables.paired, pairs(input, { key: pairedBy, nullSafe }, tables))
  return [
    statement([...replaced.before, make(tables.old, old)], `find the rows of the ${what}`),
    statement(make(tables.added, `${fresh} except all ${there}`), 'find new rows', 'written'),
    statement(make(tables.removed, `${there} except all ${fresh}`), 'find rows that go', 'replaced'),
    ...(pairedBy.length === 0 ? [] : [statement(pairing, 'pair them by key', 'updated')]),
    statement(
      [
        make(tables.changed, replaced.changed(tables)),
        `delete from ${target} where ctid = any(${gone})`,
        `insert into ${target} (${columns}) select ${columns} from ${staging} as delta where ${replaced.isChanged('delta')}`,
      ],
      `replace the rows of the ${what} that differ`,
    ),
  ]
}

interface Tables {
  readonly old: string
  readonly added: string
  readonly removed: string
  readonly paired: string
  readonly changed: string
}

function temporaries(input: ApplyInput): Tables {
  const temporary = (role: string) => relation(input.scratch(role))
  return {
    old: temporary('old'),
    added: temporary('added'),
    removed: temporary('removed'),
    paired: temporary('paired'),
    changed: temporary('changed'),
  }
}

/** Rows as they can be compared. A column that left the SELECT becomes NULL, so rows with a value in it differ. */
function rowsOf(input: ApplyInput, from: string, side: 'fresh' | 'there'): string {
  const own = input.deltaColumns.map((column) => {
    const value =
      side === 'fresh' && isComparable(column) ? `cast(${quote(column.name)} as ${column.type})` : comparable(column)
    return `${value} as ${quote(column.name)}`
  })
  const left = leftColumns(input).map(
    (column) => `${side === 'fresh' ? nullOf(column) : comparable(column)} as ${quote(column.name)}`,
  )
  return `select ${[...own, ...left].join(', ')} from ${from}`
}

function nullOf(column: Column): string {
  return `cast(null as ${isComparable(column) ? column.type : 'text'})`
}

/** A row for each new row that takes the place of an old one of its key: those are updates, the rest come or go. */
function pairs(
  input: ApplyInput,
  { key, nullSafe }: Pick<ReplaceKeys, 'key' | 'nullSafe'>,
  tables: Pick<Tables, 'added' | 'removed'>,
): string {
  const numbered = (table: string) =>
    `(select ${list(key)}, row_number() over (partition by ${list(key)}) as __fft_place from ${table})`
  const match = `${joined(keyColumns(input, key), 'added', 'removed', nullSafe)} and added.__fft_place = removed.__fft_place`
  return `select 1 as one from ${numbered(tables.added)} as added join ${numbered(tables.removed)} as removed on ${match}`
}
