import type { Relation } from '../../core/index.js'
import { ownEnding } from '../attached.js'
import { quote, quoteText, relation as relationText } from '../names.js'
import type { Attachments, Dependent } from '../types.js'

/** One thing that hangs at a relation (`depth` 0) or at a view on it. */
export interface AttachmentRow {
  readonly oid: string
  readonly depth: number
  readonly thing: string
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly owner: string
  readonly definition: string
  readonly options: string
  /** `true own`: mine; `true`: of a role that I am; `false`: somebody else's. */
  readonly rights: string
  readonly comment: string | undefined
}

/** What has to survive a swap of the relation; undefined when there is nothing. */
export function attachmentsOf(relation: Relation, rows: readonly AttachmentRow[]): Attachments | undefined {
  const views = [...new Set(rows.filter(({ depth }) => depth > 0).map(({ oid }) => oid))].map((oid) =>
    rows.filter((row) => row.oid === oid && row.depth > 0),
  )
  const own = rows.filter(({ depth }) => depth === 0)
  const dependents = views.flatMap((things) => dependentOf(things) ?? [])
  const blockers = [
    ...own.filter(({ thing }) => thing === 'blocker').map(({ name }) => name),
    ...views.flatMap((things) => blockerOf(things) ?? []),
    ...own.filter(isGenerated).map(({ name }) => `the generated or identity column ${name}`),
  ]
  // What the configuration made is made again by the configuration of now.
  const restore = restored(
    relation,
    own.filter(({ thing, name }) => !(configured.has(thing) && name.endsWith(ownEnding))),
  )
  if (dependents.length === 0 && blockers.length === 0 && restore.length === 0) return undefined
  return { dependents, restore, blockers }
}

const configured: ReadonlySet<string> = new Set(['index', 'constraint', 'check'])

function isGenerated({ thing, rights }: AttachmentRow): boolean {
  return (thing === 'default' || thing === 'not null') && rights !== ''
}

/** Views of others and materialized views cannot be made again. */
function blockerOf(things: readonly AttachmentRow[]): string | undefined {
  const view = things.find(({ thing }) => thing === 'relation')
  if (view === undefined) return undefined
  const name = relationText({ schema: view.schema, identifier: view.name })
  if (view.kind === 'm') return `the materialized view ${name}`
  return view.rights.startsWith('true') ? undefined : `the view ${name} of the role ${view.owner}`
}

function dependentOf(things: readonly AttachmentRow[]): Dependent | undefined {
  const view = things.find(({ thing }) => thing === 'relation')
  if (view === undefined || view.kind !== 'v') return undefined
  const relation = { schema: view.schema, identifier: view.name }
  const name = relationText(relation)
  const options = view.options === '' ? '' : ` with (${view.options})`
  const create = `create view ${name}${options} as ${view.definition.trim().replace(/;$/, '')}`
  return { relation, drop: `drop view if exists ${name}`, restore: [create, ...restored(relation, things)] }
}

/** Owner, comments, grants, constraints, indexes and triggers as statements on the relation's name. */
function restored(relation: Relation, things: readonly AttachmentRow[]): readonly string[] {
  const name = relationText(relation)
  return things
    .flatMap((thing) => statementsOf(thing, name))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ sql }) => sql)
}

interface Ranked {
  readonly sql: string
  /** The owner changes last: who gives a table away may do nothing more with it. */
  readonly rank: number
}

function statementsOf(row: AttachmentRow, name: string): readonly Ranked[] {
  const at = (rank: number, ...sql: readonly string[]) => sql.map((each) => ({ sql: each, rank }))
  const { thing, definition, comment } = row
  switch (thing) {
    case 'relation':
      return [
        ...(comment === undefined ? [] : at(3, `comment on ${kindWord(row)} ${name} is ${quoteText(comment)}`)),
        ...(row.rights === 'true' ? at(9, `alter ${kindWord(row)} ${name} owner to ${quote(row.owner)}`) : []),
      ]
    case 'grant':
      return at(4, `grant ${row.name} on ${name} to ${row.owner}${grantOption(row)}`)
    case 'column grant':
      return at(4, `grant ${row.name} (${quote(row.schema)}) on ${name} to ${row.owner}${grantOption(row)}`)
    case 'column comment':
      return at(3, `comment on column ${name}.${quote(row.name)} is ${quoteText(comment ?? '')}`)
    default:
      return at(rankOf(thing), ...partOf(row, name, definition))
  }
}

function rankOf(thing: string): number {
  return thing === 'trigger' ? 5 : thing === 'constraint' ? 2 : 1
}

function partOf(row: AttachmentRow, name: string, definition: string): readonly string[] {
  const column = quote(row.name)
  switch (row.thing) {
    case 'index':
      return [
        definition,
        ...(row.comment === undefined
          ? []
          : [
              `comment on index ${relationText({ schema: row.schema, identifier: row.name })} is ${quoteText(row.comment)}`,
            ]),
      ]
    case 'constraint':
    case 'check':
      return [`alter table ${name} add constraint ${column} ${definition}`]
    case 'trigger':
      return [definition]
    case 'default':
    case 'not null':
      return [
        ...(definition === '' ? [] : [`alter table ${name} alter column ${column} set default ${definition}`]),
        ...(row.thing === 'not null' ? [`alter table ${name} alter column ${column} set not null`] : []),
      ]
    default:
      return []
  }
}

function kindWord({ kind }: AttachmentRow): string {
  return kind === 'v' ? 'view' : kind === 'f' ? 'foreign table' : 'table'
}

function grantOption({ kind }: AttachmentRow): string {
  return kind === 'grantable' ? ' with grant option' : ''
}
