import type { ErrorCase } from '../error-case.js'
import { references } from './references.js'
import { templates } from './templates.js'

/** The table of bad input, by what is at fault. */
export const cases: Readonly<Record<string, readonly ErrorCase[]>> = { templates, references }
