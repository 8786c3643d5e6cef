/** One line of `--log-format json`, loosely. */
export interface LoggedEvent {
  readonly type: string
  readonly level: string
  readonly name?: string
  readonly status?: string
  readonly detail?: string
  readonly code?: string
  readonly message?: string
  readonly hint?: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly related?: readonly {
    readonly message: string
    readonly file: string
    readonly line: number
    readonly column: number
  }[]
  readonly counts?: Readonly<Record<string, number>>
  readonly rows_affected?: number
  /** Of a test: the rows at fault. */
  readonly failures?: number
  readonly rows?: { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }
}

/** What a command did: its exit code, what it printed, and its events. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly events: readonly LoggedEvent[]
  /** The finished nodes by name. */
  readonly nodes: Readonly<Record<string, LoggedEvent>>
  /** Messages of notices. */
  readonly notices: readonly string[]
  /** Errors and warnings of the project, and the command's own failure. */
  readonly faults: readonly LoggedEvent[]
}

/** Reads the events that a command wrote to stderr with `--log-format json`. */
export function readEvents(written: { code: number; stdout: string; stderr: string }): Outcome {
  const events = written.stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LoggedEvent)
  const finished = events.filter((event) => event.type === 'node_finished')
  return {
    ...written,
    events,
    nodes: Object.fromEntries(finished.map((event) => [event.name ?? '', event])),
    notices: events.filter((event) => event.type === 'notice').map((event) => event.message ?? ''),
    faults: events.filter((event) => event.type === 'diagnostic' || event.type === 'command_failed'),
  }
}
