import * as v from 'valibot'
import {
  anything,
  either,
  fields,
  filledText,
  flag,
  key,
  list,
  map,
  mapOf,
  needed,
  number,
  oneOf,
  text,
} from './values.js'

const packageEntries = {
  local: key('The same as `path`, as dbt calls it.', filledText),
  package: key("A package of dbt's hub; not fetched.", text),
  tarball: key('The URL of an archive; not fetched.', text),
  path: key('A folder, from the project folder.', filledText),
  git: key('The URL of a git repository.', filledText),
  subdir: key('The folder inside the repository.', filledText),
  tag: key('A tag of the repository.', filledText),
  branch: key('A branch of the repository.', filledText),
  rev: key('A commit of the repository.', filledText),
  ref: key('The same as `rev`.', filledText),
  models_dir: key("The package's folder with models; `models` by default.", filledText),
  version: key(
    'The versions that will do: `>=1.0.0,<2.0.0`, `^1.2`, `~1.2.3`.',
    either('a version', text, number, list(text)),
  ),
}

const namedPackage = fields({ name: key("The package's name.", filledText), ...packageEntries })

const packageList = either(
  'a list of packages, or a map from names to paths',
  list(namedPackage),
  mapOf(either('a path or a map', text, fields(packageEntries))),
)

/** Schema of `packages.yml`. */
export const packagesSchema = either(
  'a map with packages, or a list of them',
  list(namedPackage),
  fields({
    packages: key('The packages that the project uses.', packageList),
  }),
)

const amount = either("a number or a text such as '30s'", number, text)
const limits = fields({
  warn: key('More than this warns.', amount),
  error: key('More than this fails the run.', amount),
})

const budget = fields({
  bytes_scanned: key('Bytes read.', limits),
  rows: key('Rows written.', limits),
  query_duration_ms: key('Time of the statements.', limits),
})

/** Schema of `budgets.yml`. */
export const budgetsSchema = fields({
  version: key('1.', either('a number or a string', number, text)),
  total: key('Limits of the whole run.', budget),
  models: key('Limits by model.', mapOf(budget)),
  tags: key('Limits by tag.', mapOf(budget)),
  query_limits: key(
    'Limits of single statements, by engine.',
    mapOf(fields({ max_bytes: key('Bytes that one statement may read.', amount) })),
  ),
})

const selection: v.GenericSchema = either(
  'a selection as text or a map',
  text,
  v.lazy(() => selectionMap),
)

const selectionMap: v.GenericSchema = v.objectWithRest(
  {
    method: key('How nodes are found: tag, path, source, …', text),
    value: key('What is looked for.', text),
    parents: key('Whether parents are added.', flag),
    parents_depth: key('How many levels of parents.', number),
    children: key('Whether children are added.', flag),
    children_depth: key('How many levels of children.', number),
    childrens_parents: key("Whether the children's parents are added.", flag),
    indirect_selection: key('Which tests come along.', oneOf(['eager', 'cautious', 'buildable', 'empty'])),
    exclude: key('What is taken out again.', list(selection)),
    union: key('Nodes of any of these.', list(selection)),
    intersection: key('Nodes of all of these.', list(selection)),
  },
  anything,
  'a map',
)

/** Schema of `selectors.yml`; the selection stage checks it more closely. */
export const selectorsSchema = fields({
  selectors: key(
    'Selections with names.',
    list(
      fields({
        name: needed('The name for `--selector`.', filledText),
        description: key('What it is for.', text),
        default: key('Whether it counts when nothing is selected.', either('true, false or a template', flag, text)),
        definition: needed('What it selects.', selection),
      }),
    ),
  ),
})

const columnType = either(
  'a type or {type, engines}',
  filledText,
  fields({
    type: key('The type.', filledText),
    engines: key('Types for single engines.', mapOf(text)),
  }),
)

/** Schema of `seeds/schema.yml`: places and column types of seeds. */
export const seedsSchema = fields({
  version: key('2.', anything),
  targets: key(
    'Where a seed goes: by its path below `seeds/` or its name.',
    mapOf(
      fields({
        schema: key('The schema.', filledText),
        table: key("The table's name.", filledText),
        schema_by_engine: key('Schemas for single engines.', mapOf(text)),
      }),
    ),
  ),
  dtypes: key('Types of columns, by table, as pandas calls them.', mapOf(map)),
  columns: key('Types of columns, by table.', mapOf(mapOf(columnType))),
})
