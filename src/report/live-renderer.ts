import type { FftEvent, NodeRef } from '../core/index.js'
import { formatDuration } from './format-duration.js'
import { runningLine } from './node-lines.js'
import type { Renderer, RendererIo } from './renderer.js'
import { paintOf } from './style.js'
import { Transcript } from './transcript.js'
import { truncate } from './width.js'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const redrawMs = 100
const shownNodes = 10
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

/** For terminals: finished lines scroll by, and below them stands what runs now, redrawn ten times a second. */
export function liveRenderer(io: RendererIo): Renderer {
  const block = new LiveBlock(io)
  const transcript = new Transcript(io)
  return {
    emit: (event) => {
      block.follow(event)
      block.redraw(transcript.textOf(event), transcript.columns)
    },
    clear: () => block.clear(),
    close: () => block.close(transcript.rest()),
  }
}

/** The lines at the bottom that are drawn over and over. */
class LiveBlock {
  readonly #io: RendererIo
  readonly #running = new Map<string, { readonly node: NodeRef; readonly since: number }>()
  #progress = { done: 0, total: 0, since: 0 }
  #drawn = 0
  #frame = 0
  #timer: NodeJS.Timeout | undefined
  #isCursorHidden = false

  constructor(io: RendererIo) {
    this.#io = io
  }

  follow(event: FftEvent): void {
    if (event.type === 'run_started') this.#progress = { done: 0, total: event.nodes, since: this.#io.now() }
    if (event.type === 'node_started') {
      this.#running.set(event.node.uniqueId, { node: event.node, since: this.#io.now() })
      this.#progress.total = event.total
    }
    if (event.type === 'node_finished') {
      this.#running.delete(event.node.uniqueId)
      this.#progress.done++
    }
    if (event.type === 'run_finished' || event.type === 'command_failed') this.#running.clear()
  }

  /** Writes lasting text above the block. One write, over the old lines: nothing flickers. */
  redraw(lasting: string, columns: Transcript['columns']): void {
    const lines = this.#lines(columns)
    const up = this.#drawn === 0 ? '' : `\r\u001b[${this.#drawn}A`
    const text = lasting.replaceAll('\n', '\u001b[K\n') + lines.map((line) => `${line}\u001b[K\n`).join('')
    if (up === '' && text === '') return
    const cursor = lines.length > 0 && !this.#isCursorHidden ? hideCursor : ''
    this.#isCursorHidden ||= lines.length > 0
    this.#io.write(`${cursor}${up}${up === '' && lines.length === 0 ? lasting : text}${up === '' ? '' : '\u001b[J'}`)
    this.#drawn = lines.length
    this.#keepTurning(columns)
  }

  clear(): void {
    if (this.#drawn > 0) this.#io.write(`\r\u001b[${this.#drawn}A\u001b[J`)
    this.#drawn = 0
  }

  close(lasting: string): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#running.clear()
    this.clear()
    const text = lasting + (this.#isCursorHidden ? showCursor : '')
    this.#isCursorHidden = false
    if (text !== '') this.#io.write(text)
  }

  #keepTurning(columns: Transcript['columns']): void {
    const isNeeded = this.#running.size > 0
    if (isNeeded && this.#timer === undefined) {
      this.#timer = setInterval(() => {
        this.#frame++
        this.redraw('', columns)
      }, redrawMs)
      this.#timer.unref()
    }
    if (!isNeeded && this.#timer !== undefined) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  #lines(columns: Transcript['columns']): string[] {
    if (this.#running.size === 0) return []
    const paint = paintOf(this.#io.color)
    const width = Math.max(20, this.#io.columns() - 1)
    const now = this.#io.now()
    const mark = frames[this.#frame % frames.length] ?? ''
    const running = [...this.#running.values()]
    const shown = running.slice(0, shownNodes).map(({ node, since }) => runningLine(node, now - since, columns, mark))
    const { done, total, since } = this.#progress
    const more = running.length > shownNodes ? ` (${running.length - shownNodes} more)` : ''
    const foot = `${done} of ${total} · ${running.length} running${more} · ${formatDuration(now - since)}`
    return ['', ...shown.map((line) => paint.cyan(truncate(line, width))), paint.dim(truncate(foot, width))]
  }
}
