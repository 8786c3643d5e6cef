import { FftError, type Sql, sqlText } from '../../core/index.js'
import { cancelledError, isBehindSelect, oneLine, openSelect, placeAt } from '../error-place.js'
import { between } from './between.js'

/** What the server says of a failed statement. */
export interface ServerError {
  /** The SQLSTATE; the driver's own codes (`ECONNRESET`) stand here too. */
  readonly code: string
  readonly message: string
  readonly detail: string
  readonly hint: string
  readonly where: string
  /** 1-based, in characters of the text that was sent. */
  readonly position: number | undefined
  /** The statement inside a DO block that failed, and the position in it. */
  readonly inner: { readonly query: string; readonly position: number } | undefined
  readonly table: string
  readonly schema: string
  readonly column: string
  readonly constraint: string
}

/** Reads what the driver threw. */
export function serverError(thrown: unknown): ServerError {
  const field = (key: string) => {
    const value: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, key) : undefined
    return typeof value === 'string' ? value : ''
  }
  const position = Number(field('position'))
  const innerPosition = Number(field('internalPosition'))
  return {
    code: field('code'),
    message: thrown instanceof Error ? thrown.message : String(thrown),
    detail: field('detail'),
    hint: field('hint'),
    where: field('where'),
    position: position > 0 ? position : undefined,
    inner: innerPosition > 0 ? { query: field('internalQuery'), position: innerPosition } : undefined,
    table: field('table'),
    schema: field('schema'),
    column: field('column'),
    constraint: field('constraint'),
  }
}

/** What stands in front of the statement in the text that was sent, in characters. */
export interface Sent {
  readonly sql: Sql
  readonly before?: number
  /** Of several statements in `sql`, each followed by `between`, the one that failed. */
  readonly index?: number
}

/** Turns what the driver threw into an FftError at the user's place; FftErrors pass unchanged. */
export function toFftError(thrown: unknown, sent?: Sent): FftError {
  if (thrown instanceof FftError) return thrown
  const error = serverError(thrown)
  const code = codeOf(error)
  const { sql } = error.position === undefined && error.inner === undefined ? onlyFailed(sent) : (sent ?? {})
  if (code === 'cancelled') return cancelledError(sql, thrown)
  const offset = offsetOf(error, sent)
  const { message, hint } = told(error, code, sql === undefined || offset === undefined ? undefined : { sql, offset })
  return new FftError(message, {
    code,
    hint,
    span: sql === undefined ? undefined : placeAt(sql, offset, wordOf(error)),
    statement: failedText(sent),
    cause: thrown,
    mayRunAgain: code === 'write-conflict' || (code === 'connection-lost' && error.code !== ended),
  })
}

function failedText(sent: Sent | undefined): string | undefined {
  const { sql } = onlyFailed(sent)
  return sql === undefined ? undefined : sqlText(sql)
}

/** The one statement that failed: without a position only its number tells where. */
function onlyFailed(sent: Sent | undefined): { readonly sql?: Sql } {
  if (sent?.index === undefined) return sent ?? {}
  const ends = sent.sql.flatMap((piece, at) => ('text' in piece && piece.text === between ? [at] : []))
  const start = sent.index === 0 ? 0 : (ends[sent.index - 1] ?? -1) + 1
  return { sql: sent.sql.slice(start, ends[sent.index]) }
}

/** What is said of an error, and what to do about it. */
function told(
  error: ServerError,
  code: string,
  at: { readonly sql: Sql; readonly offset: number } | undefined,
): { readonly message: string; readonly hint: string | undefined } {
  const message = messageOf(error, code)
  if (at === undefined) return { message, hint: hintOf(code, error) }
  if (code === 'sql-syntax' && isBehindSelect(at.sql, at.offset)) {
    return { message: openSelect.message, hint: openSelect.advice }
  }
  const view = restoredView(sqlText(at.sql), at.offset)
  if (view === undefined) return { message, hint: hintOf(code, error) }
  return {
    message: `the view ${view} on it does not fit any more: ${message}`,
    hint: 'change or drop the view, or build it in the same run',
  }
}

/** The view of somebody that a swap was making again when it failed. */
function restoredView(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf(';\n', offset)
  return start === -1 ? undefined : /^;\ncreate view (\S.*?)(?: with \(.*\))? as /.exec(text.slice(start, offset))?.[1]
}

/** Somebody ended this session on purpose. */
const ended = '57P01'

/** Whether the connection is gone: nothing more can be sent on it. */
export function isLost(thrown: unknown): boolean {
  const { code, message } = serverError(thrown)
  if (/^(?:57P01|57P02|57P05|08\d\d\d|25P03|E[A-Z]+)$/.test(code)) return true
  return /Connection terminated|not queryable|Client has encountered a connection error/i.test(message)
}

const codes: Readonly<Record<string, string>> = {
  '42601': 'sql-syntax',
  '42P01': 'relation-missing',
  '42703': 'column-missing',
  '42883': 'function-missing',
  '42704': 'type-missing',
  '3F000': 'schema-missing',
  '3D000': 'database-missing',
  '42P07': 'relation-exists',
  '42809': 'relation-kind',
  '42501': 'permission-denied',
  '42804': 'type-mismatch',
  '42846': 'type-mismatch',
  '22P02': 'type-mismatch',
  '22007': 'type-mismatch',
  '22P03': 'type-mismatch',
  '22003': 'value-out-of-range',
  '22008': 'value-out-of-range',
  '22001': 'value-out-of-range',
  '2BP01': 'dependency-exists',
  '0A000': 'not-supported',
  '57014': 'cancelled',
  '55P03': 'lock-timeout',
  '40001': 'write-conflict',
  '40P01': 'write-conflict',
  '25P02': 'transaction-aborted',
  '25006': 'database-read-only',
  '53100': 'disk-full',
  '53400': 'disk-full',
  '53200': 'out-of-memory',
  '53300': 'too-many-connections',
  '42P05': 'relation-exists',
  '42622': 'name-too-long',
}

function codeOf(error: ServerError): string {
  if (error.code === '57014' && /statement timeout/.test(error.message)) return 'statement-timeout'
  if (/used by a view or rule/.test(error.message)) return 'dependency-exists'
  if (/No space left on device/i.test(error.message)) return 'disk-full'
  if (isLost(error)) return 'connection-lost'
  const known = codes[error.code]
  if (known !== undefined) return known
  if (error.code.startsWith('23')) return 'constraint-violated'
  return error.code.startsWith('42') ? 'sql-invalid' : 'engine-error'
}

function messageOf(error: ServerError, code: string): string {
  if (code === 'name-too-long') return `Postgres cuts names after 63 bytes: ${oneLine(error.message)}`
  if (code === 'connection-lost') return `the connection to Postgres was lost: ${oneLine(error.message)}`
  if (code === 'lock-timeout') return 'another session holds a lock on what the statement needs'
  const detail = ['dependency-exists', 'constraint-violated', 'write-conflict'].includes(code) ? error.detail : ''
  return [oneLine(error.message), oneLine(detail)].filter((part) => part !== '').join('; ')
}

const hints: Readonly<Record<string, string>> = {
  'disk-full': "free space on the server's disk; temporary files of a large sort count too (work_mem, temp_file_limit)",
  'out-of-memory': 'the server has too little memory: lower work_mem or --jobs',
  'relation-missing':
    "write {{ ref('…') }} for a relation of the project, {{ source('…', '…') }} for one that is loaded",
  'write-conflict': 'another transaction changed the same rows: run again',
  'database-read-only': 'this server is a standby, or the session is read-only: connect to the primary',
  'statement-timeout': 'raise statement_timeout of the profile (0 switches it off), or make the statement faster',
  'lock-timeout': 'wait until the other session has ended, or raise lock_timeout of the profile',
  'connection-lost': 'the transaction was not committed, so nothing of it was kept: run again',
  'dependency-exists': 'drop what depends on it, or rebuild with --full-refresh, which makes views again',
  'relation-exists': 'drop or rename what is in the way, or give the model another name (alias)',
  'too-many-connections': 'use fewer with --jobs, end others, or raise max_connections',
  'name-too-long': 'shorten the name',
}

const ownStatement = /at or near "(?:create|insert|update|delete|merge|drop|alter|truncate)"/i

function hintOf(code: string, error: ServerError): string | undefined {
  const { message } = error
  if (code === 'permission-denied') return rightsHint(message)
  const meant = /^Perhaps you meant to reference the column "(?:[^".]*\.)?([^"]+)"/.exec(error.hint)?.[1]
  if (meant !== undefined) return `did you mean '${meant}'?`
  if (code === 'sql-syntax' && /at or near "\{"/.test(message)) return 'a template expression has two braces: {{ … }}'
  if (code === 'sql-syntax' && ownStatement.test(message))
    return 'a model is one SELECT; fft writes the statement around it'
  if (code === 'sql-syntax' && /at or near ";"/.test(message))
    return 'a model is one SELECT: remove what follows the ";"'
  const own = hints[code]
  if (own !== undefined) return own
  return error.hint === '' ? undefined : oneLine(error.hint)
}

/** Which right is missing, as the statement that gives it. */
function rightsHint(message: string): string {
  const [, kind = '', name = ''] = /permission denied for (\w+(?: \w+)?) (\S+)/.exec(message) ?? []
  if (kind === 'schema') return `grant it: grant usage, create on schema ${name} to <user>`
  if (kind === 'database') return `grant it: grant create on database ${name} to <user>`
  if (['table', 'view', 'relation', 'sequence'].includes(kind))
    return `grant it: grant select on ${name} to <user>; what fft rebuilds it has to own`
  if (/must be owner of/.test(message))
    return 'only the owner may do this: run as its owner, or set role in the profile'
  if (/must be (?:able to SET ROLE|member of)|to set role/i.test(message)) return 'grant it: grant <role> to <user>'
  return 'ask the owner of the database for the right (`fft debug` tries each of them)'
}

/** The server counts characters from 1; JavaScript's strings count UTF-16 units from 0. */
function offsetOf(error: ServerError, sent: Sent | undefined): number | undefined {
  const { position } = error
  if (error.code === '42622' && sent !== undefined) return offsetOfName(sent.sql, wordOf(error))
  if (sent === undefined) return undefined
  const text = sqlText(sent.sql)
  if (error.inner !== undefined) {
    const start = text.indexOf(error.inner.query.trimStart())
    return start === -1 ? undefined : start + unitsOf(error.inner.query.trimStart(), error.inner.position - 1)
  }
  if (position === undefined) return undefined
  const characters = position - 1 - (sent.before ?? 0)
  return characters < 0 ? undefined : unitsOf(text, characters)
}

/** How many UTF-16 units so many characters take. */
function unitsOf(text: string, characters: number): number {
  let left = characters
  let units = 0
  for (const character of text) {
    if (left-- === 0) break
    units += character.length
  }
  return units
}

function offsetOfName(sql: Sql, name: string | undefined): number | undefined {
  const offset = name === undefined ? -1 : sqlText(sql).toLowerCase().indexOf(name.toLowerCase())
  return offset === -1 ? undefined : offset
}

const words: readonly RegExp[] = [
  /^identifier "([\s\S]+)" will be truncated/,
  /at or near "([^"\n]+)"/,
  /^column "?([^"\s]+)"? does not exist/,
  /^(?:relation|type|schema) "([^"]+)" does not exist/,
  /^function ([^(]+)\(/,
  /^column reference "([^"]+)" is ambiguous/,
]

function wordOf({ message }: ServerError): string | undefined {
  for (const pattern of words) {
    const word = pattern.exec(message)?.[1]
    if (word !== undefined) return word
  }
  return undefined
}
