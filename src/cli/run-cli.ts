import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type AppContext, EventLog } from '../app/index.js'
import { type Emit, type Failure, FftError, ProjectError } from '../core/index.js'
import {
  hideSecretSettings,
  jsonRenderer,
  liveRenderer,
  maskSecrets,
  plainRenderer,
  type Renderer,
  type RendererIo,
} from '../report/index.js'
import { parseCommand, type Request } from './parse-command.js'
import { parseNow } from './parse-now.js'
import type { Parsed } from './read-options.js'
import { version } from './version.js'

/** A stream to write to and how it may look. */
export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  columns(): number
}

/** All that the command line takes from the process. */
export interface Host {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: Output
  readonly stderr: Output
  readonly isInputTerminal: boolean
  readonly signal: AbortSignal
  now(): Date
  /** Asks on the terminal. */
  ask(question: string): Promise<boolean>
}

/** Runs one command line and gives its exit code; never throws. */
export async function runCli(host: Host): Promise<number> {
  const secrets = new Set<string>()
  let renderer: Renderer | undefined
  const log = new EventLog((text) => maskSecrets(text, secrets), host.now)
  try {
    const outStyle = { color: hasColor(host.stdout, host), columns: host.stdout.columns() }
    const request = parseCommand(host.argv, { ...outStyle, environment: host.environment })
    if (request.kind === 'print') {
      host.stdout.write(request.text)
      return 0
    }
    renderer = logged(rendererOf(host, { ...request.flags, project: projectOf(request) }, secrets), log)
    const context = contextOf(host, { renderer, log, secrets, outStyle })
    const code = await request.spec.start?.(parsedOf(host, request), context)
    return host.signal.aborted ? cancelled : (code ?? bug)
  } catch (error) {
    renderer ??= rendererOf(host, { logFormat: wantsJson(host.argv) ? 'json' : 'text' }, secrets)
    return tell(error, host, renderer)
  } finally {
    renderer?.close()
    log.close()
  }
}

function logged(renderer: Renderer, log: EventLog): Renderer {
  const emit: Renderer['emit'] = (event) => {
    log.emit(event)
    renderer.emit(event)
  }
  return { ...renderer, emit }
}

const cancelled = 130
const bug = 3

/** Shows what was thrown; gives the exit code for it. */
function tell(error: unknown, host: Host, renderer: Renderer): number {
  if (host.signal.aborted) return cancelled
  if (error instanceof ProjectError) {
    for (const diagnostic of error.diagnostics) renderer.emit({ type: 'diagnostic', diagnostic })
    return 2
  }
  if (error instanceof FftError) {
    renderer.emit({ type: 'command_failed', failure: failureOf(error) })
    return 1
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const hint = 'this is a bug in fft; please report it with the text above'
  renderer.emit({ type: 'command_failed', failure: { code: 'bug', message: stack, hint } })
  return bug
}

function failureOf({ code, message, hint, span, statement }: FftError): Failure {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(span === undefined ? {} : { span }),
    ...(statement === undefined ? {} : { statement }),
  }
}

/** The project's folder as it was typed: the first word where the command takes one, else `--project`. */
function projectOf({ spec, words, flags }: Extract<Request, { kind: 'start' }>): unknown {
  return (spec.argument === '[project]' ? words[0] : undefined) ?? flags.project
}

function rendererOf(host: Host, flags: Parsed['flags'], secrets: ReadonlySet<string>): Renderer {
  const { stderr, environment } = host
  const projectDir = typeof flags.project === 'string' ? flags.project : '.'
  const io: RendererIo = {
    write: (text) => stderr.write(maskSecrets(text, secrets)),
    columns: stderr.columns,
    color: hasColor(stderr, host, flags),
    now: () => host.now().getTime(),
    verbosity: flags.quiet === true ? 'quiet' : flags.verbose === true ? 'verbose' : 'normal',
    readSource: (file) => {
      const text = readText(resolve(host.cwd, projectDir, file))
      return text === undefined ? undefined : hideSecretSettings(file, text)
    },
  }
  if (flags.logFormat === 'json') return jsonRenderer(io)
  const isLive = stderr.isTerminal && environment.TERM !== 'dumb' && !environment.CI && io.verbosity === 'normal'
  return isLive && flags.logFormat !== 'text' ? liveRenderer(io) : plainRenderer(io)
}

interface Shown {
  readonly renderer: Renderer
  readonly log: EventLog
  readonly secrets: Set<string>
  readonly outStyle: AppContext['outStyle']
}

function contextOf(host: Host, { renderer, log, secrets, outStyle }: Shown): AppContext {
  const fixed = host.environment.FFT_NOW
  const now = fixed === undefined || fixed === '' ? undefined : parseNow(fixed)
  return {
    emit: onceEach(renderer.emit),
    out: (text) => {
      renderer.clear()
      host.stdout.write(maskSecrets(text, secrets))
    },
    outStyle,
    ask: async (question) => {
      renderer.clear()
      return host.isInputTerminal && host.stderr.isTerminal && (await host.ask(question))
    },
    signal: host.signal,
    clock: () => (now === undefined ? host.now() : new Date(now)),
    ...(now === undefined ? {} : { now: now.toISOString() }),
    invocationId: crypto.randomUUID(),
    version,
    hideSecrets: (values) => {
      for (const value of values) secrets.add(value)
    },
    withoutSecrets: (text) => maskSecrets(text, secrets),
    keepEvents: (targetDir) => log.keepIn(targetDir),
  }
}

/** A warning that several stages report is shown once. */
function onceEach(emit: Emit): Emit {
  const shown = new Set<string>()
  return (event) => {
    if (event.type === 'diagnostic') {
      const text = JSON.stringify(event.diagnostic)
      if (shown.has(text)) return
      shown.add(text)
    }
    emit(event)
  }
}

function parsedOf(host: Host, { spec, words, flags }: Extract<Request, { kind: 'start' }>): Parsed {
  return {
    command: spec.name,
    takesModels: spec.flags.some((make) => make().some((option) => option.long === '--select')),
    words,
    flags,
    cwd: host.cwd,
    environment: host.environment,
    interactive: host.isInputTerminal && host.stderr.isTerminal,
  }
}

/** no-color.org and force-color.org; flags win. */
function hasColor(stream: Output, { environment, argv }: Host, flags: Parsed['flags'] = {}): boolean {
  if (flags.color === false || argv.includes('--no-color') || environment.NO_COLOR) return false
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0'
  return stream.isTerminal && environment.TERM !== 'dumb'
}

/** A command line that cannot be parsed still says how its errors are wanted. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.includes('--log-format=json') || argv[argv.indexOf('--log-format') + 1] === 'json'
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
