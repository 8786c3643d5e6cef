import { FftError, type SourceSpan, type Sql, sqlText, suggest } from '../../core/index.js'
import { cancelledError, isBehindSelect, openSelect, placeAt } from '../error-place.js'
import { type EngineError, type ErrorResponse, parseEngineError } from './engine-error.js'
import { thrownOf } from './thrown.js'
import { transportError } from './transport-error.js'

/** Turns what the driver threw into an FftError at the user's place; FftErrors pass unchanged. */
export function toFftError(thrown: unknown, sql?: Sql): FftError {
  if (thrown instanceof FftError) return thrown
  if (isCancelled(thrown)) return cancelledError(sql, thrown)
  const response = responseOf(thrown)
  if (response === undefined) return transportError(thrown, sql === undefined ? undefined : sqlText(sql))
  const error = parseEngineError(response)
  const code = codeOf(error)
  const isOpen = code === 'sql-syntax' && sql !== undefined && isBehind(sql, error)
  return new FftError(isOpen ? openSelect.message : messageOf(error), {
    code,
    hint: isOpen ? openSelect.advice : hintOf(code, error),
    span: sql === undefined ? undefined : placeOf(sql, error),
    statement: sql === undefined ? undefined : sqlText(sql),
    cause: thrown,
  })
}

/** What the engine said, when it was the engine that failed. */
export function engineErrorOf(thrown: unknown): EngineError | undefined {
  const cause = thrown instanceof FftError ? thrown.cause : thrown
  const response = responseOf(cause)
  return response === undefined ? undefined : parseEngineError(response)
}

function isCancelled(thrown: unknown): boolean {
  const code = thrownOf(thrown)?.get('errorCode')
  return code === 'CANCELED' || code === 'CLOSED'
}

/** Set on statements that failed on the server; a session that does not open says it in its message alone. */
function responseOf(value: unknown): ErrorResponse | undefined {
  const thrown = thrownOf(value)
  if (thrown === undefined) return undefined
  const response = thrown.get('response')
  if (typeof response === 'object' && response !== null && 'operationState' in response)
    return response as ErrorResponse
  return thrown.kind === 'StatusError' ? { errorMessage: thrown.message } : undefined
}

const codesByState: Readonly<Record<string, string>> = {
  '42601': 'sql-syntax',
  '42703': 'column-missing',
  '42P01': 'relation-missing',
  '42704': 'schema-missing',
  '42P08': 'relation-missing',
  '42883': 'function-missing',
  '42P07': 'relation-exists',
  '42P06': 'relation-exists',
  '42809': 'relation-kind',
  '42501': 'permission-denied',
  '42K09': 'type-mismatch',
  '22018': 'type-mismatch',
  '22023': 'type-mismatch',
  '22007': 'type-mismatch',
  '22003': 'value-out-of-range',
  '22012': 'value-out-of-range',
  '23001': 'constraint-violated',
  '23502': 'constraint-violated',
  '0A000': 'not-supported',
  '0AKDC': 'not-supported',
  '42000': 'sql-invalid',
  '42K05': 'sql-invalid',
  '2D521': 'write-conflict',
  HY008: 'cancelled',
  '57014': 'cancelled',
  '57KD0': 'timeout',
}

function codeOf({ errorClass = '', sqlState = '', message }: EngineError): string {
  if (/UNSUPPORTED_DATATYPE/.test(errorClass)) return 'type-missing'
  if (/(?:INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|UNAUTHORIZED_ACCESS)/.test(errorClass)) return 'permission-denied'
  if (/^DELTA_(?:SCHEMA_CHANGE_SINCE_ANALYSIS|CONCURRENT|METADATA_CHANGED|PROTOCOL_CHANGED)/.test(errorClass))
    return 'write-conflict'
  if (/no space left on device|disk quota exceeded/i.test(message)) return 'disk-full'
  if (/OutOfMemoryError|Java heap space/.test(message)) return 'out-of-memory'
  return codesByState[sqlState] ?? (sqlState.startsWith('42') ? 'sql-invalid' : 'engine-error')
}

const hints: Readonly<Record<string, string>> = {
  'relation-missing':
    "write {{ ref('…') }} for a relation of the project, {{ source('…', '…') }} for one that is loaded",
  'write-conflict': 'another session changed the table at the same time: run again',
  'disk-full': 'free space where the server keeps its tables and temporary files',
  'out-of-memory': 'give the server more memory, or make the model smaller',
  'schema-missing': 'create the schema, or correct it in the profile or in sources.yml',
  timeout: 'raise STATEMENT_TIMEOUT of the warehouse, or make the model smaller',
}

const candidateWords: Readonly<Record<string, string>> = {
  'column-missing': 'columns',
  'function-missing': 'functions',
}

const ownStatement = /at or near '(?:create|insert|update|delete|merge|drop|alter|truncate)'/i

/** By the class of the error and its message. */
const faults: readonly (readonly [RegExp, string])[] = [
  [/^CAST_INVALID_INPUT/, 'correct the value, or give it up as NULL with try_cast(… as …)'],
  [/^DIVIDE_BY_ZERO/, 'write try_divide(a, b), which gives NULL, or filter the zeros'],
  [
    /^INVALID_SCHEMA_OR_RELATION_NAME/,
    'this catalog takes letters, digits and _ alone: name the schema otherwise, or give the model an alias',
  ],
  [
    /Nested databases are not supported|^NO_SUCH_CATALOG|^CATALOG_NOT_FOUND/,
    'the server has no such catalog: correct catalog in the profile, or leave it out',
  ],
  [
    / is not a Delta table\b|does not support (?:MERGE INTO|UPDATE|DELETE|REPLACE) TABLE/,
    'drop the table and run again, or write table_format: parquet in the profile',
  ],
]

function hintOf(code: string, { candidates, name, message, errorClass = '' }: EngineError): string | undefined {
  const word = candidateWords[code]
  if (word !== undefined && name !== undefined && candidates.length > 0) return suggest(name, candidates, word)
  const known = faults.find(([pattern]) => pattern.test(`${errorClass} ${message}`))
  if (known !== undefined) return known[1]
  if (code === 'sql-syntax' && /at or near '\{'/.test(message)) return 'a template expression has two braces: {{ … }}'
  if (code === 'sql-syntax' && ownStatement.test(message))
    return 'a model is one SELECT; fft writes the statement around it'
  if (code === 'sql-syntax' && /at or near ';'/.test(message))
    return 'a model is one SELECT: remove what follows the ";"'
  if (code === 'permission-denied')
    return 'grant it to the user or service principal of the profile: see docs/engines/databricks.md'
  return hints[code]
}

function messageOf({ errorClass = '', message }: EngineError): string {
  if (errorClass === 'PARSE_SYNTAX_ERROR') return message.replace(/^Syntax error/, 'syntax error')
  return message
}

function isBehind(sql: Sql, { position }: EngineError): boolean {
  return position !== undefined && isBehindSelect(sql, offsetAt(sqlText(sql), position))
}

function placeOf(sql: Sql, { position, name }: EngineError): SourceSpan | undefined {
  const text = sqlText(sql)
  const offset = position === undefined ? undefined : offsetAt(text, position)
  const at = offset === undefined ? '' : text.slice(offset, offset + 400)
  return placeAt(sql, offset, wordAt(at, name))
}

function offsetAt(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let start = 0
  for (let passed = 1; passed < line; passed++) {
    const next = text.indexOf('\n', start)
    if (next === -1) return text.length
    start = next + 1
  }
  const units = [...text.slice(start, start + column * 2)].slice(0, column).join('').length
  return Math.min(text.length, start + units)
}

/** The name at fault as it is written there, else the first word. */
function wordAt(text: string, name: string | undefined): string | undefined {
  if (name !== undefined && text.slice(0, name.length).toLowerCase() === name.toLowerCase()) return name
  return /^[A-Za-z_][A-Za-z0-9_.]*|^`(?:[^`]|``)*`|^'[^'\n]*'/.exec(text)?.[0]
}
