import type { Case } from '../lab.js'
import { everyStrategy } from './every-strategy.js'

/** The one list of cases; each runs on every engine. */
export const cases: readonly { readonly group: string; readonly list: readonly Case[] }[] = [
  { group: 'every strategy', list: everyStrategy },
]
