import type { Emit } from '../core/index.js'
import type { ReadSource } from './format-diagnostic.js'

/** What a renderer writes to, and all that it may ask. */
export interface RendererIo {
  write(text: string): void
  /** Cells of a line, now: a terminal's window can change. */
  columns(): number
  readonly color: boolean
  /** Milliseconds since 1970, for elapsed times. */
  now(): number
  readonly readSource: ReadSource
  readonly verbosity: Verbosity
}

/** `quiet`: errors alone. `verbose`: every statement too. */
export type Verbosity = 'quiet' | 'normal' | 'verbose'

/** Turns events into text on a stream. */
export interface Renderer {
  readonly emit: Emit
  /** Takes away what is not meant to stay, so that something else can be written. */
  clear(): void
  /** Writes what is still to be said and restores the terminal. May be called twice. */
  close(): void
}
