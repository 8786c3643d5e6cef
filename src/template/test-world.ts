import { type Diagnostic, displaySql } from '../core/index.js'
import { parseTemplate } from './parse.js'
import { bindMacro, renderTemplate } from './render.js'
import type { RenderScope, Template, Value } from './types.js'

/** What a test's templates see: names, and files by path; the macros of `macros/` are global. */
export interface TestWorld {
  readonly globals?: Readonly<Record<string, Value>>
  readonly files?: Readonly<Record<string, string>>
}

/** Parses a text that has no fault. */
export function parsed(text: string, file = 'models/m.sql'): Template {
  const { template, diagnostics } = parseTemplate({ file, text })
  if (template === undefined) throw new Error(diagnostics.map(shown).join('\n'))
  return template
}

/** The scope that a test's world makes. */
export function scopeOf({ globals = {}, files = {} }: TestWorld): RenderScope {
  const templates = new Map(Object.entries(files).map(([path, text]) => [path, parsed(text, path)]))
  const macros = [...templates.values()].filter(({ file }) => file.startsWith('macros/'))
  const scope: RenderScope = {
    globals: new Map(Object.entries(globals)),
    macro: (name) => {
      const template = macros.find((candidate) => candidate.macros.includes(name))
      return template === undefined ? undefined : bindMacro(template, name, scope)
    },
    load: (path) => templates.get(path),
    names: () => macros.flatMap((template) => template.macros),
  }
  return scope
}

/** The text that a template prints, and its faults as `file:line:column code: message`, related places indented. */
export function rendered(text: string, world: TestWorld = {}): { readonly text: string; readonly faults: string[] } {
  const { template, diagnostics } = parseTemplate({ file: 'models/m.sql', text })
  if (template === undefined) return { text: '', faults: diagnostics.map(shown) }
  const rendering = renderTemplate(template, scopeOf(world))
  return { text: displaySql(rendering.sql), faults: rendering.diagnostics.map(shown) }
}

function shown({ code, message, span, related = [] }: Diagnostic): string {
  const places = related.map(
    (place) => `\n  ${place.span.file}:${place.span.line}:${place.span.column} ${place.message}`,
  )
  return `${span?.file}:${span?.line}:${span?.column} ${code}: ${message}${places.join('')}`
}
