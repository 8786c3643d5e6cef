import { expect } from 'vitest'
import type { Connection, Warehouse } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import type { Database, Engine } from '../conformance/engines/index.js'

/** What is in a database. */
export interface Contents {
  /** The relation's kind, columns and rows; undefined when it is not there. */
  readonly relation: Table | undefined
  readonly watermarks: string
  readonly leftovers: readonly string[]
}

interface Table {
  readonly kind: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Reads everything that a run may have touched. */
export async function contents(
  warehouse: Warehouse,
  { schema, stateSchema }: Pick<Database, 'schema' | 'stateSchema'>,
  identifier: string,
): Promise<Contents> {
  const connection = await warehouse.connect()
  try {
    const all = await warehouse.relations([{ schema }, { schema: stateSchema }])
    const found = all.find(({ relation }) => relation.schema === schema && relation.identifier === identifier)
    const hasState = all.some(({ relation }) => relation.schema === stateSchema && relation.identifier === 'watermarks')
    return {
      relation: found && {
        kind: found.kind,
        columns: found.columns,
        rows: await sortedRows(connection, `select * from ${warehouse.dialect.relation(found.relation)}`),
      },
      watermarks: hasState ? await watermarks(connection, warehouse, { schema, stateSchema }) : '[]',
      leftovers: all.map(({ relation }) => relation.identifier).filter((name) => name.startsWith('__fft_')),
    }
  } finally {
    await connection.close()
  }
}

async function watermarks(
  connection: Connection,
  { dialect }: Warehouse,
  { schema, stateSchema }: Pick<Database, 'schema' | 'stateSchema'>,
): Promise<string> {
  const { rows } = await connection.query(dialect.readWatermarks({ schema: stateSchema }))
  const mine = rows.filter(([relation, , , , , action]) => relation?.includes(schema) && action !== 'forget')
  return JSON.stringify(mine.map(([, , column, value]) => [column, value]).sort())
}

async function sortedRows(connection: Connection, sql: string) {
  const { rows } = await connection.query(text(sql))
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** Without what was left a moment ago, where no lock tells whether the run that left it lives: there it stays for a day. */
export function withoutFresh(contents: Contents, { can }: Pick<Engine, 'can'>): Contents {
  return can.has('locks') ? contents : { ...contents, leftovers: [] }
}

/** What may be there after a run that was killed. */
export interface Allowed {
  readonly old: Contents
  readonly wanted: Contents
  /** Whether the node's statements are kept or lost together. */
  readonly isTransaction: boolean
}

/** The rows are the old ones or the new ones, with the watermark that belongs to them. */
export function expectOldOrNew(left: Contents, allowed: Allowed, where: string): void {
  const { old, wanted, isTransaction } = allowed
  const isKnown = isTransaction ? isOldOrNew(left, allowed) : isBetween(left, allowed)
  if (!isKnown) expect(left.relation, `${where}: neither the old rows nor the new ones`).toEqual(old.relation)
  if (!isTransaction) expect([old.watermarks, wanted.watermarks], where).toContain(left.watermarks)
  if (!isTransaction || isSame(old.relation, wanted.relation)) return
  expect(left.watermarks, where).toBe((isSame(left.relation, old.relation) ? old : wanted).watermarks)
}

function isOldOrNew({ relation }: Contents, { old, wanted }: Allowed): boolean {
  return isSame(relation, old.relation) || isSame(relation, wanted.relation)
}

/**
 * Where each statement is kept by itself: the old rows or the new ones, though columns of the next ones may be there
 * already, empty, and those that go may have gone; a view may have given way to the table that is to be built.
 */
function isBetween({ relation }: Contents, { old, wanted }: Allowed): boolean {
  const gaveWay = relation === undefined && old.relation?.kind !== wanted.relation?.kind
  return gaveWay || holdsRows(relation, old.relation) || holdsRows(relation, wanted.relation)
}

function isSame(a: Table | undefined, b: Table | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Whether the rows are the same in the columns that both have, and NULL in the others. */
function holdsRows(left: Table | undefined, known: Table | undefined): boolean {
  if (left === undefined || known === undefined) return left === known
  const shared = left.columns.map(({ name }) => name).filter((name) => known.columns.some((each) => each.name === name))
  const added = left.columns.flatMap(({ name }, index) => (shared.includes(name) ? [] : [index]))
  const isEmpty = left.rows.every((row) => added.every((index) => row[index] === null))
  return isEmpty && JSON.stringify(pick(left, shared)) === JSON.stringify(pick(known, shared))
}

function pick({ columns, rows }: Table, names: readonly string[]): readonly string[] {
  const at = names.map((name) => columns.findIndex((column) => column.name === name))
  return rows.map((row) => JSON.stringify(at.map((index) => row[index]))).sort()
}
