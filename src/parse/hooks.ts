import { type HookEvent, hookEvents, type ProjectHook } from '../config/index.js'
import type { Diagnostic, SourceSpan } from '../core/index.js'
import type { Project, ProjectFile } from '../project/index.js'
import { parseTemplate, type Template } from '../template/index.js'
import { parseDiagnostic } from './diagnostics.js'

/** SQL of `hooks:` in `project.yml`, for this environment and engine. */
export interface Hook {
  readonly event: HookEvent
  /** Its name, or the event that it belongs to. */
  readonly label: string
  readonly template: Template
  /** Selectors that all have to match; empty: every model. */
  readonly select: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  readonly span: SourceSpan
}

/**
 * The project's hooks in their order; `engineNames` are those of the engine. Reports 'hook-without-sql' and the faults
 * of their templates.
 */
export function parseHooks(
  { config, profile, templates }: Project,
  engineNames: readonly string[],
): { readonly hooks: readonly Hook[]; readonly diagnostics: readonly Diagnostic[] } {
  const hooks: Hook[] = []
  const diagnostics: Diagnostic[] = []
  const wanted = hookEvents.flatMap((event) => config.hooks[event].map((hook) => ({ event, hook })))
  for (const { event, hook } of wanted.filter(({ hook }) => isFor(hook, profile.env, engineNames))) {
    const source = hook.sql ?? fileOf(hook, templates)
    if (source === undefined) {
      diagnostics.push(parseDiagnostic('hook-without-sql', { name: hook.name }, hook.span))
      continue
    }
    const parsed = parseTemplate(source)
    diagnostics.push(...parsed.diagnostics)
    if (parsed.template === undefined) continue
    const { select, params, span } = hook
    hooks.push({ event, label: hook.name ?? event, template: parsed.template, select, params, span })
  }
  return { hooks, diagnostics }
}

function isFor({ envs, engines }: ProjectHook, env: string, engineNames: readonly string[]): boolean {
  const isEngine = engines.length === 0 || engines.some((name) => engineNames.includes(name.toLowerCase()))
  return isEngine && (envs.length === 0 || envs.includes(env))
}

/** `hooks/**` + `<name>.sql`; of several the last, as upstream has it. */
function fileOf({ name }: ProjectHook, templates: ReadonlyMap<string, ProjectFile>) {
  if (name === undefined) return undefined
  const path = [...templates.keys()]
    .filter((each) => each.startsWith('hooks/') && (each.endsWith(`/${name}.sql`) || each.endsWith(`/${name}.ff.sql`)))
    .sort()
    .at(-1)
  const file = path === undefined ? undefined : templates.get(path)
  return file === undefined ? undefined : { file: file.path, text: file.text }
}
