import type { ErrorCase } from '../error-case.js'
import { codeModels } from './code-models.js'
import { commandLine } from './command-line.js'
import { configuration } from './configuration.js'
import { engine } from './engine.js'
import { flow } from './flow.js'
import { gaps } from './gaps.js'
import { profiles } from './profiles.js'
import { references } from './references.js'
import { rows } from './rows.js'
import { seeds } from './seeds.js'
import { selection } from './selection.js'
import { silence } from './silence.js'
import { strategies } from './strategies.js'
import { templates } from './templates.js'
import { yaml } from './yaml.js'

/** Bad input that is found before anything runs, by what is at fault. */
export const projectFaults: Readonly<Record<string, readonly ErrorCase[]>> = {
  'the command line': commandLine,
  selections: selection,
  'YAML files': yaml,
  'profiles and environments': profiles,
  templates,
  references,
  'config()': configuration,
  strategies,
  'gaps and completeness': gaps,
  'what has no effect': silence,
}

/** Bad input that shows while nodes run. */
export const runFailures: Readonly<Record<string, readonly ErrorCase[]>> = {
  seeds,
  'code models': codeModels,
  'statements that the engine refuses': engine,
  'rows that may not be written': rows,
  'the rest of the run': flow,
}
