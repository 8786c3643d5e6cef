import {
  type Diagnostic,
  type Failure,
  type FftEvent,
  hasFailed,
  type NodeRef,
  type NodeStatus,
  type Severity,
} from '../core/index.js'
import { formatDiagnostic, formatFailure } from './format-diagnostic.js'
import { formatDuration } from './format-duration.js'
import { finishedLine, type NodeColumns, nodeName, statusPaint, statusWords, widen } from './node-lines.js'
import type { RendererIo } from './renderer.js'
import { type Paint, paintOf } from './style.js'

const shownErrors = 50

interface NodeFailure {
  readonly node: NodeRef
  readonly status: NodeStatus
  readonly failure: Failure
}

type Of<Type extends FftEvent['type']> = Extract<FftEvent, { type: Type }>

/** The lasting text of a run, event by event; what the plain and the live renderer have in common. */
export class Transcript {
  readonly columns: NodeColumns = { kind: 17, name: 32 }
  readonly #io: RendererIo
  readonly #paint: Paint
  /** Failures of nodes that no `run_finished` has told yet. */
  #untold: NodeFailure[] = []
  readonly #count: Record<Severity, number> = { error: 0, warning: 0 }
  #finished = 0

  constructor(io: RendererIo) {
    this.#io = io
    this.#paint = paintOf(io.color)
  }

  /** The lines that an event adds, each with its line break; often none. */
  textOf(event: FftEvent): string {
    switch (event.type) {
      case 'diagnostic':
        return this.#diagnostic(event.diagnostic)
      case 'command_failed':
        return this.#failure(event.failure, 'error')
      case 'node_started':
        widen(this.columns, event.node)
        return ''
      case 'node_finished':
        return this.#nodeFinished(event)
      case 'run_finished':
        return this.#runFinished(event)
      default:
        return this.#io.verbosity === 'quiet' ? '' : this.#progress(event)
    }
  }

  /** What is left to say at the end: failures of a run that broke off, and how many errors were not shown. */
  rest(): string {
    const text = this.#tellFailures(this.#untold)
    this.#untold = []
    const more = this.#count.error - shownErrors
    this.#count.error = Math.min(this.#count.error, shownErrors)
    return more > 0 ? `${text}… and ${more} more\n` : text
  }

  #progress(event: Of<'run_started' | 'notice' | 'waiting_for_lock' | 'statement' | 'cancelled'>): string {
    const paint = this.#paint
    switch (event.type) {
      case 'run_started':
        if (event.longest !== undefined) widen(this.columns, event.longest)
        return header(event, paint)
      case 'notice':
        return `${paint.cyan('note:')} ${event.message}\n`
      case 'waiting_for_lock':
        return `${paint.yellow('waiting')} up to ${formatDuration(event.waitMs)} for ${event.holder}\n`
      case 'cancelled':
        return `${paint.yellow('cancelled:')} running statements are stopped, their transactions rolled back\n`
      case 'statement':
        return this.#io.verbosity === 'verbose' ? statement(event, paint) : ''
    }
  }

  #nodeFinished(event: Of<'node_finished'>): string {
    const { node, status, failure } = event
    widen(this.columns, node)
    if (failure !== undefined) this.#untold.push({ node, status, failure })
    this.#finished++
    if (this.#io.verbosity === 'quiet') return ''
    // Counted in the order of finishing: parallel nodes do not finish in the order of the plan.
    return `${finishedLine({ ...event, index: this.#finished }, this.columns, this.#paint)}\n`
  }

  #runFinished(event: Of<'run_finished'>): string {
    this.#untold = []
    const failures = this.#tellFailures(event.failures)
    return this.#io.verbosity === 'quiet' ? failures : `${failures}\n${summary(event, this.#paint)}\n`
  }

  #tellFailures(failures: readonly NodeFailure[]): string {
    return failures.map(({ node, status, failure }) => this.#nodeFailure(node, status, failure)).join('')
  }

  #nodeFailure(node: NodeRef, status: NodeStatus, failure: Failure): string {
    // At the least the node's own place is known.
    const placed = failure.span === undefined && node.span !== undefined ? { ...failure, span: node.span } : failure
    const text = this.#failure(placed, status === 'warn' ? 'warning' : 'error')
    if (text === '') return ''
    const word = statusPaint(status, this.#paint)(statusWords[status])
    return `\n${word} ${this.#paint.bold(nodeName(node))} ${this.#paint.dim(node.kind)}\n${text}`
  }

  #diagnostic(diagnostic: Diagnostic): string {
    if (!this.#isShown(diagnostic.severity)) return ''
    return formatDiagnostic(diagnostic, this.#io.readSource, this.#style())
  }

  #failure(failure: Failure, severity: Severity): string {
    if (!this.#isShown(severity)) return ''
    const text = formatFailure(failure, this.#io.readSource, { ...this.#style(), severity })
    if (this.#io.verbosity !== 'verbose' || failure.statement === undefined) return text
    return text + indented(failure.statement, this.#paint)
  }

  #isShown(severity: Severity): boolean {
    this.#count[severity]++
    if (severity === 'warning' && this.#io.verbosity === 'quiet') return false
    return this.#count[severity] <= shownErrors
  }

  #style() {
    return { color: this.#io.color, columns: this.#io.columns() }
  }
}

function header(event: Of<'run_started'>, paint: Paint): string {
  const parts = [
    event.project,
    `${event.env} on ${event.engine}`,
    `${event.nodes} ${event.nodes === 1 ? 'node' : 'nodes'}`,
  ]
  const now = event.now === undefined ? [] : [`now ${event.now}`]
  return `${paint.bold(`fft ${event.command}`)} ${paint.dim([event.version, ...parts, ...now].join(' · '))}\n\n`
}

function statement(event: Of<'statement'>, paint: Paint): string {
  const title = `-- ${event.node}: ${event.purpose}, ${formatDuration(event.durationMs)}`
  return `${paint.dim(title)}\n${indented(event.sql, paint)}`
}

function indented(sql: string, paint: Paint): string {
  const lines = sql.trim().split('\n')
  return lines.map((line) => `${paint.dim(`  ${line}`.trimEnd())}\n`).join('')
}

const summaryWords: readonly (readonly [NodeStatus, string])[] = [
  ['success', 'ok'],
  ['no-op', 'unchanged'],
  ['pass', 'passed'],
  ['warn', 'warned'],
  ['fail', 'failed'],
  ['error', 'in error'],
  ['partial success', 'done in part'],
  ['skipped', 'skipped'],
]

function summary({ counts, durationMs }: Of<'run_finished'>, paint: Paint): string {
  const parts = summaryWords.flatMap(([status, word]) => {
    const count = counts[status] ?? 0
    return count === 0 ? [] : [statusPaint(status, paint)(`${count} ${word}`)]
  })
  const isBad = Object.keys(counts).some((status) => hasFailed(status as NodeStatus))
  const verdict = isBad ? paint.red(paint.bold('Failed')) : paint.green(paint.bold('Done'))
  return `${verdict} in ${formatDuration(durationMs)}: ${parts.length === 0 ? 'nothing to do' : parts.join(', ')}`
}
