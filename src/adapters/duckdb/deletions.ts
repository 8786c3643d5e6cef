import { list, relation, sameName } from '../names.js'
import type { ApplyInput, Change, Statement } from '../types.js'
import { loses } from './guards.js'
import { statement } from './insert.js'

type Upsert = Extract<Change, { kind: 'upsert' }>

/** Flagged rows go out of the delta, and with them the rows of their keys that do not win against them. */
export function removeFlagged(input: ApplyInput, change: Upsert, match: string): readonly Statement[] {
  const { flagged } = change.deletes
  if (flagged === undefined) return []
  const [target, staging, gone] = [relation(input.target), relation(input.staging), relation(input.scratch('gone'))]
  const condition = `coalesce((${flagged}), false)`
  const guard = loses(change)
  const and = guard === 'false' ? '' : ` and not ${guard}`
  // A condition that limits the rows may name any column of the delta.
  const isLimited = change.within !== undefined || change.wins.by === 'condition'
  const columns = isLimited ? '*' : list([...change.key, ...timeOf(change)])
  return [
    statement(
      `create temp table ${gone} as select ${columns} from ${staging} as delta where ${condition}`,
      'find deletions',
    ),
    statement(`delete from ${staging} as delta where ${condition}`, 'take deletions out of the delta'),
    statement(
      `delete from ${target} as target using ${gone} as delta where ${match}${and}`,
      'delete the rows of deleted keys',
      'deleted',
    ),
    statement(`drop table ${gone}`, 'drop the deletions'),
  ]
}

function timeOf({ key, updatedAt }: Upsert): readonly string[] {
  return updatedAt === undefined || key.some((name) => sameName(name, updatedAt)) ? [] : [updatedAt]
}

/** Rows of keys that the delta does not have go. */
export function removeMissing(
  { target, staging }: ApplyInput,
  { deletes }: Upsert,
  match: string,
): readonly Statement[] {
  if (!deletes.missing) return []
  const sql = `delete from ${relation(target)} as target where not exists (select 1 from ${relation(staging)} as delta where ${match})`
  return [statement(sql, 'delete rows whose key is gone', 'deleted')]
}
