import type { ErrorCase } from '../error-case.js'
import { codeModels } from './code-models.js'
import { commandLine } from './command-line.js'
import { configuration } from './configuration.js'
import { engine } from './engine.js'
import { flow } from './flow.js'
import { profiles } from './profiles.js'
import { references } from './references.js'
import { rows } from './rows.js'
import { seeds } from './seeds.js'
import { selection } from './selection.js'
import { templates } from './templates.js'
import { yaml } from './yaml.js'

/** The table of bad input, by what is at fault. */
export const cases: Readonly<Record<string, readonly ErrorCase[]>> = {
  templates,
  references,
  configuration,
  yaml,
  profiles,
  codeModels,
  seeds,
  engine,
  rows,
  selection,
  flow,
  commandLine,
}
