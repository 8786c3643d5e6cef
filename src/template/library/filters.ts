import type { Filter } from './filter.js'
import { numberFilters } from './number-filters.js'
import { sequenceFilters } from './sequence-filters.js'
import { textFilters } from './text-filters.js'
import { valueFilters } from './value-filters.js'

/** Jinja2's filters by name. */
export const filters: ReadonlyMap<string, Filter> = new Map([
  ...textFilters,
  ...numberFilters,
  ...valueFilters,
  ...sequenceFilters,
])
