import { quoteText } from '../names.js'
import type { Column, RelationState, SchemaName } from '../types.js'
import { type AttachmentRow, attachmentsOf } from './attachments.js'
import type { RawResult } from './session.js'

function oidsOf(schemas: readonly SchemaName[]): string {
  return schemas.map(({ schema }) => quoteText(schema)).join(', ')
}

/**
 * What reads all relations of the schemas: one message, two queries. Names in definitions come out in full because
 * nothing but the system's own schema is on the search path.
 */
export function relationsText(schemas: readonly SchemaName[]): string {
  return [
    'begin read only',
    'set local search_path = pg_catalog',
    relationsQuery(schemas),
    attachmentsQuery(schemas),
    'commit',
  ].join(';\n')
}

/** Columns and keys come as JSON, a row a relation: far fewer values to fetch. */
function relationsQuery(schemas: readonly SchemaName[]): string {
  return `with found as (
  select c.oid, n.nspname, c.relname, c.relkind
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in (${oidsOf(schemas)}) and c.relkind in ('r', 'p', 'f', 'v', 'm')
),
columns as (
  select a.attrelid as oid,
    json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
  from pg_attribute a join found on found.oid = a.attrelid
  where a.attnum > 0 and not a.attisdropped group by a.attrelid
),
keys as (
  select i.indrelid as oid, json_agg((
    select json_agg(a.attname order by k.place)
    from unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where k.place <= i.indnkeyatts) order by i.indexrelid) as keys
  from pg_index i join found on found.oid = i.indrelid
  where i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
  group by i.indrelid
)
select found.oid, found.nspname, found.relname, found.relkind, columns.columns, keys.keys
from found left join columns using (oid) left join keys using (oid)
order by found.nspname, found.relname`
}

/** Everything that hangs at the relations, or reads them: one row a thing. */
function attachmentsQuery(schemas: readonly SchemaName[]): string {
  return `with recursive found as (
  select c.oid, c.oid as root from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in (${oidsOf(schemas)}) and c.relkind in ('r', 'p', 'f', 'v')
),
readers as (
  select distinct d.refobjid as parent, r.ev_class as child
  from pg_depend d join pg_rewrite r on r.oid = d.objid
  where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
),
tree as (
  select found.root, readers.child, 1 as depth from found join readers on readers.parent = found.oid
  union
  select tree.root, readers.child, tree.depth + 1 from tree join readers on readers.parent = tree.child
  where tree.depth < 100
),
dependents as (
  select root, child, max(depth) as depth from tree group by root, child
),
wanted as (
  select root, child as oid, depth from dependents union all select root, root, 0 from found
),
things as (
  select wanted.root, wanted.oid, wanted.depth, 'relation' as thing, n.nspname || '' as schema_name, c.relname || '' as name,
    c.relkind::text as kind, pg_get_userbyid(c.relowner)::text as owner,
    case when c.relkind in ('v', 'm') and wanted.depth > 0 then pg_get_viewdef(c.oid) end as definition,
    array_to_string(c.reloptions, ', ') as options,
    pg_has_role(current_user, c.relowner, 'usage')::text || case when c.relowner = (select oid from pg_roles where rolname = current_user) then ' own' else '' end as rights,
    obj_description(c.oid, 'pg_class') as comment
  from wanted join pg_class c on c.oid = wanted.oid join pg_namespace n on n.oid = c.relnamespace
)
select * from things
union all
select wanted.root, wanted.oid, wanted.depth, 'grant', null, acl.privilege_type,
  case when acl.is_grantable then 'grantable' end,
  case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end, null, null, null, null
from wanted join pg_class c on c.oid = wanted.oid, aclexplode(c.relacl) as acl where acl.grantee <> c.relowner
union all
select wanted.root, wanted.oid, wanted.depth, 'column grant', a.attname, acl.privilege_type,
  case when acl.is_grantable then 'grantable' end,
  case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end, null, null, null, null
from wanted join pg_attribute a on a.attrelid = wanted.oid and a.attacl is not null, aclexplode(a.attacl) as acl
union all
select wanted.root, wanted.oid, wanted.depth, 'column comment', null, a.attname, null, null, null, null, null, d.description
from wanted join pg_description d on d.objoid = wanted.oid and d.classoid = 'pg_class'::regclass and d.objsubid > 0
join pg_attribute a on a.attrelid = wanted.oid and a.attnum = d.objsubid
union all
select found.root, i.indexrelid, 0, 'constraint', null, con.conname, null, null, pg_get_constraintdef(con.oid), null, null, null
from found join pg_index i on i.indrelid = found.oid join pg_constraint con on con.conindid = i.indexrelid and con.conrelid = found.oid
where con.contype in ('p', 'u', 'x')
union all
select found.root, i.indexrelid, 0, 'index', n.nspname, c.relname, null, null, pg_get_indexdef(i.indexrelid), null, null, obj_description(i.indexrelid, 'pg_class')
from found join pg_index i on i.indrelid = found.oid join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
where not exists (select 1 from pg_constraint con where con.conindid = i.indexrelid and con.contype in ('p', 'u', 'x'))
union all
select found.root, con.oid, 0, case con.contype when 'f' then 'constraint' else 'check' end, null, con.conname, null, null, pg_get_constraintdef(con.oid), null, null, null
from found join pg_constraint con on con.conrelid = found.oid and con.contype in ('c', 'f') and con.conparentid = 0
union all
select found.root, a.attrelid, 0, case when a.attnotnull then 'not null' else 'default' end, null, a.attname, null, null,
  pg_get_expr(def.adbin, def.adrelid), null, a.attgenerated::text || a.attidentity::text, null
from found join pg_class c on c.oid = found.oid and c.relkind in ('r', 'p')
join pg_attribute a on a.attrelid = found.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef def on def.adrelid = a.attrelid and def.adnum = a.attnum
where a.attnotnull or def.oid is not null
union all
select found.root, t.oid, 0, 'trigger', null, t.tgname, null, null, pg_get_triggerdef(t.oid), null, null, null
from found join pg_trigger t on t.tgrelid = found.oid and not t.tgisinternal
union all
select found.root, con.oid, 0, 'blocker', null, 'the foreign key ' || con.conname || ' of ' || con.conrelid::regclass::text, null, null, null, null, null, null
from found join pg_constraint con on con.confrelid = found.oid and con.contype = 'f' and con.conrelid <> found.oid and con.conparentid = 0
union all
select found.root, p.oid, 0, 'blocker', null, 'the function ' || d.objid::regprocedure::text, null, null, null, null, null, null
from found join pg_class c on c.oid = found.oid join pg_depend d on (d.refobjid = found.oid and d.refclassid = 'pg_class'::regclass or d.refobjid = c.reltype and d.refclassid = 'pg_type'::regclass)
join pg_proc p on p.oid = d.objid and d.classid = 'pg_proc'::regclass
union all
select found.root, i.inhrelid, 0, 'blocker', null, 'the table ' || i.inhrelid::regclass::text || ', which inherits from it', null, null, null, null, null, null
from found join pg_inherits i on i.inhparent = found.oid
union all
select found.root, p.oid, 0, 'blocker', null, 'the row-level security policy ' || p.polname, null, null, null, null, null, null
from found join pg_policy p on p.polrelid = found.oid
union all
select found.root, p.oid, 0, 'blocker', null, 'the publication ' || pub.pubname, null, null, null, null, null, null
from found join pg_publication_rel p on p.prrelid = found.oid join pg_publication pub on pub.oid = p.prpubid
order by 1, 3 desc, 2, 4`
}

/** Turns the answers into relations with what hangs at them. */
export function relationStates(results: readonly RawResult[]): readonly RelationState[] {
  const [relations, things] = results.filter(({ fields }) => fields.length > 0)
  const byRoot = grouped(things?.rows ?? [])
  return (relations?.rows ?? []).map(([oid, schema, name, kind, columns, keys]) => {
    const relation = { schema: schema ?? '', identifier: name ?? '' }
    const rows = (byRoot.get(oid ?? '') ?? []).map(attachmentRow)
    const attachments = attachmentsOf(relation, rows)
    return {
      relation,
      kind: kind === 'v' || kind === 'm' ? 'view' : 'table',
      columns: parsed<Column>(columns),
      uniqueKeys: parsed<readonly string[]>(keys),
      ...(attachments === undefined ? {} : { attachments }),
    }
  })
}

function grouped(rows: RawResult['rows']): ReadonlyMap<string, RawResult['rows'][number][]> {
  const groups = new Map<string, RawResult['rows'][number][]>()
  for (const row of rows) {
    const root = row[0] ?? ''
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [row])
    else group.push(row)
  }
  return groups
}

function attachmentRow(row: RawResult['rows'][number]): AttachmentRow {
  const [, oid, depth, thing, schema, name, kind, owner, definition, options, rights, comment] = row
  return {
    oid: oid ?? '',
    depth: Number(depth),
    thing: thing ?? '',
    schema: schema ?? '',
    name: name ?? '',
    kind: kind ?? '',
    owner: owner ?? '',
    definition: definition ?? '',
    options: options ?? '',
    rights: rights ?? '',
    comment: comment ?? undefined,
  }
}

function parsed<T>(json: string | null | undefined): readonly T[] {
  return json === null || json === undefined ? [] : (JSON.parse(json) as T[])
}
