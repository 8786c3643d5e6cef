import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../adapters/index.js'
import type { FftEvent } from '../core/index.js'
import { eventLine } from '../report/index.js'

/**
 * `fft_events.jsonl` of one invocation: one JSON event a line, each written when it happens, so that a crash loses none
 * before it. Until the target folder is known the events wait; a command that never names one writes nothing.
 */
export class EventLog {
  readonly #hide: (text: string) => string
  readonly #now: () => Date
  #waiting: { readonly event: FftEvent; readonly time: Date }[] = []
  #file: number | undefined
  #isGiven = false

  constructor(hide: (text: string) => string, now: () => Date) {
    this.#hide = hide
    this.#now = now
  }

  emit(event: FftEvent): void {
    if (this.#file !== undefined) this.#write([{ event, time: this.#now() }])
    else if (!this.#isGiven) this.#waiting.push({ event, time: this.#now() })
  }

  /** Called once, when the folder is known. A folder that cannot be written to is told by the artifacts. */
  keepIn(targetDir: string): void {
    if (this.#isGiven) return
    this.#isGiven = true
    const path = join(targetDir, 'fft_events.jsonl')
    const aside = `${path}.${process.pid}.tmp`
    try {
      makeFolder(targetDir)
      this.#file = openSync(aside, 'w')
      this.#write(this.#waiting)
      // Renamed while it is open: two invocations at once never write into each other's file.
      renameSync(aside, path)
    } catch {
      this.close()
    }
    this.#waiting = []
  }

  close(): void {
    if (this.#file === undefined) return
    closeSync(this.#file)
    this.#file = undefined
  }

  #write(events: readonly { readonly event: FftEvent; readonly time: Date }[]): void {
    if (this.#file === undefined || events.length === 0) return
    const lines = events.map(({ event, time }) => this.#hide(eventLine(event, time))).join('')
    try {
      writeSync(this.#file, lines)
    } catch {
      // A full disk is told by whatever cannot do without it.
      this.close()
    }
  }
}
