import { type Diagnostic, type Failure, type FftEvent, hasFailed, type SourceSpan } from '../core/index.js'
import type { Renderer, RendererIo } from './renderer.js'

type Plain = Readonly<Record<string, unknown>>

/** One event a line, as JSON. */
export function jsonRenderer(io: Pick<RendererIo, 'write' | 'now' | 'verbosity'>): Renderer {
  return {
    emit: (event) => {
      const level = levelOf(event)
      if (io.verbosity === 'quiet' && level !== 'error') return
      if (io.verbosity !== 'verbose' && level === 'debug') return
      io.write(eventLine(event, new Date(io.now())))
    },
    clear: () => undefined,
    close: () => undefined,
  }
}

/**
 * An event as one line of JSON: snake_case keys, `type`, `time` and `level`; nodes, diagnostics and failures flat, with
 * `file line column code hint`.
 */
export function eventLine(event: FftEvent, time: Date): string {
  const { type, ...rest } = event
  return `${JSON.stringify({ type, time: time.toISOString(), level: levelOf(event), ...flatten(rest) })}\n`
}

type Level = 'debug' | 'info' | 'warn' | 'error'

function levelOf(event: FftEvent): Level {
  switch (event.type) {
    case 'diagnostic':
      return event.diagnostic.severity === 'error' ? 'error' : 'warn'
    case 'command_failed':
      return 'error'
    case 'node_finished':
      return hasFailed(event.status) ? 'error' : event.status === 'warn' ? 'warn' : 'info'
    case 'statement':
      return 'debug'
    default:
      return 'info'
  }
}

function flatten(value: Plain): Plain {
  return Object.assign({}, ...Object.entries(value).map(([key, item]) => fields(key, item)))
}

function fields(key: string, item: unknown): Plain {
  if (item === undefined) return {}
  if (key === 'node') return isRecord(item) ? flatten(item) : { unique_id: item }
  if (key === 'diagnostic' || key === 'failure') return faultFields(item as Diagnostic | Failure)
  if (key === 'span') return placeFields(item as SourceSpan)
  if (key === 'durationMs') return { duration_ms: Math.round(Number(item) * 1000) / 1000 }
  if (key === 'failures' && Array.isArray(item)) return { failures: item.map(flatten) }
  return { [snake(key)]: item }
}

function faultFields({ span, related, ...rest }: Diagnostic | Failure): Plain {
  return {
    ...rest,
    ...placeFields(span),
    ...(related === undefined
      ? {}
      : { related: related.map((place) => ({ message: place.message, ...placeFields(place.span) })) }),
  }
}

function placeFields(span: SourceSpan | undefined): Plain {
  return span === undefined ? {} : { file: span.file, line: span.line, column: span.column }
}

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
