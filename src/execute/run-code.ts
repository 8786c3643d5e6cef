import type { Column, Connection, Dialect } from '../adapters/index.js'
import { FftError, type Relation, text } from '../core/index.js'
import type { CodeBatch, NodePlan, Step } from '../plan/index.js'
import type { CodeResult, NodeHooks } from './types.js'

type CodeStep = Extract<Step, { kind: 'run_code' }>

interface CodeContext {
  readonly plan: NodePlan
  readonly connection: Connection
  readonly dialect: Dialect
  readonly hooks: NodeHooks
  connect(): Promise<Connection>
}

/** Puts what a `.ff.ts` model gives into a new relation; gives the number of rows. */
export async function runCode(step: CodeStep, context: CodeContext): Promise<number> {
  const { batches } = step
  if (batches === undefined) return put(await call(context, {}), step, context)
  const { together } = batches
  if (together !== undefined) {
    const result = await called(context, together, 'batch-id-of-several')
    if (result !== undefined) return put(result, step, context)
  }
  return oneByOne(step, batches, context)
}

function call({ hooks, plan, connect }: CodeContext, given: Parameters<NodeHooks['runCode']>[2]) {
  return hooks.runCode(plan, () => connect(), given)
}

/** Undefined when the function ended with that code, which calls for another way. */
async function called(
  context: CodeContext,
  batch: CodeBatch,
  otherwise: string,
  existing?: readonly Column[],
): Promise<CodeResult | undefined> {
  try {
    return await call(context, existing === undefined ? { batch } : { batch, existing })
  } catch (error) {
    if (error instanceof FftError && error.code === otherwise) return undefined
    throw error
  }
}

/** A call for each window. One without rows says no columns, so the first window with some makes the relation. */
async function oneByOne(
  step: CodeStep,
  { alone, part }: NonNullable<CodeStep['batches']>,
  context: CodeContext,
): Promise<number> {
  let columns: readonly Column[] | undefined
  let rows = 0
  for (const [index, batch] of alone.entries()) {
    const mayBeLeft = columns !== undefined || index < alone.length - 1
    const result = await called(context, batch, mayBeLeft ? 'no-columns' : '', columns)
    if (result === undefined || (mayBeLeft && (await isLeft(result)))) continue
    rows += columns === undefined ? await put(result, step, context) : await add(result, step.into, part, context)
    columns ??= await columnsOf(step.into, context)
  }
  return rows
}

/** Ends a result that has no row. */
async function isLeft(result: CodeResult): Promise<boolean> {
  if (result.kind === 'sql' || !result.isEmpty) return false
  await result.close()
  return true
}

async function put(
  result: CodeResult,
  { into, as }: Pick<CodeStep, 'into' | 'as'>,
  { connection, dialect }: CodeContext,
): Promise<number> {
  if (result.kind === 'sql') {
    const statement = as === 'staging' ? dialect.stage(into, result.sql) : dialect.buildAside(into, result.sql)
    return (await connection.execute(statement.sql, statement.rowsOf)).rowsAffected
  }
  try {
    await connection.execute(dialect.createEmpty(into, result.columns, as).sql)
    return await connection.load(into, result.columns, result.batches)
  } finally {
    await result.close()
  }
}

/** Adds the rows of a further window by the names of their columns. */
async function add(result: CodeResult, into: Relation, part: Relation, context: CodeContext): Promise<number> {
  const { connection, dialect } = context
  await put(result, { into: part, as: 'staging' }, context)
  const statement = dialect.insertSelect(into, await columnsOf(part, context), allOf(part, dialect))
  const { rowsAffected } = await connection.execute(statement.sql, statement.rowsOf)
  await connection.execute(dialect.drop(part, 'table').sql)
  return rowsAffected
}

function columnsOf(relation: Relation, { connection, dialect }: CodeContext): Promise<readonly Column[]> {
  return connection.describe(allOf(relation, dialect))
}

function allOf(relation: Relation, dialect: Dialect) {
  return text(`select * from ${dialect.relation(relation)}`)
}
