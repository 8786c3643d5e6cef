import type * as v from 'valibot'
import { columnSchema } from './columns.js'
import { testsSchema } from './data-tests.js'
import { deltaFileSchema } from './delta-file.js'
import { configSchema } from './model-keys.js'
import { budgetsSchema, packagesSchema, seedsSchema, selectorsSchema } from './other-schemas.js'
import { profilesSchema } from './profile-schema.js'
import { projectFileSchema } from './project-schema.js'
import { propertiesSchema } from './properties.js'
import { sourcesSchema } from './sources-schema.js'

/** A schema that is published for editors. */
export interface FileSchema {
  readonly title: string
  readonly schema: v.GenericSchema
}

/** The schema of each file that a project may have, by the name it is published under. */
export const fileSchemas: Readonly<Record<string, FileSchema>> = {
  project: { title: 'project.yml', schema: projectFileSchema },
  profiles: { title: 'profiles.yml', schema: profilesSchema },
  sources: { title: 'sources.yml', schema: sourcesSchema },
  properties: { title: 'Properties of models, seeds, snapshots and sources', schema: propertiesSchema },
  delta: { title: '*.delta.yml', schema: deltaFileSchema },
  selectors: { title: 'selectors.yml', schema: selectorsSchema },
  packages: { title: 'packages.yml', schema: packagesSchema },
  budgets: { title: 'budgets.yml', schema: budgetsSchema },
  'seeds-schema': { title: 'seeds/schema.yml', schema: seedsSchema },
  'model-config': { title: "A model's config(…)", schema: configSchema('model') },
}

/** Parts that several places of a published schema point to. */
export const sharedSchemas = {
  'model-config': configSchema('model'),
  'seed-config': configSchema('seed'),
  'snapshot-config': configSchema('snapshot'),
  column: columnSchema,
  tests: testsSchema,
}
