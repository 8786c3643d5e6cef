import { createHash } from 'node:crypto'
import { type Relation, type RelationKind, text } from '../core/index.js'
import type { Comments, WantedConstraint, WantedIndex } from './attach-types.js'
import { list, quote, quoteText, relation as relationText } from './names.js'
import type { Statement } from './types.js'

// What Postgres and DuckDB write alike.

/** How the names end of what fft made by the configuration: nobody else's is ever dropped. */
export const ownEnding = '_fft'

/** The name of an index or constraint: the same for the same thing of one relation, short enough for every engine. */
export function ownName(relation: Relation, thing: WantedIndex | WantedConstraint): string {
  const digest = createHash('md5')
    .update(JSON.stringify([relation.schema, relation.identifier, thing]))
    .digest('hex')
  return `${relation.identifier.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 40)}_${digest.slice(0, 10)}${ownEnding}`
}

/** Lines that are sent together; none, when there are none. */
export function together(lines: readonly string[], note: string): readonly Statement[] {
  return lines.length === 0 ? [] : [{ sql: text(lines.join(';\n')), note }]
}

/** Comments on a relation and its columns. */
export function comments(relation: Relation, kind: RelationKind, wanted: Comments): readonly Statement[] {
  const name = relationText(relation)
  const lines = [
    ...(wanted.relation === undefined ? [] : [`comment on ${kind} ${name} is ${textOrNull(wanted.relation.text)}`]),
    ...wanted.columns.map((column) => `comment on column ${name}.${quote(column.name)} is ${textOrNull(column.text)}`),
  ]
  return together(lines, 'write the descriptions as comments')
}

function textOrNull(content: string | undefined): string {
  return content === undefined ? 'null' : quoteText(content)
}

/** Drops fft's own indexes that are wanted no more, and makes those that are missing; `there`: names. */
export function changeIndexes(
  relation: Relation,
  wanted: readonly WantedIndex[],
  there: readonly string[],
  methodOf: (index: WantedIndex) => string,
): readonly Statement[] {
  const named = wanted.map((index) => ({ index, name: ownName(relation, index) }))
  const gone = there.filter((name) => name.endsWith(ownEnding) && !named.some((each) => each.name === name))
  const missing = named.filter(({ name }) => !there.includes(name))
  const lines = [
    ...gone.map((name) => `drop index ${relationText({ ...relation, identifier: name })}`),
    ...missing.map(({ index, name }) => {
      const kind = index.unique ? 'unique index' : 'index'
      return `create ${kind} ${quote(name)} on ${relationText(relation)}${methodOf(index)} (${list(index.columns)})`
    }),
  ]
  return together(lines, 'make the indexes that are configured')
}

/** A constraint as it stands in CREATE TABLE and behind ADD CONSTRAINT; not of `not_null`. */
export function constraintText({ type, columns, expression }: WantedConstraint): string {
  if (type === 'check') return `check (${expression ?? 'true'})`
  return `${type === 'unique' ? 'unique' : 'primary key'} (${list(columns)})`
}
