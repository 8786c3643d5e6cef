import { text } from '../../core/index.js'
import { qualified, quote, relation } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { sameValues } from './guards.js'
import { statement } from './insert.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

/** Takes rows out of the delta that would change nothing: equal ones, and those that lose against a newer row. */
export function dropByTime(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const { updatedAt = '' } = change
  const newestWins = change.wins.by === 'newest'
  const [target, staging] = [relation(input.target), relation(input.staging)]
  const same = sameValues(input, change, [updatedAt])
  const from = `delete from ${staging} as delta using ${target} as target where ${match}`
  const [ours, theirs] = [qualified(updatedAt, 'delta'), qualified(updatedAt, 'target')]
  const older = newestWins ? `${theirs} > ${ours} or ` : ''
  // Only target rows as new as the oldest delta row can be equal or newer; zone maps then skip the rest of the table.
  const recent = `${theirs} >= (select min(${quote(updatedAt)}) from ${staging})`
  const note = newestWins ? 'leave out rows that are equal or older' : 'leave out rows that are equal'
  const nullOlder = newestWins ? `${theirs} is not null or ` : `${theirs} is null and `
  return [
    {
      ...statement(`${from} and ${recent} and (${older}${theirs} = ${ours} and ${same})`, note, 'unchanged'),
      onlyIf: {
        sql: text(`select exists (select 1 from ${target} as target where ${recent})`),
        note: `see whether the delta has rows that are not newer than the table by ${updatedAt}`,
      },
    },
    {
      ...statement(`${from} and ${ours} is null and (${nullOlder}${same})`, `${note} (no ${updatedAt})`, 'unchanged'),
      onlyIf: {
        sql: text(`select exists (select 1 from ${staging} where ${quote(updatedAt)} is null)`),
        note: `see whether the delta has rows without ${updatedAt}`,
      },
    },
  ]
}
