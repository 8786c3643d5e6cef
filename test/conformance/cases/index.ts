import type { ProvingCase } from '../lab.js'
import { codeModels } from './code-models.js'
import { completeness } from './completeness.js'
import { dataTests } from './data-tests.js'
import { deletes } from './deletes.js'
import { deltas } from './deltas.js'
import { duplicateRows } from './duplicate-rows.js'
import { events } from './events.js'
import { everyStrategy } from './every-strategy.js'
import { gaps } from './gaps.js'
import { history } from './history.js'
import { identifiers } from './identifiers.js'
import { keys } from './keys.js'
import { lateRows } from './late-rows.js'
import { mergeOptions } from './merge-options.js'
import { others } from './others.js'
import { packedEvents } from './packed-events.js'
import { partitions } from './partitions.js'
import { refusals } from './refusals.js'
import { relations } from './relations.js'
import { schemaChange } from './schema-change.js'
import { seeds } from './seeds.js'
import { stateGaps, stateHistory } from './state-gaps.js'
import { dialects } from './values.js'
import { versions } from './versions.js'
import { watermarks } from './watermarks.js'
import { windows } from './windows.js'

export interface CaseGroup {
  readonly group: string
  readonly list: readonly ProvingCase[]
  /** Whether a usual run takes it where statements are slow, too: what strategies, keys and schema changes do. */
  readonly isCore?: boolean
}

/** The one list of cases; each runs on every engine. */
export const cases: readonly CaseGroup[] = [
  { group: 'every strategy', list: everyStrategy, isCore: true },
  { group: 'partitions', list: partitions, isCore: true },
  { group: 'what limits a merge', list: mergeOptions },
  { group: 'deletions', list: deletes, isCore: true },
  { group: 'history in columns', list: history },
  { group: 'versions', list: versions, isCore: true },
  { group: 'change events', list: events, isCore: true },
  { group: 'change events as JSON', list: packedEvents, isCore: true },
  { group: 'odd identifiers', list: identifiers },
  { group: 'keys', list: keys, isCore: true },
  { group: 'duplicate rows', list: duplicateRows },
  { group: 'schema change', list: schemaChange, isCore: true },
  { group: 'what is there before', list: relations },
  { group: 'the delta', list: deltas },
  { group: 'watermarks', list: watermarks },
  { group: 'windows', list: windows, isCore: true },
  { group: 'late rows', list: lateRows, isCore: true },
  { group: 'refusals and failures', list: refusals },
  { group: 'the dialect', list: dialects },
  { group: 'seeds', list: seeds },
  { group: 'code models', list: codeModels },
  { group: 'data tests', list: dataTests },
  { group: 'gaps', list: gaps },
  { group: 'completeness', list: completeness },
  { group: 'state gaps', list: stateGaps },
  { group: 'state history', list: stateHistory },
  { group: 'beside building', list: others },
]
