import { addColumn, dropColumn, retypeColumn } from '../alter-table.js'
import { contractTypes } from '../contract-types.js'
import { dataTests } from '../data-tests.js'
import { duplicateRows } from '../duplicate-rows.js'
import { eventSql } from '../events.js'
import { gapTests } from '../gap-tests.js'
import { instantLiteral } from '../instant-literal.js'
import { lateRows } from '../late-rows.js'
import { measureTests } from '../measure-tests.js'
import { equal, list, names, quote, relation, value } from '../names.js'
import type { NoteWords } from '../note-rows.js'
import { packedEventSql } from '../packed-events.js'
import { rowChecks } from '../row-checks.js'
import { runRecords } from '../run-records.js'
import type { Column, Dialect } from '../types.js'
import { attach } from './attach.js'
import { changes } from './changes.js'
import { files } from './files.js'
import { gapWords } from './gap-words.js'
import { jsonWords } from './json-words.js'
import { readHistory, readIntervals, readMaxima, readWatermarks, recordState, stateTables } from './state.js'
import * as statements from './statements.js'
import { hostValue, inferColumn, literal, minimum, minus, sameType, widens } from './types.js'
import { firstVersions, pruneVersions, versionViews } from './versions.js'

const noteWords: NoteWords = {
  quote,
  relation,
  value,
  keyJson: (key) =>
    `cast(json_object(${key.map((name) => `${value(name)}, delta.${quote(name)}`).join(', ')}) as varchar)`,
  rowJson: () => 'cast(to_json(delta) as varchar)',
}

const deltaWords = {
  ...noteWords,
  match: (key: readonly Column[], nullSafe: boolean) => equal(names(key), 'delta', 'target', nullSafe),
  same: (columns: readonly Column[]) =>
    columns.length === 0 ? 'true' : equal(names(columns), 'delta', 'target', true),
  remove: statements.dropRows,
}

/** DuckDB's SQL. */
export const duckDbDialect: Dialect = {
  engine: 'duckdb',
  aliases: ['duck'],
  ignoresCase: true,
  stringEscapes: 'doubled',
  commits: { by: 'transaction' },
  locks: 'database',
  loadsSeeds: 'before',
  quote,
  unquoted: (identifier) => identifier,
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
  dateAdd: (expression, part, count) => `(cast(${expression} as timestamp) + interval (${count}) ${part})`,
  safeCast: (expression, type) => `try_cast(${expression} as ${type})`,
  ...statements,
  addColumn,
  dropColumn,
  retypeColumn,
  unstage: (staging) => ({ ...statements.drop(staging, 'table'), note: 'drop the staged delta' }),
  // A temporary table lives in its own database and ends with the connection, so a killed run leaves none behind.
  stagingRelation: (_target, name) => ({ database: 'temp', schema: 'main', identifier: name }),
  asideRelation: (target, name) => ({ ...target, identifier: name }),
  rowChecks: rowChecks({
    textType: 'varchar',
    quote,
    relation,
    match: (columns, nullSafe) => equal(names(columns), 'delta', 'target', nullSafe),
  }),
  lateRows: lateRows({
    ...deltaWords,
    isLazy: false,
    affected: 'rows_affected',
    inUpsert: ({ updates, deletes }) => updates === undefined && deletes.flagged === undefined,
  }),
  events: eventSql({ ...deltaWords, textType: 'varchar' }),
  packedEvents: packedEventSql(jsonWords),
  firstVersions,
  pruneVersions,
  versionViews,
  noteDuplicates: duplicateRows({
    ...noteWords,
    all: (columns) => list(names(columns)),
    keys: statements.keyGroups,
    surplus: statements.surplus,
  }),
  apply: changes,
  attach,
  contract: contractTypes(quote, (declared) => declared, sameType),
  stateTables,
  recordState,
  runs: runRecords({ relation, value }),
  readHistory,
  readIntervals,
  readWatermarks,
  readMaxima,
  files,
  tests: { ...dataTests, ...gapTests(gapWords), ...measureTests(quote) },
}
