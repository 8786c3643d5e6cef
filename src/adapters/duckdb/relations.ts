import { quoteText } from '../names.js'
import type { Column, QueryResult, RelationState, SchemaName } from '../types.js'

/**
 * The one query that reads tables, views, columns and unique keys of schemas. Columns and keys come as JSON, a row a
 * relation: far fewer values to fetch. The engine's catalog functions give a broken view's last known columns.
 */
export function relationsQuery(schemas: readonly SchemaName[]): string {
  const wanted = schemas
    .map(
      ({ database, schema }, index) =>
        `(${index}, ${database === undefined ? 'lower(current_database())' : lower(database)}, ${lower(schema)})`,
    )
    .join(', ')
  return `
with wanted(request, database_name, schema_name) as (values ${wanted}),
relations as (
  select database_oid, schema_oid, database_name, schema_name, table_oid as oid, table_name as name, 'table' as kind
  from duckdb_tables() where not internal
  union all
  select database_oid, schema_oid, database_name, schema_name, view_oid, view_name, 'view'
  from duckdb_views() where not internal
),
found as (
  select wanted.request, relations.* from relations join wanted
  on lower(relations.database_name) = wanted.database_name and lower(relations.schema_name) = wanted.schema_name
),
columns as (
  select database_oid, table_oid as oid,
    to_json(list({'name': column_name, 'type': data_type} order by column_index)) as columns
  from duckdb_columns() where not internal
  group by all
),
keys as (
  select database_oid, oid, to_json(list(key order by key)) as keys from (
    select database_oid, table_oid as oid, constraint_column_names as key
    from duckdb_constraints() where constraint_type in ('PRIMARY KEY', 'UNIQUE')
    union all
    select database_oid, table_oid, expressions::varchar[] from duckdb_indexes() where is_unique and not is_primary
  ) group by all
)
select found.request, found.schema_name, found.name, found.kind, columns.columns, keys.keys
from found
left join columns using (database_oid, oid)
left join keys using (database_oid, oid)
order by found.request, found.name`
}

/** Turns the query's rows into relations, named as the request named their database. */
export function relationStates(result: QueryResult, schemas: readonly SchemaName[]): readonly RelationState[] {
  return result.rows.map(([request, schema, name, kind, columns, keys]) => {
    const database = schemas[Number(request)]?.database
    const known = columns === null || columns === undefined ? [] : (JSON.parse(columns) as Column[])
    const keyLists = keys === null || keys === undefined ? [] : (JSON.parse(keys) as string[][])
    return {
      relation: {
        ...(database === undefined ? {} : { database }),
        schema: schema ?? '',
        identifier: name ?? '',
      },
      kind: kind === 'view' ? 'view' : 'table',
      columns: known,
      uniqueKeys: keyLists.map((key) => keyColumns(key, known)).filter((key) => key !== undefined),
    }
  })
}

/** An index's expressions are SQL; only those that are plain columns make a key. */
function keyColumns(key: readonly string[], columns: readonly Column[]): readonly string[] | undefined {
  const names: string[] = []
  for (const expression of key) {
    const quoted = /^"([\s\S]*)"$/.exec(expression)?.[1]?.replaceAll('""', '"')
    const column = columns.find(({ name }) => name === expression) ?? columns.find(({ name }) => name === quoted)
    if (column === undefined) return undefined
    names.push(column.name)
  }
  return names
}

function lower(name: string): string {
  return quoteText(name.toLowerCase())
}
