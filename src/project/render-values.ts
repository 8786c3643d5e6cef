import type { PlacedText, ValuePath, YamlFile } from '../config/index.js'
import { type Diagnostic, sqlText } from '../core/index.js'
import type { Call, RenderScope, Value } from '../template/index.js'
import { diagnostic } from './diagnostics.js'

/** Plain data with its template strings rendered. */
export interface RenderedValue {
  readonly value: unknown
  /** Environment variables that the templates of each key right below the path read. */
  readonly templated: ReadonlyMap<string, readonly string[]>
  readonly diagnostics: readonly Diagnostic[]
}

/** What the templates of `profiles.yml` see. */
export interface ProfileScope {
  readonly environment: Readonly<Record<string, string>>
  readonly projectDir: string
}

/**
 * Renders every string at a path of `profiles.yml` that is a template; `env`, `env_var` and `project_dir` are there.
 * Reports 'env-var-missing' and the template stage's faults.
 */
export async function renderValues(
  yaml: YamlFile,
  path: ValuePath,
  value: unknown,
  scope: ProfileScope,
): Promise<RenderedValue> {
  if (!holdsTemplate(value)) return { value, templated: new Map(), diagnostics: [] }
  // Few profiles need templates, and the template stage costs start-up time.
  const template = await import('../template/index.js')
  const templated = new Map<string, string[]>()
  const diagnostics: Diagnostic[] = []
  const walk = (item: unknown, at: readonly (string | number)[]): unknown => {
    if (Array.isArray(item)) return item.map((each, index) => walk(each, [...at, index]))
    if (typeof item === 'object' && item !== null) {
      return Object.fromEntries(Object.entries(item).map(([key, each]) => [key, walk(each, [...at, key])]))
    }
    const text = isTemplate(item) ? yaml.textAt([...path, ...at]) : undefined
    if (text === undefined) return item
    const reads = templated.get(String(at[0] ?? '')) ?? []
    templated.set(String(at[0] ?? ''), reads)
    const rendered = render(template, text, globals(template, scope, reads))
    diagnostics.push(...rendered.diagnostics)
    return rendered.text
  }
  return { value: walk(value, []), templated, diagnostics }
}

function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(holdsTemplate)
  return isTemplate(value)
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && /\{[{%#]/.test(value)
}

type TemplateStage = typeof import('../template/index.js')

interface RenderedText {
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

function render(stage: TemplateStage, text: PlacedText, names: ReadonlyMap<string, Value>): RenderedText {
  const parsed = stage.parseTemplate(text)
  if (parsed.template === undefined) return { text: '', diagnostics: parsed.diagnostics }
  const scope: RenderScope = {
    globals: names,
    macro: () => undefined,
    load: () => undefined,
    names: () => names.keys(),
  }
  const { sql, diagnostics } = stage.renderTemplate(parsed.template, scope)
  return { text: sqlText(sql), diagnostics }
}

function globals(
  stage: TemplateStage,
  { environment, projectDir }: ProfileScope,
  reads: string[],
): ReadonlyMap<string, Value> {
  const lookUp = (call: Call, required: boolean): Value => {
    const name = String(call.args[0] ?? '')
    reads.push(name)
    const value = environment[name] ?? call.args[1] ?? call.kwargs.get('default')
    if (value !== undefined) return value
    if (!required) return new stage.Undefined(`env('${name}')`, `set ${name} or give a default: env('${name}', …)`)
    call.report(diagnostic('env-var-missing', { name }, call.placeOf([0])))
    return ''
  }
  return new Map<string, Value>([
    ['env', (call: Call) => lookUp(call, false)],
    ['env_var', (call: Call) => lookUp(call, true)],
    ['project_dir', () => projectDir],
  ])
}
