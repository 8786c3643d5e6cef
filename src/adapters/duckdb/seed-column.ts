import { quote, quoteText } from '../names.js'
import { canonicalType, integerTypes } from './type-names.js'

/** How a column of a CSV file, read as text, becomes a column of the table. */
export interface SeedColumn {
  readonly name: string
  readonly type: string
  /** SQL of the value; NULL when the text does not fit the type. */
  readonly value: string
  /** SQL that is true when a text is NULL or fits the type; undefined when only a check of the whole file can tell. */
  readonly fits: string | undefined
}

/** A column whose type `column_types` gives. */
export function given(name: string, type: string): SeedColumn {
  const column = quote(name)
  const canonical = canonicalType(type)
  const cast =
    /[[(]/.test(canonical) && !canonical.startsWith('DECIMAL')
      ? `try(cast(${column} as ${type}))`
      : `try_cast(${column} as ${type})`
  // The engine's own cast would round a fraction away.
  const value =
    canonical in integerTypes ? `case when ${matches(column, '\\s*[+-]?[0-9]+\\s*')} then ${cast} end` : cast
  return { name, type, value, fits: `(${column} is null) = (${value} is null)` }
}

/** A column whose type its values tell. */
export function inferred(name: string, type: string): SeedColumn {
  const column = quote(name)
  if (type === 'VARCHAR') return { name, type, value: column, fits: 'true' }
  return { name, type, value: `try_cast(${column} as ${type})`, fits: fitting(column, type) }
}

/** A column without a value so far. */
export function unknown(name: string): SeedColumn {
  return { name, type: 'VARCHAR', value: quote(name), fits: `${quote(name)} is null` }
}

const date = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const time = '[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?'

/**
 * The rule of `csv-values.ts` as SQL. The usual spelling is tried first: a pattern of `like` costs a quarter of a regular
 * expression. By `case`, as the engine works out both sides of an `or` between columns: 10 % of a whole load.
 */
function fitting(column: string, type: string): string | undefined {
  const value = `try_cast(${column} as ${type})`
  const isValue = `${value} is not null`
  switch (type) {
    case 'BIGINT':
      return `coalesce(cast(${value} as varchar) = ${column}, ${column} is null)`
    case 'DATE':
      return orNull(column, `${isValue} and ${column} like '____-__-__'`)
    case 'BOOLEAN':
      return `case when ${column} is null or ${column} in ('true', 'false') then true
        else lower(${column}) in ('true', 'false') end`
    case 'DOUBLE':
      return orNull(column, `length(${column}) <= 16 and ${matches(column, '-?(0|[1-9][0-9]*)(\\.[0-9]*)?')}`)
    case 'TIMESTAMP':
      return `case when ${column} is null then true when ${value} is null then false
        when ${column} like '____-__-__ __:__:__' then true else ${matches(column, `${date}([ T]${time})?`)} end`
    case 'TIMESTAMP WITH TIME ZONE':
      return orNull(column, `${isValue} and ${matches(column, `${date}[ T]${time}(Z|[+-][0-9]{2}(:?[0-9]{2})?)`)}`)
    default:
      return undefined
  }
}

function orNull(column: string, condition: string): string {
  return `(${column} is null or (${condition}))`
}

function matches(column: string, pattern: string): string {
  return `regexp_full_match(${column}, ${quoteText(pattern)})`
}
