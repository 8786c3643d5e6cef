import * as v from 'valibot'
import { type ConfiguredResource, configEntries, entries } from './model-keys.js'
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
  names,
  needed,
  number,
  text,
} from './values.js'

const hook = either(
  'an SQL text or a map',
  text,
  fields({
    name: key('The name of the hook; without `sql` also the file `hooks/**/<name>.sql`.', filledText),
    kind: key('`sql`.', v.picklist(['sql'], 'sql')),
    sql: key('The statements.', text),
    select: key('Only for these models.', names),
    engines: key('Only on these engines.', names),
    envs: key('Only in these environments.', names),
    params: key('Values for the hook.', map),
  }),
)

const hooks = either('an SQL text or a list of hooks', text, list(hook))

const storage = mapOf(
  fields({
    path: key('Where the files are.', text),
    format: key('The file format.', text),
    options: key('Options of the format.', map),
  }),
)

const overlay = either(
  'true, false or a map',
  flag,
  fields({
    incremental: key('Switches it on or off, or holds the keys.', either('true, false or a map', flag, map)),
    enabled: key('Whether the model is incremental.', flag),
    ...entries((each) => each.incremental === true),
  }),
)

/** A folder of `models`, `seeds` or `snapshots`: settings with a `+`, and folders below it. */
function folderSchema(resource: ConfiguredResource): v.GenericSchema {
  const folder: v.GenericSchema = v.objectWithRest(settings(resource), v.nullish(v.lazy(() => folder)), 'a map')
  return folder
}

function settings(resource: ConfiguredResource): v.ObjectEntries {
  return Object.fromEntries(Object.entries(configEntries(resource)).map(([name, schema]) => [`+${name}`, schema]))
}

/** The root of the tree of models, where two keys are by model. */
function modelsSchema(): v.GenericSchema {
  const folder = folderSchema('model')
  const byModel = {
    incremental: key('Incremental keys by model.', mapOf(either('true, false or a map', overlay, folder))),
    storage: key('Where Spark stores a model, by model.', storage),
  }
  return v.objectWithRest({ ...settings('model'), ...byModel }, v.nullish(folder), 'a map')
}

const common = {
  name: needed("The project's name; the second part of every unique id.", filledText),
  version: needed("The project's version.", either('a string or a number', text, number)),
  models_dir: key('The folder with the models; `models` by default.', filledText),
  vars: key('Values for `var()`.', map),
  tests: key('Data tests: `{type, table, column, …}`.', list(map, 'a list of tests')),
  hooks: key(
    'SQL around runs and models.',
    fields({
      on_run_start: key('Before the first node.', hooks),
      on_run_end: key('After the last node.', hooks),
      before_model: key('Before each model.', hooks),
      after_model: key('After each model.', hooks),
    }),
  ),
  docs: key(
    'Settings of the documentation.',
    fields({
      dag_dir: key('Where the graph is written.', filledText),
      models: key('Descriptions of models.', map),
    }),
  ),
  packages: key('Packages that the project uses, as in `packages.yml`.', anything),
  fft_version: key('Of a package: the versions of fft that it works with.', text),
  dependencies: key(
    'Of a package: the packages that it needs; the project lists them.',
    list(
      fields({
        name: needed("The package's name.", filledText),
        version: key('The versions that will do.', text),
        optional: key('Whether it may be missing.', flag),
      }),
    ),
  ),
  state_schema: key('The schema of fft’s own state tables; `_fft` by default.', filledText),
  target_path: key('The folder for artifacts; `target` by default.', filledText),
}

/** Schema of `project.yml`; the trees are maps here and are checked folder by folder. */
export const projectSchema = fields({
  ...common,
  models: key('Folder defaults.', map),
  seeds: key('Folder defaults.', map),
  snapshots: key('Folder defaults.', map),
})

/** Schema of `project.yml` for editors, with the trees of folder defaults. */
export const projectFileSchema = fields({
  ...common,
  models: key('Folder defaults of models, and `incremental` and `storage` by model.', modelsSchema()),
  seeds: key('Folder defaults of seeds.', folderSchema('seed')),
  snapshots: key('Folder defaults of snapshots.', folderSchema('snapshot')),
})
