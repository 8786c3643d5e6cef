import type { Connection, StateRecord } from '../adapters/index.js'
import { displaySql, FftError, hasFailed, type NodeStatus, type UniqueId } from '../core/index.js'
import type { NodePlan, TestPlan } from '../plan/index.js'
import { Batches } from './batches.js'
import { failureOf } from './failure.js'
import { HeldOutcomes } from './hold-tests.js'
import { describeCounts, rowCounts, rowsAffected } from './row-counts.js'
import { type Counts, NodeRefused, type StepContext } from './run-steps.js'
import { runTest } from './run-test.js'
import { runTransactions } from './run-transactions.js'
import { Schedule } from './schedule.js'
import { TestCounts } from './test-counts.js'
import type { ExecuteInput, NodeResult } from './types.js'

/**
 * Executes a plan: independent nodes at once, parents first. A failed node's descendants are skipped, other branches
 * go on. Gives one result a node, in the plan's order.
 */
export async function runPlan(input: ExecuteInput): Promise<readonly NodeResult[]> {
  const run = new PlanRun(input)
  const cancel = () => void input.warehouse.cancelAll()
  input.signal.addEventListener('abort', cancel, { once: true })
  try {
    await run.prepare()
    const workers = Math.max(1, Math.min(input.jobs, input.plan.nodes.length))
    await Promise.all(Array.from({ length: workers }, () => run.work()))
    await run.record()
    return run.results()
  } finally {
    input.signal.removeEventListener('abort', cancel)
  }
}

class PlanRun {
  readonly #input: ExecuteInput
  readonly #schedule: Schedule
  readonly #results = new Map<UniqueId, NodeResult>()
  readonly #plans: ReadonlyMap<UniqueId, NodePlan>
  readonly #counts: TestCounts
  readonly #held: HeldOutcomes
  readonly #records: StateRecord[] = []
  #index = 0

  constructor(input: ExecuteInput) {
    this.#input = input
    this.#plans = new Map(input.plan.nodes.map((node) => [node.id, node]))
    this.#schedule = new Schedule(
      input.plan.nodes.map((node) => node.id),
      (id) => input.hooks.parents(id),
    )
    this.#held = new HeldOutcomes(async (id) => input.hooks.placeOf(this.#planOf(id)))
    this.#counts = new TestCounts(input.dialect, input.plan.nodes, (id) => this.#mayRun(id))
  }

  /** Schemas and state tables, each committed by itself: engines refuse two open transactions that create one. */
  async prepare(): Promise<void> {
    if (this.#input.plan.prepare.length === 0) return
    const connection = await this.#input.warehouse.connect()
    try {
      for (const step of this.#input.plan.prepare) {
        if (step.kind === 'statement') await connection.execute(step.sql)
      }
    } finally {
      await connection.close()
    }
  }

  /** Writes down what the tables' commits carry. Nothing is lost when it fails: the next run reads it from them. */
  async record(): Promise<void> {
    if (this.#records.length === 0) return
    let connection: Connection | undefined
    try {
      connection = await this.#input.warehouse.connect()
      for (const step of this.#input.plan.recordAll(this.#records)) {
        if (step.kind === 'statement') await connection.execute(step.sql)
      }
    } catch (error) {
      if (!(error instanceof FftError)) throw error
      const message = `the watermarks could not be written down (${error.message}): the next run reads them from the tables' history`
      this.#input.emit({ type: 'notice', message })
    } finally {
      await connection?.close()
    }
  }

  /** One worker: takes nodes that are ready until none is left. */
  async work(): Promise<void> {
    let connection: Connection | undefined
    try {
      for (let id = await this.#schedule.next(); id !== undefined; id = await this.#schedule.next()) {
        const plan = this.#plans.get(id)
        if (plan === undefined) continue
        connection ??= await this.#input.warehouse.connect()
        await this.#node(plan, connection)
      }
    } catch (error) {
      this.#schedule.stop()
      throw error
    } finally {
      await connection?.close()
    }
  }

  results(): readonly NodeResult[] {
    return this.#input.plan.nodes.flatMap((node) => this.#results.get(node.id) ?? [])
  }

  async #node(plan: NodePlan, connection: Connection): Promise<void> {
    const { hooks, emit, plan: whole, signal, failFast } = this.#input
    const place = { node: hooks.describe(plan), index: ++this.#index, total: whole.nodes.length }
    const startedMs = Date.now()
    const began = performance.now()
    const held = this.#held.of(plan.id)
    if (held !== undefined) {
      emit({ type: 'node_started', ...place })
      if (hasFailed(held.status) && failFast) this.#schedule.isStopping = true
      return this.#finish({ id: plan.id, ...held, startedMs, endedMs: startedMs }, place, 0)
    }
    const blocked = this.#schedule.blockedBy(plan.id)
    const stopped = blocked === undefined && (signal.aborted || this.#schedule.isStopping)
    if (blocked !== undefined || stopped) {
      const detail =
        blocked === undefined ? 'the run was stopped' : `${hooks.describe(this.#planOf(blocked)).name} failed`
      return this.#finish({ id: plan.id, status: 'skipped', startedMs, endedMs: startedMs, detail }, place, 0)
    }
    emit({ type: 'node_started', ...place })
    const result = await this.#run(plan, connection, startedMs)
    if (hasFailed(result.status) && failFast) this.#schedule.isStopping = true
    this.#finish(result, place, performance.now() - began)
  }

  async #run(plan: NodePlan, connection: Connection, startedMs: number): Promise<NodeResult> {
    const { hooks } = this.#input
    const base = { id: plan.id, startedMs }
    try {
      if (plan.refusal !== undefined) throw new NodeRefused(plan.refusal)
      const outcome =
        plan.test === undefined ? await this.#build(plan, connection) : await this.#test(plan, plan.test, connection)
      return { ...base, ...outcome, endedMs: Date.now() }
    } catch (error) {
      const failure = failureOf(error, await hooks.placeOf(plan))
      return { ...base, status: 'error', endedMs: Date.now(), failure }
    }
  }

  async #build(plan: NodePlan, connection: Connection): Promise<{ status: NodeStatus } & Partial<NodeResult>> {
    const { hooks, warehouse, dialect, emit } = this.#input
    const counts: Counts = new Map()
    const connect = () => warehouse.connect()
    const onStatement: StepContext['onStatement'] = ({ purpose, sql }, durationMs) =>
      emit({ type: 'statement', node: plan.id, purpose, sql: displaySql(sql), durationMs })
    const ready = await hooks.prepare(plan, connect)
    for (const message of ready.notices) emit({ type: 'notice', message, node: plan.id })
    const recordLater = (record: StateRecord) => this.#records.push(record)
    const hold: StepContext['hold'] = (tests, within) => this.#held.hold(tests, { connection: within, dialect })
    const lockWait = this.#lockWait
    const context = { connection, dialect, hooks, counts, connect, onStatement, recordLater, hold, lockWait }
    const batches = new Batches(this.#input.signal)
    const ran = await runTransactions(ready, context, { batches, jobs: this.#input.jobs })
    const outcome = this.#outcome(ran, counts)
    await hooks.built?.(plan, outcome, connect)
    if (batches.failures.length === 0) return outcome
    return { ...outcome, ...batches.outcome(), failure: batches.failure(await hooks.placeOf(plan)) }
  }

  get #lockWait(): StepContext['lockWait'] {
    const { waitLockMs: waitMs, emit } = this.#input
    return { waitMs, onWait: (holder) => emit({ type: 'waiting_for_lock', holder, waitMs }) }
  }

  async #test(plan: NodePlan, test: TestPlan, connection: Connection) {
    const failures = await this.#counts.of({ id: plan.id, test }, connection)
    const result = await runTest(test, failures, connection)
    if (result.failure === undefined) return result
    return { ...result, failure: { ...result.failure, span: await this.#input.hooks.placeOf(plan) } }
  }

  #outcome(plan: NodePlan, counts: Counts): { status: NodeStatus } & Partial<NodeResult> {
    if (plan.transactions.length === 0) return { status: 'no-op', rowsAffected: 0, detail: 'unchanged' }
    const rows = rowCounts(plan.action, counts)
    const detail = describeCounts(plan.action, rows)
    if (!counts.has('staged')) return { status: 'success', detail }
    return { status: 'success', counts: rows, rowsAffected: rowsAffected(rows), detail }
  }

  #finish(result: NodeResult, place: Parameters<PlanRun['report']>[1], durationMs: number): void {
    this.#results.set(result.id, result)
    this.#input.hooks.finished(result)
    const goesOn = hasFailed(result.status)
      ? this.#input.hooks.goesOn?.(result.id) === true
      : result.status !== 'skipped'
    this.#schedule.finish(result.id, goesOn)
    this.report(result, place, durationMs)
  }

  report(
    result: NodeResult,
    place: { node: ReturnType<ExecuteInput['hooks']['describe']>; index: number; total: number },
    durationMs: number,
  ): void {
    const { id: _id, startedMs: _started, endedMs: _ended, ...outcome } = result
    this.#input.emit({ type: 'node_finished', ...place, durationMs, ...outcome })
  }

  #mayRun(id: UniqueId): boolean {
    return this.#schedule.isReady(id) && this.#schedule.blockedBy(id) === undefined
  }

  #planOf(id: UniqueId): NodePlan {
    const plan = this.#plans.get(id)
    if (plan === undefined) throw new FftError(`no plan for ${id}`, { code: 'bug' })
    return plan
  }
}
