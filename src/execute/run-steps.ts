import type { Connection, Counted, Dialect, LockRequest, StateRecord, Written } from '../adapters/index.js'
import { type Failure, FftError, text } from '../core/index.js'
import { type HeldTest, isRefusal, type NodePlan, type Refusal, type Step, type Transaction } from '../plan/index.js'
import { runCode } from './run-code.js'
import type { NodeHooks } from './types.js'

/** Rows by what they mean; the sum over a node's statements. */
export type Counts = Map<Counted, number>

export interface StepContext {
  readonly plan: NodePlan
  readonly connection: Connection
  readonly dialect: Dialect
  readonly hooks: NodeHooks
  readonly counts: Counts
  /** How long to wait for a relation that another run writes, and who is told of it. */
  readonly lockWait: Pick<LockRequest, 'waitMs' | 'onWait'>
  /** Told of every statement that went well. */
  onStatement(step: Extract<Step, { kind: 'statement' }>, durationMs: number): void
  recordLater(record: StateRecord): void
  /** Runs tests before the rows are kept. Throws NodeRefused when one fails. */
  hold(tests: readonly HeldTest[], connection: Connection): Promise<void>
  /** A further connection, for functions that read while rows are loaded. */
  connect(): Promise<Connection>
}

/** The node may not go on: a check failed, or its columns do not fit. */
export class NodeRefused extends Error {
  override readonly name = 'NodeRefused'
  readonly refusal: Refusal
  readonly rows: Failure['rows']

  constructor(refusal: Refusal, rows?: Failure['rows']) {
    super(refusal.message)
    this.refusal = refusal
    this.rows = rows
  }
}

/** Another run wrote the relation while this one waited for its lock, so the plan was made from what is no more. */
export class PlanOutdated extends Error {
  override readonly name = 'PlanOutdated'
}

/**
 * Runs steps that are kept or lost together. Whatever goes wrong, a rollback follows: engines report success for the
 * COMMIT of a failed transaction that keeps nothing. Throws PlanOutdated when it had to wait for the relation's lock. `meanwhile` runs
 * before the commit.
 */
export async function runTransaction(
  { steps, locks }: Transaction,
  context: StepContext,
  meanwhile: () => Promise<void> = async () => {},
): Promise<void> {
  const { connection, lockWait } = context
  const [only] = steps
  // One statement is atomic by itself, and a seed that has to be read twice cannot be in a transaction.
  if (steps.length === 1 && (only?.kind === 'statement' || only?.kind === 'load_seed')) return runStep(only, context)
  let waited = false
  const onWait = (holder: string) => {
    waited = true
    lockWait.onWait(holder)
  }
  const counted = new Map(context.counts)
  await connection.begin(locks && { relation: locks, waitMs: lockWait.waitMs, onWait })
  try {
    if (waited) throw new PlanOutdated()
    await runSteps(steps, context)
    await meanwhile()
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    restore(context.counts, counted)
    if (context.dialect.commits.by === 'statement') await cleanUp(steps, context)
    // An engine may send the lock with the first statement, so the waiting shows only there.
    throw waited && error instanceof FftError && error.code === 'lock-waited' ? new PlanOutdated() : error
  }
}

/** What a transaction counted goes with it. */
function restore(counts: Counts, before: Counts): void {
  counts.clear()
  for (const [key, rows] of before) counts.set(key, rows)
}

/** Takes away what the statements before the failed one have made and kept; what cannot be, the next run removes. */
async function cleanUp(steps: readonly Step[], { connection }: StepContext): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'statement' && step.purpose === 'clean') await connection.execute(step.sql).catch(() => {})
  }
}

async function runSteps(steps: readonly Step[], context: StepContext): Promise<void> {
  for (let index = 0; index < steps.length; ) {
    const group = together(steps.slice(index), context)
    if (group.length > 1) await runTogether(group, context)
    else await runSingle(steps[index], context)
    index += Math.max(1, group.length)
  }
}

async function runSingle(step: Step | undefined, context: StepContext): Promise<void> {
  if (step !== undefined) await runStep(step, context)
}

type StatementStep = Extract<Step, { kind: 'statement' }>

/** The statements at the start that need nothing of one another's answers, where the engine takes them at once. */
function together(steps: readonly Step[], { connection }: StepContext): readonly StatementStep[] {
  if (connection.executeAll === undefined) return []
  const group: StatementStep[] = []
  for (const step of steps) {
    if (step.kind !== 'statement' || step.onlyIf !== undefined) break
    group.push(step)
  }
  return group
}

async function runTogether(group: readonly StatementStep[], context: StepContext): Promise<void> {
  const executed = (await context.connection.executeAll?.(group.map(({ sql }) => sql))) ?? []
  for (const [index, step] of group.entries()) {
    const each = executed[index]
    if (each === undefined) continue
    context.onStatement(step, each.durationMs)
    count(step, each, context)
  }
}

async function runStep(step: Step, context: StepContext): Promise<void> {
  const { connection } = context
  switch (step.kind) {
    case 'statement':
      return runStatement(step, context)
    case 'ask':
      return goOn(step.then((await connection.query(step.sql)).rows), context)
    case 'within':
      return runWithin(step, context)
    case 'hold':
      return context.hold(step.tests, connection)
    case 'record_later':
      return context.recordLater(step.record)
    case 'expect':
      return expectNothing(step, context)
    case 'choose': {
      const chosen = (await connection.query(step.sql)).rows[0]?.[0] ?? step.usual
      return runSteps(step.cases[chosen] ?? [], context)
    }
    case 'by_columns': {
      return goOn(step.then(await columnsOf(step.of, context)), context)
    }
    case 'run_code':
      return add(context.counts, 'staged', await runCode(step, context))
    case 'load_seed': {
      const { rows } = await connection.loadSeed(context.hooks.seed(context.plan), step.into)
      return add(context.counts, 'staged', rows)
    }
  }
}

function goOn(then: readonly Step[] | Refusal, context: StepContext): Promise<void> {
  if (isRefusal(then)) throw new NodeRefused(then)
  return runSteps(then, context)
}

async function runStatement(step: StatementStep, context: StepContext): Promise<void> {
  const began = performance.now()
  const executed = await context.connection.execute(step.sql, step.rowsOf)
  context.onStatement(step, performance.now() - began)
  count(step, executed, context)
}

function count(step: StatementStep, { rowsAffected, counted = {} }: Written, context: StepContext): void {
  if (step.counts === undefined) return
  add(context.counts, step.counts, rowsAffected)
  for (const [key, rows] of Object.entries(counted)) add(context.counts, key as Counted, rows)
}

async function runWithin({ before, steps, after }: Extract<Step, { kind: 'within' }>, context: StepContext) {
  const { connection } = context
  try {
    for (const statement of before) await connection.execute(statement.sql)
    await runSteps(steps, context)
  } catch (error) {
    // What failed is told; that the session is of no more use then, is not.
    for (const statement of after) await connection.execute(statement.sql).catch(() => {})
    throw error
  }
  for (const statement of after) await connection.execute(statement.sql)
}

function add(counts: Counts, key: Counted, rows: number): void {
  counts.set(key, (counts.get(key) ?? 0) + rows)
}

async function expectNothing(step: Extract<Step, { kind: 'expect' }>, { connection }: StepContext): Promise<void> {
  const { columns, rows } = await connection.query(step.sql)
  if (rows.length === 0) return
  throw new NodeRefused(step.otherwise, { columns: columns.map((column) => column.name), rows })
}

function columnsOf(of: Extract<Step, { kind: 'by_columns' }>['of'], { connection, dialect }: StepContext) {
  return connection.describe('select' in of ? of.select : text(`select * from ${dialect.relation(of.relation)}`))
}
