import { type Relation, type Sql, text } from '../core/index.js'
import { type NoteWords, noteRows } from './note-rows.js'
import type { Column, LateInput, LateRows, RowNote, Statement } from './types.js'

/** How an engine says what late rows need. */
export interface LateWords extends NoteWords {
  /** `delta` and `target` agree in the columns of a key. */
  match(key: readonly Column[], nullSafe: boolean): string
  /** `delta` and `target` agree in those columns, NULL equal to NULL. */
  same(columns: readonly Column[]): string
  /** What a count is called, for execution to read it as rows affected. */
  readonly affected: string
  /** Whether the engine looks at a branch of a CASE only when it comes to it, so that a count can guard itself. */
  readonly isLazy: boolean
  readonly inUpsert: LateRows['inUpsert']
  /** Takes the rows (alias `delta`) out that a condition is true of. */
  remove(relation: Relation, condition: string): Statement
}

/** Rows of a delta that are below the watermark and new or changed, in standard SQL. */
export function lateRows(words: LateWords): LateRows {
  const { quote, relation } = words
  const from = ({ staging }: LateInput) => `${relation(staging)} as delta`
  const below = ({ column, below: watermark }: LateInput) => `delta.${quote(column)} < ${watermark}`
  const some = (input: LateInput) => ({
    sql: text(
      `select case when exists (select 1 from ${from(input)} where ${below(input)}) then 'true' else 'false' end`,
    ),
    note: `see whether rows are below the watermark of ${input.column}`,
  })
  const isLate = (input: LateInput) => {
    const match = input.key.length === 0 ? [] : [words.match(input.key, input.nullSafe)]
    const guard = loses(input, quote)
    const stays = `(${[...guard, words.same(input.compared)].map((each) => `(${each})`).join(' or ')})`
    const inTarget = (...conditions: readonly string[]) =>
      `exists (select 1 from ${relation(input.target)} as target where ${[...match, ...conditions].join(' and ')})`
    const isNews = `not ${inTarget(stays)}`
    if (input.flagged === undefined) return `${below(input)} and ${isNews}`
    const deletes = inTarget(...guard.map((each) => `not (${each})`))
    return `${below(input)} and case when coalesce((${input.flagged}), false) then ${deletes} else ${isNews} end`
  }
  return {
    inUpsert: words.inUpsert,
    some,
    count: (input) => {
      const counted = `select count(*) as ${words.affected} from ${from(input)} where ${isLate(input)}`
      const statement = { note: 'count late rows', counts: 'late' } as const
      if (!words.isLazy) return { ...statement, sql: text(counted), onlyIf: some(input) }
      const guarded = `case when exists (select 1 from ${from(input)} where ${below(input)}) then (${counted}) else 0 end`
      return { ...statement, sql: text(`select ${guarded} as ${words.affected}`) }
    },
    rows: (input): Sql => text(`select * from ${from(input)} where ${isLate(input)} limit 5`),
    remove: (input) => ({ ...words.remove(input.staging, isLate(input)), note: 'leave late rows out' }),
    note: (input, into, note: RowNote) => {
      const rows = { from: from(input), where: [isLate(input)], columns: input.columns }
      const key = input.key.map((column) => column.name)
      return { sql: noteRows(words, { ...rows, key }, { into, note }), note: 'write late rows down' }
    },
  }
}

/** Whether the target's row of the key stays all the same. */
function loses({ wins, column }: LateInput, quote: (identifier: string) => string): readonly string[] {
  if (wins.by === 'condition') return [`not coalesce((${wins.sql}), false)`]
  if (wins.by === 'delta') return []
  const [ours, theirs] = [`delta.${quote(column)}`, `target.${quote(column)}`]
  return [`coalesce(${theirs} > ${ours}, ${theirs} is not null and ${ours} is null)`]
}
