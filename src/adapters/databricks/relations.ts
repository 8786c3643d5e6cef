import type { Relation } from '../../core/index.js'
import type { Column, RelationState, SchemaName, StateRecord } from '../types.js'
import { engineErrorOf } from './errors.js'
import { own, relation, schemaName } from './names.js'
import type { Row, ServerSession } from './session.js'
import { carriedRecord } from './state.js'

/** A session that is there, and further ones for work that can be spread. */
export interface Readers {
  readonly first: ServerSession
  more(): Promise<readonly ServerSession[]>
}

/** So many relations are described in one statement. */
const describedAtOnce = 25

/**
 * Tables and views of the schemas with their columns. Kinds and formats come from one statement a schema (two where the
 * server has none that tells both), columns from one for many relations, sent over several sessions when there are more
 * of them.
 */
export async function readRelations(
  readers: Readers,
  schemas: readonly SchemaName[],
  needsColumns: (relation: Relation) => boolean = () => true,
): Promise<readonly RelationState[]> {
  const found = (await spread([readers.first], schemas, (session, schema) => namesIn(session, schema))).flat()
  const wanted = found.filter(({ relation }) => needsColumns(relation))
  const groups = Array.from({ length: Math.ceil(wanted.length / describedAtOnce) }, (_, index) =>
    wanted.slice(index * describedAtOnce, (index + 1) * describedAtOnce),
  )
  const sessions = groups.length > 1 ? await readers.more() : [readers.first]
  const states = (await spread(sessions, groups, describeTogether)).flat()
  const others = found.filter(({ relation }) => !needsColumns(relation))
  return [
    ...states.filter((state) => state !== undefined),
    ...others.map((named) => ({ ...named, columns: [], uniqueKeys: [] })),
  ]
}

interface Named {
  readonly relation: Relation
  readonly kind: 'table' | 'view'
  readonly format?: string
}

async function namesIn(session: ServerSession, schema: SchemaName): Promise<readonly Named[]> {
  try {
    return (await describedIn(session, schema)) ?? (await listedIn(session, schema))
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw thrown
  }
}

/** Undefined where the server does not tell the kinds so. */
async function describedIn(session: ServerSession, schema: SchemaName): Promise<readonly Named[] | undefined> {
  try {
    const rows = await session.rows(`show table extended in ${schemaName(schema)} like '*'`)
    const described = rows.filter(isPermanent).map((row) => describedBy(row, schema))
    return described.includes(undefined) ? undefined : described.filter((each) => each !== undefined)
  } catch (thrown) {
    if (engineErrorOf(thrown) === undefined || isMissing(thrown)) throw thrown
    return undefined
  }
}

/** A line each, of which the text of a view comes behind those that are looked for. */
function describedBy({ tableName, information }: Row, schema: SchemaName): Named | undefined {
  const text = String(information)
  const type = /^Type: (.+)$/m.exec(text)?.[1]
  if (type === undefined) return undefined
  const relation = { ...schema, identifier: String(tableName) }
  if (type.includes('VIEW')) return { relation, kind: 'view' }
  // A table that lives where somebody put it is nothing to write anew elsewhere.
  const format = type === 'EXTERNAL' ? undefined : /^Provider: (.+)$/m.exec(text)?.[1]?.toLowerCase()
  return { relation, kind: 'table', ...(format === undefined ? {} : { format }) }
}

/** Names alone, and which of them are views. */
async function listedIn(session: ServerSession, schema: SchemaName): Promise<readonly Named[]> {
  const tables = await session.rows(`show tables in ${schemaName(schema)}`)
  if (tables.length === 0) return []
  const views = new Set(
    (await session.rows(`show views in ${schemaName(schema)}`)).map(({ viewName }) => String(viewName)),
  )
  // Temporary views of the session are listed too, in no schema.
  return tables.filter(isPermanent).map(({ tableName }) => ({
    relation: { ...schema, identifier: String(tableName) },
    kind: views.has(String(tableName)) ? 'view' : 'table',
  }))
}

function isPermanent({ isTemporary }: Row): boolean {
  return isTemporary !== true && isTemporary !== 'true'
}

/** The columns of several relations as those of one SELECT over all of them, which is not run. */
async function describeTogether(
  session: ServerSession,
  group: readonly Named[],
): Promise<readonly (RelationState | undefined)[]> {
  const items = group.map((_, index) => `0 as ${own(`from_${index}`)}, r${index}.*`)
  const from = group.map((named, index) => `${relation(named.relation)} as r${index}`)
  try {
    const rows = await session.rows(`describe query select ${items.join(', ')} from ${from.join(' cross join ')}`)
    const starts = group.map((_, index) => rows.findIndex((row) => row.col_name === `__fft_from_${index}`))
    return group.map((named, index) => ({
      ...named,
      columns: rows.slice((starts[index] ?? 0) + 1, starts[index + 1]).map(columnOf),
      uniqueKeys: [],
    }))
  } catch (thrown) {
    // One that is broken or went away makes all of them fail.
    if (engineErrorOf(thrown) !== undefined) return spread([session], group, describeAlone)
    throw thrown
  }
}

/** Undefined for a relation that went away meanwhile; a broken view has no columns. */
async function describeAlone(session: ServerSession, named: Named): Promise<RelationState | undefined> {
  const { relation: name, kind } = named
  const base = { ...named, uniqueKeys: [] }
  try {
    return { ...base, columns: columnRows(await session.rows(`describe table ${relation(name)}`)) }
  } catch (thrown) {
    if (kind === 'view' && engineErrorOf(thrown) !== undefined) return { ...base, columns: [] }
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}

/** Columns stand first; partitions and the like follow behind an empty line or a heading. */
function columnRows(rows: readonly Row[]): readonly Column[] {
  const columns: Column[] = []
  for (const row of rows) {
    const column = columnOf(row)
    if (column.name === '' || column.name.startsWith('# ')) break
    columns.push(column)
  }
  return columns
}

function columnOf({ col_name: name, data_type: type }: Row): Column {
  return { name: String(name ?? ''), type: String(type) }
}

/** How many of the newest commits are looked at: others (an OPTIMIZE, say) may stand behind the run's own. */
const lookedAt = 20

/** What the newest commit of each table that carries a record says. */
export async function readCarried(readers: Readers, relations: readonly Relation[]): Promise<readonly StateRecord[]> {
  const sessions = relations.length > 1 ? await readers.more() : [readers.first]
  const records = await spread(sessions, relations, (session, table) => carriedBy(session, table))
  return records.filter((record) => record !== undefined)
}

async function carriedBy(session: ServerSession, table: Relation): Promise<StateRecord | undefined> {
  try {
    const versions = await session.rows(`describe history ${relation(table)} limit ${lookedAt}`)
    for (const { userMetadata } of versions) {
      const record = typeof userMetadata === 'string' ? carriedRecord(table, userMetadata) : undefined
      if (record !== undefined) return record
    }
    return undefined
  } catch (thrown) {
    if (isMissing(thrown) || engineErrorOf(thrown)?.errorClass === 'DELTA_ONLY_OPERATION') return undefined
    throw thrown
  }
}

function isMissing(thrown: unknown): boolean {
  const { errorClass = '', sqlState = '' } = engineErrorOf(thrown) ?? {}
  return /NOT_FOUND|NO_SUCH|PATH_DOES_NOT_EXIST/.test(errorClass) || ['42704', '42P01', '42P08'].includes(sqlState)
}

/** Does a task for each item, as many at once as there are sessions; results in the order of the items. */
async function spread<Item, Result>(
  sessions: readonly ServerSession[],
  items: readonly Item[],
  task: (session: ServerSession, item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  let next = 0
  const work = async (session: ServerSession) => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at]
      if (item !== undefined) results[at] = await task(session, item)
    }
  }
  await Promise.all(sessions.map(work))
  return results
}
