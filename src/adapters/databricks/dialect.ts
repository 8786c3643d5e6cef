import type { Relation } from '../../core/index.js'
import { contractTypes } from '../contract-types.js'
import { duplicateRows } from '../duplicate-rows.js'
import { eventSql } from '../events.js'
import { instantLiteral } from '../instant-literal.js'
import { lateRows } from '../late-rows.js'
import { packedEventSql } from '../packed-events.js'
import { rowChecks } from '../row-checks.js'
import type { Column, Dialect, RelationState, Statement } from '../types.js'
import { changes } from './changes.js'
import { jsonWords } from './json-words.js'
import { comparable, equal, names, quote, relation, value } from './names.js'
import { parquetStatements } from './parquet.js'
import type { TableFormat } from './settings.js'
import {
  commitTag,
  readHistory,
  readIntervals,
  readMaxima,
  readWatermarks,
  recordAll,
  recordState,
  stateTables,
  watermarkValues,
} from './state.js'
import * as statements from './statements.js'
import { tests } from './tests.js'
import { hostValue, inferColumn, literal, minimum, minus, sameType, widens } from './types.js'
import { histories } from './versions.js'

/** What a server's session lets fft do, and what the profile wants. */
export interface Capabilities {
  /** Whether commits may carry run and watermark. */
  readonly tagsCommits: boolean
  readonly tableFormat: TableFormat
}

// In a subquery on another table `delta.*` is not known, so the columns are named.
const json = (columns: readonly string[]) =>
  `to_json(named_struct(${columns.map((name) => `${value(name)}, delta.${quote(name)}`).join(', ')}), map('ignoreNullFields', 'false'))`
const noteWords = { quote, relation, value, keyJson: json, rowJson: json }

const noteDuplicates = duplicateRows({
  ...noteWords,
  all: statements.comparables,
  keys: statements.keyGroups,
  surplus: statements.surplus,
})

const deltaWords = {
  ...noteWords,
  match: (key: readonly Column[], nullSafe: boolean) => equal(names(key), 'delta', 'target', nullSafe),
  same: (columns: readonly Column[]) =>
    columns.length === 0
      ? 'true'
      : columns.map((column) => `${comparable(column, 'delta')} <=> ${comparable(column, 'target')}`).join(' and '),
}

function late(remove: (relation: Relation, condition: string) => Statement) {
  return lateRows({
    ...deltaWords,
    isLazy: false,
    affected: 'num_affected_rows',
    remove,
    inUpsert: () => false,
  })
}

/** What is the same in every session. */
type Sessionless = 'dateTrunc' | 'dateAdd' | 'safeCast' | 'packedEvents' | 'attach' | 'contract' | 'unquoted'
const sessionless: Pick<Dialect, Sessionless> = {
  // Each comment, grant or constraint would be a commit of its own, without the run's mark.
  attach: {},
  contract: contractTypes(quote, (declared) => declared, sameType),
  unquoted: (identifier) => identifier.toLowerCase(),
  packedEvents: packedEventSql(jsonWords),
  dateTrunc: (expression, part) => `date_trunc('${part}', cast(${expression} as timestamp))`,
  dateAdd: (expression, part, count) => `timestampadd(${part}, ${count}, cast(${expression} as timestamp))`,
  safeCast: (expression, type) => `try_cast(${expression} as ${type})`,
}

/** The SQL of Spark with Delta Lake, as Databricks and open-source servers speak it. */
export function databricksDialect({ tagsCommits, tableFormat }: Capabilities): Dialect {
  const remove = tableFormat === 'delta' ? statements.keepOthers : parquetStatements.dropRows
  const dialect: Dialect = {
    engine: 'databricks',
    aliases: ['databricks_spark', 'spark'],
    ignoresCase: true,
    stringEscapes: 'backslash',
    commits: {
      by: 'statement',
      watermarks: watermarkValues,
      tag: (record) => (tagsCommits && tableFormat === 'delta' ? commitTag(record) : undefined),
      recordAll,
    },
    locks: 'none',
    costlyPullRows: 1_000_000,
    loadsSeeds: 'before',
    quote,
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
    ...sessionless,
    ...statements,
    unstage: (staging) => ({ ...statements.drop(staging, 'table'), note: 'drop the staged delta' }),
    stagingRelation: (target, name) => ({ ...target, identifier: name }),
    asideRelation: (target, name) => ({ ...target, identifier: name }),
    rowChecks: rowChecks({
      textType: 'string',
      quote,
      relation,
      match: (columns, nullSafe) => equal(names(columns), 'delta', 'target', nullSafe),
    }),
    lateRows: late(remove),
    events: eventSql({ ...deltaWords, textType: 'string', remove }),
    ...histories,
    noteDuplicates,
    apply: changes,
    stateTables: (schema, tables) => stateTables(schema, tables, tableFormat),
    recordState,
    readHistory,
    readIntervals,
    readWatermarks,
    readMaxima,
    tests,
  }
  if (tableFormat === 'delta') return { ...dialect, over: (present) => overParquet(present, tagsCommits) }
  // A table in Parquet is built aside: no statement replaces one.
  const { replaceTable: _, ...others } = dialect
  return { ...others, ...parquetStatements }
}

/** A table that was made when the profile said Parquet takes no MERGE; it stays what it is until it is built anew. */
function overParquet({ relation: { identifier }, format }: RelationState, tagsCommits: boolean) {
  if (format !== 'parquet') return undefined
  const notice = `${identifier} is a Parquet table, which takes no MERGE: it is written anew as a whole, and readers find no table for a moment; --full-refresh makes a Delta table of it`
  return { dialect: databricksDialect({ tagsCommits, tableFormat: 'parquet' }), notice }
}
