import type { Column, Statement } from '../../src/adapters/index.js'
import { displaySql } from '../../src/core/index.js'
import { isRefusal, type Plan, type Step } from '../../src/plan/index.js'

/**
 * A plan as SQL to be read; `columns` are those that the delta or the SELECT turns out to have, `commits` tells whether a
 * node's statements are kept together.
 */
export function planText(
  { prepare, nodes }: Plan,
  columns: readonly Column[],
  commits: 'transaction' | 'statement',
): string {
  const [begin, commit] =
    commits === 'transaction'
      ? [
          ['begin;', ''],
          ['commit;', ''],
        ]
      : [[], []]
  const lines = prepare.length === 0 ? [] : ['-- before all', ...stepLines(prepare, columns)]
  for (const { id, kind, action, reason, notices, transactions, refusal } of nodes) {
    lines.push(`-- ${id}: ${action} ${kind}, ${reason}`, ...notices.map((notice) => `-- note: ${notice}`))
    if (refusal !== undefined) lines.push(`-- refused: ${refusal.message}`)
    for (const { steps } of transactions.flatMap((each) => each.together ?? [each]))
      lines.push(...begin, ...stepLines(steps, columns), ...commit)
  }
  return `${lines.join('\n').trimEnd()}\n`
}

function stepLines(steps: readonly Step[], columns: readonly Column[]): readonly string[] {
  return steps.flatMap((step) => linesOf(step, columns))
}

function linesOf(step: Step, columns: readonly Column[]): readonly string[] {
  switch (step.kind) {
    case 'statement': {
      const counts = step.counts === undefined ? '' : `, counts ${step.counts}`
      return [`-- ${step.purpose}: ${step.note}${counts}`, `${displaySql(step.sql)};`, '']
    }
    case 'expect':
      return [`-- expects no rows, else ${step.otherwise.code}: ${step.note}`, `${displaySql(step.sql)};`, '']
    case 'choose': {
      const cases = Object.entries(step.cases).flatMap(([name, then]) =>
        then.length === 0 ? [] : [`-- when '${name}'`, ...stepLines(then, columns), `-- end of '${name}'`, ''],
      )
      return [`-- chooses: ${step.note}`, `${displaySql(step.sql)};`, '', ...cases]
    }
    case 'by_columns': {
      const then = step.then(columns)
      if (isRefusal(then)) return [`-- refused, ${then.code}: ${then.message}`, '']
      return stepLines(then, columns)
    }
    case 'ask': {
      const then = step.then([])
      const lines = isRefusal(then) ? [`-- refused, ${then.code}: ${then.message}`, ''] : stepLines(then, columns)
      return [`-- asks: ${step.note}`, `${displaySql(step.sql)};`, '', ...lines]
    }
    case 'within': {
      const around = (list: readonly Statement[]) => list.map(({ sql }) => `${displaySql(sql)};`)
      return [...around(step.before), ...stepLines(step.steps, columns), ...around(step.after), '']
    }
    case 'record_later':
      return [`-- ${step.kind}: ${JSON.stringify(step.record.watermarks)}`, '']
    case 'hold':
      return step.tests.map(({ name }) => `-- holds: ${name}`)
    case 'run_code':
    case 'load_seed':
      return [`-- ${step.kind}: ${step.note}`, '']
  }
}
