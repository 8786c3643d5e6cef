import { templateDiagnostic } from '../diagnostics.js'
import { spanAt } from '../places.js'
import type { Expression, ExtendsNode, FromImportNode, ImportNode, IncludeNode } from '../tree.js'
import { type Template, Tuple, type Value } from '../types.js'
import { Attributes } from '../values/collections.js'
import { kindName } from '../values/kinds.js'
import { badValue } from '../values/value-fault.js'
import { collectBlocks, selfObject } from './blocks.js'
import { spanLength } from './describe.js'
import { evaluate } from './evaluate.js'
import { execute } from './execute.js'
import { reportAt, reportFault } from './faults.js'
import { type Output, TextOutput } from './output.js'
import { type BlockDefinition, type Frame, Scope } from './scope.js'
import { failed } from './signals.js'

/** Renders a whole template, and the one that it extends. Gives back the scope of its variables. */
export function executeTemplate(
  template: Template,
  base: Pick<Frame, 'run' | 'host'> & { readonly blocks?: Map<string, BlockDefinition[]> },
  out: Output,
  outer?: Scope,
): Scope {
  const blocks = collectBlocks(template.body, template.file, base.blocks)
  const frame: Frame = { run: base.run, host: base.host, file: template.file, blocks, out }
  const scope = new Scope(frame, outer)
  if (blocks.size > 0) scope.set('self', selfObject(scope))
  execute(template.body, scope, out)
  if (frame.parent !== undefined) executeTemplate(frame.parent, { run: base.run, host: base.host, blocks }, out, scope)
  return scope
}

/** `{% extends %}`: the template's parent is rendered when the template itself is done. */
export function executeExtends(node: ExtendsNode, scope: Scope): void {
  const template = findTemplate(node.e, scope)
  if (template !== undefined) scope.frame.parent = template
}

/** `{% include %}`: the template's output stands in place. */
export function executeInclude(node: IncludeNode, scope: Scope, out: Output): void {
  const template = findTemplate(node.e, scope, node.ignoreMissing === true)
  if (template === undefined) return
  const { run, host } = scope.frame
  const outer = node.withoutContext === true ? undefined : scope
  called(scope, node.e, template, () => executeTemplate(template, { run, host }, out, outer))
}

/** `{% import %}`: the template's macros and variables under one name. */
export function executeImport(node: ImportNode, scope: Scope): void {
  const template = findTemplate(node.e, scope)
  if (template === undefined) scope.set(node.name, failed)
  else scope.set(node.name, moduleObject(loadModule(template, node, scope), template))
}

/** `{% from %}`: some of the template's macros and variables. */
export function executeFrom(node: FromImportNode, scope: Scope): void {
  const template = findTemplate(node.e, scope)
  const module = template === undefined ? undefined : loadModule(template, node, scope)
  for (const [name, alias, at] of node.names) {
    const value = module?.variables.get(name)
    if (value === undefined && template !== undefined && module !== undefined) {
      const known = exportedNames(module)
      reportAt(scope, { at }, templateDiagnostic('import-not-found', { name, path: template.file, known }), name.length)
    }
    scope.set(alias, value === undefined ? failed : value)
  }
}

function loadModule(template: Template, node: ImportNode | FromImportNode, scope: Scope): Scope {
  const { run, host } = scope.frame
  const render = (outer?: Scope) =>
    called(scope, node.e, template, () => executeTemplate(template, { run, host }, new TextOutput(), outer))
  if (node.withContext === true) return render(scope)
  const known = run.modules.get(template)
  if (known !== undefined) return known
  const module = render()
  run.modules.set(template, module)
  return module
}

function exportedNames(module: Scope): string[] {
  return [...module.variables.keys()].filter((name) => !name.startsWith('_') && name !== 'self')
}

function moduleObject(module: Scope, template: Template): Value {
  const get = (name: string) => (name.startsWith('_') || name === 'self' ? undefined : module.variables.get(name))
  return new Attributes(`module '${template.file}'`, get, () => exportedNames(module))
}

function called<T>(scope: Scope, node: Expression, template: Template, run: () => T): T {
  const span = spanAt(scope.frame.file, node.at, spanLength(node))
  return scope.frame.run.called(span, `the import of '${template.file}'`, run)
}

/** The template that a path names; of several paths the first that exists. A missing one is reported. */
function findTemplate(node: Expression, scope: Scope, isOptional = false): Template | undefined {
  const value = evaluate(node, scope)
  if (value === failed) return undefined
  const paths = Array.isArray(value) ? value : value instanceof Tuple ? value.items : [value]
  for (const path of paths) {
    if (typeof path !== 'string') {
      reportFault(scope, node, [], badValue(`the path of a template is text, not ${kindName(path)}`))
      return undefined
    }
    const template = scope.frame.host.load(path)
    if (template !== undefined) return template
  }
  if (!isOptional) {
    const path = paths.join("', '")
    reportAt(
      scope,
      node,
      templateDiagnostic('template-not-found', { path, known: scope.frame.host.paths?.() ?? [] }),
      spanLength(node),
    )
  }
  return undefined
}
