import type { LoggedEvent, Outcome } from '../support/outcome.js'
import type { ProjectFolder } from '../support/project-folder.js'

/** One way to get something wrong, and what a user must see then. */
export interface ErrorCase {
  /** A sentence. */
  readonly title: string
  /** Files that are added to the shop or replace its own; `null` removes one. */
  readonly files?: Readonly<Record<string, string | null>>
  /** Default: `run`. */
  readonly argv?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** For what files cannot say. */
  readonly prepare?: (folder: ProjectFolder) => Promise<void>
  readonly code: number
  /** Every error and warning in the order shown, as `describeFaults` writes them. */
  readonly shown: string
  /** How each node ended, `name status`, where that matters. */
  readonly nodes?: readonly string[]
}

/**
 * The errors and warnings of a command's JSON events: `file:line:column severity[code]: message`, then the other
 * places, the rows at fault and the hint, indented.
 */
export function describeFaults({ events }: Outcome, dir: string): string {
  return events
    .filter((event) => event.code !== undefined)
    .map((event) => describe(event).replaceAll(dir, '<project>'))
    .join('\n')
}

function describe(event: LoggedEvent): string {
  const { line, column, code, message, hint, related = [], rows } = event
  const severity = event.level === 'error' ? 'error' : 'warning'
  const place = event.file === undefined ? '' : `${event.file}:${line}:${column} `
  return [
    `${place}${severity}[${code}]: ${message?.replaceAll('\n', '\n  ')}`,
    ...related.map((other) => `  ${other.file}:${other.line}:${other.column} ${other.message}`),
    ...(rows === undefined
      ? []
      : [rows.columns, ...rows.rows].map((row) => `  | ${row.map((cell) => cell ?? 'NULL').join(' | ')}`)),
    ...(hint === undefined ? [] : [`  hint: ${hint.replaceAll('\n', '\n    ')}`]),
  ].join('\n')
}

/** `name status` of each finished node, by name. */
export function describeNodes({ nodes }: Outcome): readonly string[] {
  return Object.values(nodes)
    .map(({ name, status }) => `${name} ${status}`)
    .toSorted()
}

/** Brings a case's faults into a copy of the shop. */
export async function applyCase({ files = {}, prepare }: ErrorCase, folder: ProjectFolder): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) await folder.remove(path)
    else await folder.write({ [path]: content })
  }
  await prepare?.(folder)
}
