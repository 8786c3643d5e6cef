import { type Relation, text } from '../../core/index.js'
import type { Attaching, WantedConstraint, WantedGrants } from '../attach-types.js'
import { changeIndexes, comments, constraintText, ownEnding, ownName, together } from '../attached.js'
import { quote, quoteText, relation as relationText } from '../names.js'
import type { Statement, TextRow } from '../types.js'

const tablePrivileges = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'] as const

/** What a configuration hangs at a relation of Postgres. */
export const attach: Attaching = {
  comments,
  grants: {
    privileges: [...tablePrivileges, 'all', 'all privileges'],
    current: (relation) =>
      text(
        `select case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end, lower(acl.privilege_type) ` +
          `from pg_class c, aclexplode(c.relacl) as acl where c.oid = ${regclass(relation)} and acl.grantee <> c.relowner`,
      ),
    change: changeGrants,
  },
  indexes: {
    types: ['btree', 'hash', 'gist', 'spgist', 'gin', 'brin'],
    current: (relation) =>
      text(
        `select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = ${regclass(relation)} ` +
          `and not exists (select 1 from pg_constraint con where con.conindid = i.indexrelid)`,
      ),
    change: (relation, wanted, current) =>
      changeIndexes(
        relation,
        wanted,
        current.map(([name]) => name ?? ''),
        ({ type }) => (type === undefined ? '' : ` using ${type.toLowerCase()}`),
      ),
  },
  constraints: {
    made: 'afterwards',
    current: (relation) =>
      text(
        `select 'named', conname from pg_constraint where conrelid = ${regclass(relation)} and contype in ('p', 'u', 'c') union all ` +
          `select 'not null', attname from pg_attribute where attrelid = ${regclass(relation)} and attnum > 0 and attnotnull and not attisdropped`,
      ),
    change: changeConstraints,
  },
}

function regclass(relation: Relation): string {
  return `${quoteText(relationText(relation))}::regclass`
}

/** A role's name as SQL: folded to lower case like any name without quotes, as dbt's users expect. */
function role(name: string): string {
  if (name.toLowerCase() === 'public') return 'public'
  if (/^".*"$/.test(name)) return quote(name.slice(1, -1).replaceAll('""', '"'))
  return quote(/^[A-Za-z_][\w$]*$/.test(name) ? name.toLowerCase() : name)
}

/** `quote_ident` leaves quotes away where they change nothing. */
function sameRole(given: string, found: string): boolean {
  return role(given) === (found === 'public' ? 'public' : role(found.startsWith('"') ? found : `"${found}"`))
}

function changeGrants(relation: Relation, wanted: WantedGrants, current: readonly TextRow[]): readonly Statement[] {
  const asked = Object.entries(wanted).flatMap(([privilege, roles]) =>
    privilegesOf(privilege).flatMap((each) => roles.map((to) => ({ privilege: each, to }))),
  )
  const there = current.map(([to, privilege]) => ({ to: to ?? '', privilege: privilege ?? '' }))
  const name = relationText(relation)
  const missing = asked.filter(
    (each) => !there.some((found) => found.privilege === each.privilege && sameRole(each.to, found.to)),
  )
  const surplus = there.filter(
    (found) => !asked.some((each) => found.privilege === each.privilege && sameRole(each.to, found.to)),
  )
  const lines = [
    ...surplus.map(({ privilege, to }) => `revoke ${privilege} on ${name} from ${to}`),
    ...missing.map(({ privilege, to }) => `grant ${privilege} on ${name} to ${role(to)}`),
  ]
  return together(lines, 'grant what is configured, and no more')
}

function privilegesOf(privilege: string): readonly string[] {
  const word = privilege.toLowerCase()
  return word === 'all' || word === 'all privileges' ? tablePrivileges : [word]
}

function changeConstraints(
  relation: Relation,
  wanted: readonly WantedConstraint[],
  current: readonly TextRow[],
): readonly Statement[] {
  const table = `alter table ${relationText(relation)}`
  const there = new Set(current.filter(([kind]) => kind === 'named').map(([, name]) => name ?? ''))
  const filled = new Set(current.filter(([kind]) => kind === 'not null').map(([, name]) => name ?? ''))
  const named = wanted
    .filter(({ type }) => type !== 'not_null')
    .map((each) => ({ each, name: each.name ?? ownName(relation, each) }))
  const gone = [...there].filter((name) => name.endsWith(ownEnding) && !named.some((each) => each.name === name))
  const notNull = wanted.flatMap(({ type, columns }) => (type === 'not_null' ? columns : []))
  const lines = [
    ...gone.map((name) => `${table} drop constraint ${quote(name)}`),
    ...notNull
      .filter((column) => !filled.has(column))
      .map((column) => `${table} alter column ${quote(column)} set not null`),
    ...named
      .filter(({ name }) => !there.has(name))
      .map(({ each, name }) => `${table} add constraint ${quote(name)} ${constraintText(each)}`),
  ]
  return together(lines, "make the contract's constraints")
}
