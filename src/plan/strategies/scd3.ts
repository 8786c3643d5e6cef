import { merge } from './merge.js'
import type { Strategy } from './strategy.js'

/** A merge in which some columns keep what others were before their last change. */
export const scd3: Strategy = { ...merge, needs: [...merge.needs, 'history_columns'] }
