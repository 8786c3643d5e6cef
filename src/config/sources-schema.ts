import * as v from 'valibot'
import { columnSchema } from './columns.js'
import { testsSchema } from './data-tests.js'
import {
  either,
  fields,
  filledText,
  flag,
  key,
  list,
  map,
  mapOf,
  names,
  needed,
  oneOf,
  text,
  wholeNumber,
} from './values.js'

const limit = fields({
  count: needed('How many periods.', wholeNumber),
  period: needed('The unit.', oneOf(['minute', 'hour', 'day', 'week'])),
})

const freshness = fields({
  warn_after: key('The lag that warns.', limit),
  error_after: key('The lag that is an error.', limit),
  filter: key('Only rows that meet this condition are looked at.', text),
  loaded_at_field: key('The column that says when a row was loaded.', filledText),
})

const external = v.objectWithRest(
  { location: needed('A file path, a glob or a URL.', filledText) },
  v.unknown(),
  'a map with location',
)

/** Where a source's tables are; may stand on the source, on a table and in overrides. */
const placing = {
  schema: key("The schema; the profile's by default.", filledText),
  dataset: key('The same as `schema`.', filledText),
  database: key("The database; the profile's by default.", filledText),
  catalog: key('The same as `database`.', filledText),
  project: key('The same as `database`.', filledText),
  identifier: key("The table's name in the warehouse, where it differs.", filledText),
  external: key(
    'Files that are read in place of a table: `{location, …}`.',
    either('a path or a map with location', filledText, external),
  ),
  location: key('The same as `external: {location}`.', filledText),
  format: key('The format of the files at `location`.', filledText),
  options: key('Options for reading the files at `location`.', map),
}

const described = {
  description: key('What it holds, for people.', text),
  tags: key('Words to select by.', names),
  meta: key('Anything.', map),
  loaded_at_field: key('The column that says when a row was loaded.', filledText),
  freshness: key('How old the newest row may be.', freshness),
  event_time: key('The column that says when a row happened.', filledText),
  enabled: key('Whether it exists at all.', flag),
}

const shared = {
  ...placing,
  ...described,
  overrides: key('Other places for single engines; `*` for all.', mapOf(fields(placing))),
  config: key('`enabled`, `tags`, `meta`, `event_time`, `freshness`, `loaded_at_field` as in dbt.', fields(described)),
  quoting: key('Which parts of the name are quoted.', map),
  loader: key('What loads the data, for people.', text),
}

const tableSchema = fields({
  ...shared,
  name: needed("The table's name in `source()`.", filledText),
  columns: key('Columns with descriptions and tests.', list(columnSchema)),
  tests: key('The same as `data_tests`.', testsSchema),
  data_tests: key('Data tests of the whole table.', testsSchema),
})

const sourceSchema = fields({
  ...shared,
  name: needed("The source's name in `source()`.", filledText),
  tables: key('The tables.', list(tableSchema, 'a list of tables')),
})

/** Schema of `sources:` in `sources.yml` and in properties. */
export const sourceListSchema = list(sourceSchema, 'a list of sources')

/** Schema of `sources.yml`. */
export const sourcesSchema = fields({
  version: key('2.', v.literal(2, '2')),
  sources: key('The sources, each with its tables.', sourceListSchema),
})

export type SourceItem = v.InferOutput<typeof sourceSchema>
export type TableItem = v.InferOutput<typeof tableSchema>
export type PlacingItem = { readonly [Key in keyof typeof placing]?: v.InferOutput<(typeof placing)[Key]> }
