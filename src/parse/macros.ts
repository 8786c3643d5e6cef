import type { Diagnostic, SourceSpan } from '../core/index.js'
import type { ProjectFile } from '../project/index.js'
import { type Call, parseTemplate, spanAt, type Template, type Value } from '../template/index.js'
import type { MacroEntry, TemplateContext } from './context.js'
import { parseDiagnostic } from './diagnostics.js'
import { hostObject } from './scope.js'

/** The project's global macros by name. Reports 'macro-duplicate' and every syntax fault of the macro files. */
export function collectMacros(
  files: readonly ProjectFile[],
  parsed: (file: ProjectFile) => ReturnType<typeof parseTemplate>,
): { macros: ReadonlyMap<string, MacroEntry>; diagnostics: readonly Diagnostic[] } {
  const macros = new Map<string, MacroEntry>()
  const diagnostics: Diagnostic[] = []
  for (const file of files) {
    const { template: found, diagnostics: faults } = parsed(file)
    diagnostics.push(...faults)
    const template = found ?? standInFor(file)
    for (const name of template.macros) {
      const other = macros.get(name)
      if (other === undefined) macros.set(name, { name, template })
      else diagnostics.push(duplicate(name, template, other.template))
    }
  }
  return { macros, diagnostics }
}

/**
 * What a file with a syntax fault seems to define: macros that take everything and print nothing, so that the one
 * fault is told and not each use of its macros.
 */
export function standInFor({ path, text }: ProjectFile): Template {
  const names = [...text.matchAll(/\{%-?\s*[a-z]+\s+([A-Za-z_]\w*)\s*\(/g)].map((match) => match[1] ?? '')
  const macros = [...new Set(names)].map(
    (name) => `{% macro ${name}() %}{% if false %}{{ varargs }}{{ kwargs }}{% endif %}{% endmacro %}`,
  )
  return parseTemplate({ file: path, text: macros.join('') }).template ?? { file: path, body: [], macros: [] }
}

function duplicate(name: string, later: Template, earlier: Template): Diagnostic {
  const place = (template: Template): SourceSpan => {
    const node = template.body.find((each) => each.k === 'macro' && each.name === name)
    return node === undefined ? { file: template.file, line: 1, column: 1 } : spanAt(template.file, node.at)
  }
  return parseDiagnostic('macro-duplicate', { name }, place(later), [
    { message: 'also defined here', span: place(earlier) },
  ])
}

/** `adapter`: `dispatch` finds `<engine>__name`, then `default__name`; `quote` quotes an identifier. */
export function dispatcher(context: TemplateContext, macro: (name: string) => Value | undefined): Value {
  const { dialect } = context
  const members: Record<string, Value> = {
    quote: (call: Call) => dialect.quote(String(call.args[0] ?? '')),
    type: () => dialect.engine,
    dispatch: (call: Call) => {
      const name = String(call.args[0] ?? call.kwargs.get('macro_name') ?? '')
      const tried = [...[dialect.engine, ...dialect.aliases].map((engine) => `${engine}__${name}`), `default__${name}`]
      for (const candidate of tried) {
        const found = macro(candidate)
        if (found !== undefined) return found
      }
      call.report(parseDiagnostic('dispatch-missing', { name, tried }, call.placeOf([0])))
      return () => ''
    },
  }
  return hostObject(
    () => 'adapter',
    (name) => (Object.hasOwn(members, name) ? members[name] : undefined),
    () => Object.keys(members),
  )
}

/** `exceptions.raise_compiler_error('…')` and `exceptions.warn('…')`. */
export function exceptionsObject(): Value {
  const raise = (call: Call): Value => {
    call.report(parseDiagnostic('user-error', { message: String(call.args[0] ?? '') }, call.span))
    return ''
  }
  const members: Record<string, Value> = {
    raise_compiler_error: raise,
    raise_not_implemented: raise,
    warn: (call: Call) => {
      call.report(parseDiagnostic('user-warning', { message: String(call.args[0] ?? '') }, call.span))
      return ''
    },
  }
  return hostObject(
    () => 'exceptions',
    (name) => (Object.hasOwn(members, name) ? members[name] : undefined),
    () => Object.keys(members),
  )
}
