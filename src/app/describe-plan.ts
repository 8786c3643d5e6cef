import type { Column, Connection, Statement } from '../adapters/index.js'
import { displaySql, FftError, relationName, text } from '../core/index.js'
import { isRefusal, type NodePlan, type Plan, type PlanInput, type Step } from '../plan/index.js'

/** A statement of a plan as it is shown. */
export interface ShownStatement {
  readonly purpose: string
  readonly note: string
  readonly sql: string
  /** It is sent only when the nearest check before it gives this answer. */
  readonly only_if?: string
}

/** The plan for people: each node with its reason and statements in order. */
export async function describePlan(plan: Plan, input: PlanInput, connection: Connection): Promise<string> {
  const lines: string[] = []
  const show = (statements: readonly ShownStatement[]) => {
    for (const { note, sql, only_if } of statements) {
      const condition = only_if === undefined ? '' : ` (only if ${only_if})`
      lines.push(`  -- ${note}${condition}`, ...indent(`${sql};`), '')
    }
  }
  if (plan.prepare.length > 0) {
    lines.push('before all', '')
    show(await shownSteps(plan.prepare, input, connection))
  }
  for (const node of plan.nodes) {
    lines.push(
      `${node.id}  ${title(node)}`,
      `  ${node.reason}`,
      ...node.notices.map((notice) => `  note: ${notice}`),
      '',
    )
    show(await nodeStatements(node, input, connection))
  }
  return `${lines.join('\n').trimEnd()}\n`
}

/** The same as data, for `--json`. */
export async function planObject(plan: Plan, input: PlanInput, connection: Connection) {
  const nodes = []
  for (const node of plan.nodes) {
    nodes.push({
      unique_id: node.id,
      action: node.action,
      kind: node.kind,
      relation: node.relation === undefined ? null : relationName(node.relation),
      reason: node.reason,
      notices: node.notices,
      statements: await nodeStatements(node, input, connection),
    })
  }
  return { prepare: await shownSteps(plan.prepare, input, connection), nodes }
}

function title({ action, kind, relation }: NodePlan): string {
  const words = {
    create: 'create',
    replace: 'replace',
    apply: 'apply the delta to',
    inline: 'inline',
    skip: 'skip',
    refuse: 'cannot build',
    test: 'test',
  }
  return `${words[action]} ${kind}${relation === undefined ? '' : ` ${relationName(relation)}`}`
}

async function nodeStatements(
  node: NodePlan,
  input: PlanInput,
  connection: Connection,
): Promise<readonly ShownStatement[]> {
  const shown: ShownStatement[] = []
  for (const { steps, batch } of node.transactions.flatMap((each) => each.together ?? [each])) {
    const statements = await shownSteps(steps, input, connection)
    // One statement is a transaction by itself, and some engines have no other.
    const isPlain = statements.length === 1 || input.dialect.commits.by === 'statement'
    const marked = (note: string, sql: string): ShownStatement => ({ purpose: 'transaction', note, sql })
    shown.push(
      ...(isPlain
        ? statements
        : [
            marked(batch === undefined ? 'one transaction' : `one transaction: ${batch.name}`, 'begin'),
            ...statements,
            marked('keep it', 'commit'),
          ]),
    )
  }
  return shown
}

/** What a relation of this run looks like is known from the statement that stages it. */
type Staged = Extract<Step, { kind: 'statement' }>

async function shownSteps(
  steps: readonly Step[],
  input: PlanInput,
  connection: Connection,
): Promise<readonly ShownStatement[]> {
  const shown: ShownStatement[] = []
  let staged: Staged | undefined
  for (const step of steps) {
    if (step.kind === 'statement' && step.purpose === 'stage') staged = step
    shown.push(...(await shownStep(step, staged, input, connection)))
  }
  return shown
}

async function shownStep(
  step: Step,
  staged: Staged | undefined,
  input: PlanInput,
  connection: Connection,
): Promise<readonly ShownStatement[]> {
  switch (step.kind) {
    case 'statement':
      return [shownStatement(step.purpose, step)]
    case 'by_columns': {
      const then = await resolve(step, staged, { input, connection })
      return then === undefined ? [unknown()] : shownSteps(then, input, connection)
    }
    case 'ask': {
      const then = step.then([])
      const shown = isRefusal(then) ? [unknown()] : await shownSteps(then, input, connection)
      return [shownStatement('check', step), ...shown]
    }
    case 'within': {
      const around = (list: readonly Statement[]) => list.map((each) => shownStatement('record', each))
      return [...around(step.before), ...(await shownSteps(step.steps, input, connection)), ...around(step.after)]
    }
    case 'choose':
      return shownChoice(step, input, connection)
    case 'expect':
      return [shownStatement('check', step)]
    case 'hold':
      return step.tests.map(({ name, test }) =>
        shownStatement('check', { sql: test.failures, note: `see that ${name} finds nothing` }),
      )
    case 'record_later':
      return [{ purpose: 'record', note: 'record the watermark', sql: '<with other nodes, when the run ends>' }]
    case 'run_code':
      return [{ purpose: 'stage', note: step.note, sql: '<rows of the function>' }]
    case 'load_seed':
      return [{ purpose: 'stage', note: step.note, sql: '<rows of the file>' }]
  }
}

async function shownChoice(
  step: Extract<Step, { kind: 'choose' }>,
  input: PlanInput,
  connection: Connection,
): Promise<readonly ShownStatement[]> {
  const shown = [shownStatement('check', { ...step, note: `${step.note} (usually ${step.usual})` })]
  for (const [answer, then] of Object.entries(step.cases)) {
    const statements = await shownSteps(then, input, connection)
    shown.push(...statements.map((statement) => ({ ...statement, only_if: answer })))
  }
  return shown
}

function shownStatement(purpose: string, { note, sql }: Pick<Statement, 'note' | 'sql'>): ShownStatement {
  return { purpose, note, sql: displaySql(sql) }
}

function unknown(): ShownStatement {
  return { purpose: 'apply', note: 'checks, changes and records', sql: '<depends on columns that are not there yet>' }
}

interface Shown {
  readonly input: PlanInput
  readonly connection: Connection
}

/** The columns by asking the engine to describe the SELECT; undefined while its parents are not there. */
async function resolve(
  step: Extract<Step, { kind: 'by_columns' }>,
  staged: Staged | undefined,
  { input, connection }: Shown,
): Promise<readonly Step[] | undefined> {
  const present = 'relation' in step.of ? input.state.find(step.of.relation) : undefined
  const columns = present?.columns ?? (await columnsOf(step, staged, connection))
  if (columns === undefined) return undefined
  const then = step.then(columns)
  if (!isRefusal(then)) return then
  return [{ kind: 'statement', purpose: 'check', note: `stops: ${then.message}`, sql: text('-- nothing more') }]
}

async function columnsOf(
  step: Extract<Step, { kind: 'by_columns' }>,
  staged: Staged | undefined,
  connection: Connection,
): Promise<readonly Column[] | undefined> {
  const select = 'select' in step.of ? step.of.select : staged?.select
  if (select === undefined) return undefined
  try {
    return await connection.describe(select)
  } catch (error) {
    if (error instanceof FftError) return undefined
    throw error
  }
}

function indent(sql: string): readonly string[] {
  return sql.split('\n').map((line) => `  ${line}`)
}
