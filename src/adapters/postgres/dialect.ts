import { addColumn, dropColumn, retypeColumn } from '../alter-table.js'
import { contractTypes } from '../contract-types.js'
import { dataTests } from '../data-tests.js'
import { duplicateRows } from '../duplicate-rows.js'
import { eventSql } from '../events.js'
import { gapTests } from '../gap-tests.js'
import { instantLiteral } from '../instant-literal.js'
import { lateRows } from '../late-rows.js'
import { measureTests } from '../measure-tests.js'
import { quote, relation, value } from '../names.js'
import type { NoteWords } from '../note-rows.js'
import { packedEventSql } from '../packed-events.js'
import { rowChecks } from '../row-checks.js'
import { runRecords } from '../run-records.js'
import type { Column, Dialect } from '../types.js'
import { attach } from './attach.js'
import { changes } from './changes.js'
import { differs, joined } from './comparison.js'
import { gapWords } from './gap-words.js'
import { jsonWords } from './json-words.js'
import { takeTurn } from './locks.js'
import { createView, publish } from './publish.js'
import { safeCast } from './safe-cast.js'
import { readHistory, readIntervals, readMaxima, readWatermarks, recordState, stateTables } from './state.js'
import * as statements from './statements.js'
import { hostValue, inferColumn, literal, minimum, minus, sameType, widens } from './types.js'
import { firstVersions, pruneVersions, versionViews } from './versions.js'

const noteWords: NoteWords = {
  quote,
  relation,
  value,
  keyJson: (key) =>
    `cast(json_build_object(${key.map((name) => `${value(name)}, delta.${quote(name)}`).join(', ')}) as text)`,
  rowJson: () => 'cast(row_to_json(delta) as text)',
}

const deltaWords = {
  ...noteWords,
  match: (key: readonly Column[], nullSafe: boolean) => joined(key, 'delta', 'target', nullSafe),
  same: (columns: readonly Column[]) => `not (${differs(columns, 'delta', 'target')})`,
  remove: statements.dropRows,
}

/** `numeric(10,2)` as `numeric`. */
function withoutSize(type: string): string {
  return type.replaceAll(/\s*\([^)]*\)/g, '')
}

/** Postgres' SQL. */
export const postgresDialect: Dialect = {
  engine: 'postgres',
  aliases: ['postgresql', 'pg'],
  ignoresCase: false,
  stringEscapes: 'doubled',
  longestName: 63,
  commits: { by: 'transaction' },
  locks: 'relation',
  loadsSeeds: 'in_transaction',
  quote,
  unquoted: (identifier) => identifier.toLowerCase(),
  relation,
  literal,
  instant: instantLiteral(literal),
  minimum,
  value,
  hostValue,
  minus,
  sameType,
  widens,
  inferColumn,
  dateTrunc: (expression, part) => `date_trunc('${part}', cast(${expression} as timestamp))`,
  dateAdd: (expression, part, count) =>
    `(cast(${expression} as timestamp) + (${count}) * interval '${part === 'quarter' ? '3 month' : `1 ${part}`}')`,
  safeCast,
  ...statements,
  addColumn,
  dropColumn,
  retypeColumn,
  createView,
  publish,
  takeTurn,
  // A temporary table ends with its transaction, so a killed run leaves none behind.
  stagingRelation: (_target, name) => ({ schema: 'pg_temp', identifier: name }),
  asideRelation: (target, name) => ({ ...target, identifier: name }),
  rowChecks: rowChecks({
    textType: 'text',
    quote,
    relation,
    match: (columns, nullSafe) => joined(columns, 'delta', 'target', nullSafe),
  }),
  lateRows: lateRows({
    ...deltaWords,
    isLazy: true,
    affected: 'rows_affected',
    inUpsert: ({ updates, deletes }) => updates === undefined && deletes.flagged === undefined,
  }),
  events: eventSql({ ...deltaWords, textType: 'text' }),
  packedEvents: packedEventSql(jsonWords),
  firstVersions,
  pruneVersions,
  versionViews,
  noteDuplicates: duplicateRows({
    ...noteWords,
    all: statements.comparables,
    keys: statements.keyGroups,
    surplus: statements.surplus,
  }),
  apply: changes,
  attach,
  // Of another length or precision a type is the same to a contract, as it is to dbt's.
  contract: contractTypes(
    quote,
    (declared) => declared.replace(/^string$/i, 'text'),
    (found, declared) => sameType(withoutSize(found), withoutSize(declared)),
  ),
  stateTables,
  recordState,
  runs: runRecords({ relation, value }),
  readHistory,
  readIntervals,
  readWatermarks,
  readMaxima,
  tests: { ...dataTests, ...gapTests(gapWords), ...measureTests(quote) },
}
