import { insertOverwrite } from './insert-overwrite.js'
import type { Strategy } from './strategy.js'

/** Each run replaces the partition of its own date with the whole SELECT; the other dates are history. */
export const snapshotDate: Strategy = { ...insertOverwrite, isDated: true }
