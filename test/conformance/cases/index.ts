import type { Case } from '../lab.js'
import { everyStrategy } from './every-strategy.js'
import { identifiers } from './identifiers.js'
import { keys } from './keys.js'
import { relations } from './relations.js'
import { schemaChange } from './schema-change.js'

/** The one list of cases; each runs on every engine. */
export const cases: readonly { readonly group: string; readonly list: readonly Case[] }[] = [
  { group: 'every strategy', list: everyStrategy },
  { group: 'odd identifiers', list: identifiers },
  { group: 'keys', list: keys },
  { group: 'schema change', list: schemaChange },
  { group: 'what is there before', list: relations },
]
