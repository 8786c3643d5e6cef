import { concat, type Relation, type Sql, sqlText, text } from '../../core/index.js'
import { inParentheses, quote, relation } from '../names.js'
import type { Dependent, RelationState, Statement } from '../types.js'

/**
 * Puts `aside` in the target's place. Views on it are dropped before and made again after, as are owner, grants,
 * comments and indexes: never CASCADE, which would take what nobody remembers. One round trip.
 */
export function publish(aside: Relation, target: Relation, present: RelationState | undefined): readonly Statement[] {
  const rename = `alter table ${relation(aside)} rename to ${quote(target.identifier)}`
  if (present === undefined) return [{ sql: text(rename), note: 'put it in place' }]
  const { dependents = [], restore = [] } = present.attachments ?? {}
  const lines = [
    ...dependents.map((dependent) => dependent.drop),
    `drop ${present.kind} if exists ${relation(target)}`,
    rename,
    ...restore,
    ...dependents.toReversed().flatMap(restored),
  ]
  return [{ sql: text(lines.join(';\n')), note: notes(dependents) }]
}

function notes(dependents: readonly Dependent[]): string {
  if (dependents.length === 0) return 'put it in place'
  const names = dependents.map((dependent) => dependent.relation.identifier).join(', ')
  return `put it in place, and the views on it again: ${names}`
}

/** A view that this run builds anew anyway may be missing until then, when its old text does not fit any more. */
function restored({ restore, isRebuilt }: Dependent): readonly string[] {
  if (isRebuilt !== true) return restore
  const tag = tagFor(restore.join(''))
  const body = restore.map((line) => `${line};`).join('\n')
  return [`do ${tag} begin\n${body}\nexception when others then null;\nend ${tag}`]
}

/** A dollar quote that does not occur in the text. */
function tagFor(content: string): string {
  let tag = '$fft$'
  for (let number = 1; content.includes(tag); number++) tag = `$fft${number}$`
  return tag
}

/**
 * Sets a view. Over a view it is replaced, which keeps what depends on it; when its columns do not allow that, it and the
 * views on it are dropped and made again.
 */
export function createView(view: Relation, select: Sql, present: RelationState | undefined): readonly Statement[] {
  const name = relation(view)
  const body = inParentheses(select)
  const { dependents = [], restore = [] } = present?.attachments ?? {}
  const anew = (kind: RelationKindText): Sql =>
    concat(
      [
        ...dependents.map((dependent) => dependent.drop),
        `drop ${kind} if exists ${name}`,
        `create view ${name} as `,
      ].join(';\n'),
      body,
      ['', ...restore, ...dependents.toReversed().flatMap(restored)].join(';\n'),
    )
  if (present === undefined) return [{ sql: concat(`create view ${name} as `, body), note: 'create the view' }]
  if (present.kind === 'table') return [{ sql: anew('table'), note: 'create the view in place of the table' }]
  const replace = concat(`create or replace view ${name} as `, body)
  const tag = tagFor(displayable(select) + restore.join('') + dependents.flatMap((each) => each.restore).join(''))
  const sql = concat(
    `do ${tag} begin\n`,
    replace,
    ';\nexception when invalid_table_definition then\n',
    anew('view'),
    `;\nend ${tag}`,
  )
  return [{ sql, note: 'create the view' }]
}

type RelationKindText = 'table' | 'view'

function displayable(select: Sql): string {
  return sqlText(select)
}
