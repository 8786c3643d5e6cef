import type { Relation } from '../../core/index.js'
import { quote, relation as relationText } from '../names.js'
import { malformed } from '../seeds/seed-file.js'
import type { Column, SeedRequest } from '../types.js'
import { serverError } from './errors.js'
import type { Session } from './session.js'

export interface SeedContext {
  readonly session: Session
  readonly signal: AbortSignal
}

export interface LoadedSeed {
  readonly rows: number
  readonly columns: readonly Column[]
}

const longestName = 63

/** Creates the table; further columns get their value as a default. */
export async function createSeedTable(
  { session }: SeedContext,
  request: SeedRequest,
  into: Relation,
  columns: readonly Column[],
): Promise<void> {
  const long = columns.find(({ name }) => Buffer.byteLength(name) > longestName)
  if (long !== undefined) {
    const message = `the column '${long.name}' has a name of ${Buffer.byteLength(long.name)} bytes; Postgres takes ${longestName}`
    throw malformed(request, { line: 1, message, hint: 'shorten the name in the header' })
  }
  const own = columns.map(({ name, type }) => `${quote(name)} ${type}`)
  const further = request.extraColumns.map(
    ({ name, type, valueSql }) => `${quote(name)} ${type} default cast(${valueSql} as ${type})`,
  )
  await session
    .run(`create table ${relationText(into)} (${[...own, ...further].join(', ')})`)
    .catch((error: unknown) => {
      throw wrongType(request, error)
    })
}

/** A type of `column_types` that the server does not know. */
function wrongType(request: SeedRequest, error: unknown): unknown {
  const { code, message } = serverError(error)
  if (code !== '42704' && code !== '42601') return error
  return malformed(request, {
    line: 1,
    message: `column_types has a type that Postgres does not know: ${message}`,
    hint: 'write the types as in create table: bigint, numeric(12,2), timestamptz',
    cause: error,
  })
}

/** The columns as they are now, those that were added among them. */
export async function finishSeed(
  { session }: SeedContext,
  request: SeedRequest,
  into: Relation,
  { rows, columns }: LoadedSeed,
): Promise<LoadedSeed> {
  if (request.extraColumns.length > 0) {
    const dropped = request.extraColumns.map(({ name }) => `alter column ${quote(name)} drop default`)
    await session.run(`alter table ${relationText(into)} ${dropped.join(', ')}`)
  }
  return { rows, columns: [...columns, ...request.extraColumns.map(({ name, type }) => ({ name, type }))] }
}
