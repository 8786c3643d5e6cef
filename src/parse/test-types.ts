import { type Diagnostic, LineIndex } from '../core/index.js'
import type { ProjectFile } from '../project/index.js'
import { parseTemplate } from '../template/index.js'
import type { MacroEntry } from './context.js'
import { parseDiagnostic } from './diagnostics.js'
import { standInFor } from './macros.js'

/** Names that `params` need not name. */
const always = ['where']

/**
 * Upstream's custom tests: a file below `tests/` with `config(type='…', params=[…])`, whose query gives the number of
 * violations. Each becomes the macro of a generic test. Reports 'test-type-taken' and syntax faults.
 */
export function collectTestTypes(
  files: readonly ProjectFile[],
  builtIn: readonly string[],
): { readonly macros: ReadonlyMap<string, MacroEntry>; readonly diagnostics: readonly Diagnostic[] } {
  const macros = new Map<string, MacroEntry>()
  const diagnostics: Diagnostic[] = []
  for (const file of files) {
    const header = headerOf(file)
    if (header === undefined) continue
    const { type, params, at } = header
    const name = `test_${type}`
    if (builtIn.includes(type) || macros.has(name)) {
      const span = { file: file.path, ...new LineIndex(file.text).positionAt(at) }
      diagnostics.push(parseDiagnostic('test-type-taken', { type }, span))
      continue
    }
    const { template, diagnostics: faults } = parseTemplate(asMacro(file, type))
    diagnostics.push(...faults)
    macros.set(name, { name, template: template ?? standInFor(file), arguments: [...params, ...always] })
  }
  return { macros, diagnostics }
}

/** Whether a file below `tests/` makes a test of its own, and is no singular test. */
export function isTestType(file: ProjectFile): boolean {
  return headerOf(file) !== undefined
}

interface Header {
  readonly type: string
  readonly params: readonly string[]
  /** UTF-16 offset of the type's value. */
  readonly at: number
}

function headerOf({ text }: ProjectFile): Header | undefined {
  const call = /\{\{-?\s*config\s*\(([\s\S]*?)\)\s*-?\}\}/.exec(text)
  const type = /\btype\s*=\s*(['"])([A-Za-z_]\w*)\1/.exec(call?.[1] ?? '')
  if (call === null || type === null) return undefined
  const list = /\bparams\s*=\s*\[([^\]]*)\]/.exec(call[1] ?? '')?.[1] ?? ''
  const params = [...list.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '')
  const before = call.index + call[0].indexOf(call[1] ?? '')
  return { type: type[2] ?? '', params, at: before + type.index + type[0].search(/['"]/) }
}

/** One row of failures when the number is not 0. Places are those of the file. */
function asMacro({ path, text }: ProjectFile, type: string) {
  const names = `{% set params = kwargs %}{% set kind = '${type}' %}{% set table = model %}{% set column = column_name %}`
  const before = `{% macro test_${type}(model, column_name=none, where=none) %}${names}select * from (\n`
  const after = `\n) as counted(violations) where violations <> 0{% endmacro %}`
  const lines = new LineIndex(text)
  const inside = (offset: number) => Math.min(Math.max(0, offset - before.length), text.length)
  return {
    file: path,
    text: `${before}${text}${after}`,
    origin: (offset: number) => lines.positionAt(inside(offset)),
  }
}
