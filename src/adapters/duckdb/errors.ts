import { FftError, type SourceSpan, type Sql, sqlText, suggest } from '../../core/index.js'
import { cancelledError, isBehindSelect, oneLine, openSelect, placeAt } from '../error-place.js'

export { cancelledError }

/** What the engine says about a failed statement, taken apart. */
export interface EngineError {
  /** DuckDB's exception type: `Binder`, `Catalog`, `Out of Memory`, … */
  readonly type: string
  /** Complete, with line breaks. */
  readonly message: string
  /** Offset in bytes of the statement's UTF-8 text. */
  readonly position?: number
  /** The name that was not found. */
  readonly name?: string
  /** `Table`, `Scalar Function`, `Type`, … */
  readonly entry?: string
  readonly subtype?: string
  readonly candidates: readonly string[]
}

/** Turns what the driver threw into an FftError at the user's place; FftErrors pass unchanged. */
export function toFftError(thrown: unknown, sql?: Sql): FftError {
  if (thrown instanceof FftError) return thrown
  const error = parseEngineError(thrown instanceof Error ? thrown.message : String(thrown))
  const code = codeOf(error)
  if (code === 'cancelled') return cancelledError(sql, thrown)
  const { message, advice } = stopsBehindSelect(sql, error) ? openSelect : readable(error.message)
  return new FftError(message, {
    code,
    hint: hintOf(code, error) ?? advice,
    span: sql === undefined ? undefined : placeOf(sql, error),
    statement: sql === undefined ? undefined : sqlText(sql),
    cause: thrown,
  })
}

function stopsBehindSelect(sql: Sql | undefined, { type, position }: EngineError): boolean {
  if (sql === undefined || position === undefined || type !== 'Parser') return false
  return isBehindSelect(sql, utf16Offset(sqlText(sql), position))
}

/**
 * Reads the driver's message: JSON when `errors_as_json` is set (behind a prefix for parser errors), else
 * `<type> Error: <message>`.
 */
export function parseEngineError(raw: string): EngineError {
  const json = raw.indexOf('{"exception_type"')
  if (json !== -1) {
    const parsed = parseJson(raw.slice(json))
    if (parsed !== undefined) return parsed
  }
  const match = /^(?:Failed to [^:]+: )?((?:[A-Z][A-Za-z]* ?){1,4}?) Error: ([\s\S]*)$/.exec(raw)
  return { type: match?.[1] ?? '', message: match?.[2] ?? raw, candidates: [] }
}

function parseJson(text: string): EngineError | undefined {
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
  const field = (key: string) => (typeof fields[key] === 'string' ? (fields[key] as string) : undefined)
  const position = Number.parseInt(field('position') ?? '', 10)
  const name = field('name') ?? /^Referenced table "([^"]+)" not found/.exec(field('exception_message') ?? '')?.[1]
  const entry = field('type')
  const subtype = field('error_subtype')
  return {
    type: field('exception_type') ?? '',
    message: field('exception_message') ?? text,
    candidates: candidatesOf(field('candidates'), field('exception_message') ?? ''),
    ...(Number.isNaN(position) ? {} : { position }),
    ...(name === undefined ? {} : { name }),
    ...(entry === undefined ? {} : { entry }),
    ...(subtype === undefined ? {} : { subtype }),
  }
}

/** The quoted names of the message are exact; the JSON field joins them with commas, which names may contain. */
function candidatesOf(field: string | undefined, message: string): readonly string[] {
  const line = /^(?:Candidate (?:bindings|tables)|Did you mean):? ?(.*)$/m.exec(message)?.[1]
  const quoted = [...(line ?? '').matchAll(/"((?:[^"]|"")*)"/g)].map((match) => (match[1] ?? '').replaceAll('""', '"'))
  if (quoted.length > 0) return quoted
  return field === undefined ? [] : field.split(',')
}

const codesByType: Readonly<Record<string, string>> = {
  Parser: 'sql-syntax',
  Syntax: 'sql-syntax',
  Conversion: 'type-mismatch',
  'Mismatch Type': 'type-mismatch',
  'Invalid type': 'type-mismatch',
  'Out of Range': 'value-out-of-range',
  Constraint: 'constraint-violated',
  'Out of Memory': 'out-of-memory',
  INTERRUPT: 'cancelled',
  Interrupt: 'cancelled',
  Permission: 'permission-denied',
  Dependency: 'dependency-exists',
  Sequence: 'relation-missing',
  'Not implemented': 'not-supported',
  'Missing Extension': 'extension-missing',
  'Extension Autoloading': 'extension-missing',
}

function codeOf(error: EngineError): string {
  const { type, message } = error
  if (/no space left on device|disk.*full|max_temp_directory_size|file too large/i.test(message)) return 'disk-full'
  if (/read-only mode/.test(message)) return 'database-read-only'
  if (type === 'Binder') return binderCode(error)
  if (type === 'Catalog') return catalogCode(error)
  if (type === 'IO')
    return /No files found|No such file|Cannot open file/.test(message) ? 'file-missing' : 'engine-error'
  if (/^Transaction/.test(type)) return /onflict/.test(message) ? 'write-conflict' : 'transaction-aborted'
  return codesByType[type] ?? 'engine-error'
}

function binderCode({ subtype, message }: EngineError): string {
  if (subtype === 'COLUMN_NOT_FOUND' || /does not have a column named|Referenced column/.test(message)) {
    return 'column-missing'
  }
  if (subtype === 'NO_MATCHING_FUNCTION' || /Cannot (?:compare|mix|combine)|requires? .*(?:type|cast)/i.test(message)) {
    return 'type-mismatch'
  }
  return /^Referenced table|^Catalog "[^"]*" does not exist/.test(message) ? 'relation-missing' : 'sql-invalid'
}

function catalogCode({ subtype, entry, message }: EngineError): string {
  if (/write-write conflict/.test(message)) return 'write-conflict'
  if (subtype === 'ENTRY_ALREADY_EXISTS' || /already exists/.test(message)) return 'relation-exists'
  if (/Function|Macro/.test(entry ?? '') || /Function with name/.test(message)) return 'function-missing'
  if (entry === 'Type') return 'type-missing'
  if (entry === 'Schema' || /schema/i.test(message.slice(0, 12))) return 'schema-missing'
  if (/is not an? |of type/.test(message)) return 'relation-kind'
  return /does not exist|not found/.test(message) ? 'relation-missing' : 'engine-error'
}

const candidateWords: Readonly<Record<string, string>> = {
  'column-missing': 'columns',
  'relation-missing': 'relations',
  'function-missing': 'functions',
  'type-missing': 'types',
}

const hints: Readonly<Record<string, string>> = {
  'dependency-exists':
    'DuckDB changes no column of a table with indexes: rebuild it with --full-refresh, or take the indexes away first (indexes=[])',
  'out-of-memory': "raise `memory_limit`, or set `temp_directory`, under `settings` of the profile's duckdb section",
  'disk-full': 'free space on the disk of the database and of its temp_directory',
  'relation-missing':
    "write {{ ref('…') }} for a relation of the project, {{ source('…', '…') }} for one that is loaded",
  'write-conflict': 'another transaction changed the same rows or relation: run again',
  'database-read-only': 'the database was opened for reading: attach it without read_only',
  'extension-missing': 'install the extension once where there is a network, or load it in a hook',
}

const ownStatement = /at or near "(?:create|insert|update|delete|merge|drop|alter|truncate)"/i

function hintOf(code: string, { name, candidates, message, type }: EngineError): string | undefined {
  const word = candidateWords[code]
  const own = candidates.filter((candidate) => !/^(?:pg|pragma|duckdb|sqlite)_/.test(candidate))
  if (word !== undefined && name !== undefined && own.length > 0) return suggest(name, own, word)
  if (code === 'type-mismatch' && type === 'Conversion') {
    return 'correct the value, or give it up as NULL with try_cast(… as …)'
  }
  if (/file too large/i.test(message)) return 'the system limits the size of a file (ulimit -f): raise the limit'
  if (code === 'sql-syntax' && /at or near "\{"/.test(message)) return 'a template expression has two braces: {{ … }}'
  if (code === 'sql-syntax' && ownStatement.test(message))
    return 'a model is one SELECT; fft writes the statement around it'
  if (code === 'sql-syntax' && /at or near ";"/.test(message))
    return 'a model is one SELECT: remove what follows the ";"'
  if (/has been invalidated/.test(message)) return 'the engine stopped after an earlier error: run again'
  return hints[code]
}

/** The first paragraph in one line, without candidates; a line of advice, there or behind it, is the hint. */
function readable(raw: string): { readonly message: string; readonly advice?: string } {
  const text = raw.replace(/\n+LINE \d+:[\s\S]*$/, '').replace(/\n\s*(?:Candidate|Did you mean)[\s\S]*$/, '')
  const advice = /^(?:Either|Use|Try|Consider|Set) [\s\S]*?(?=\n\s*\n|$(?![\s\S]))/m.exec(text)
  const [first = ''] = (advice === null || advice.index === 0 ? text : text.slice(0, advice.index)).split(/\n\s*\n/)
  const message = oneLine(first) || oneLine(raw)
  return advice === null || advice.index === 0 ? { message } : { message, advice: oneLine(advice[0]) }
}

function placeOf(sql: Sql, { position, name, message }: EngineError): SourceSpan | undefined {
  const offset = position === undefined ? undefined : utf16Offset(sqlText(sql), position)
  return placeAt(sql, offset, name ?? /at or near "([^"\n]+)"/.exec(message)?.[1])
}

/** DuckDB counts bytes of UTF-8; JavaScript's strings count UTF-16 units. */
function utf16Offset(text: string, bytes: number): number {
  if (bytes <= 0) return 0
  return Buffer.from(text, 'utf8').subarray(0, bytes).toString('utf8').length
}
