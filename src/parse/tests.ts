import type { ColumnProperties, TestConfig } from '../config/index.js'
import { type Diagnostic, type SourceSpan, type UniqueId, uniqueId } from '../core/index.js'
import type { ProjectFile } from '../project/index.js'
import { type ParsedTemplate, parseTemplate, type TemplateSource } from '../template/index.js'
import type { TemplateContext } from './context.js'
import { parseDiagnostic } from './diagnostics.js'
import { expectedCount } from './expected-count.js'
import { checkGenericTest, columnOf, genericTests } from './generic-tests.js'
import { comparedTables } from './measure-tests.js'
import { checkName, fqnOf, stemOf } from './names.js'
import type { RefCall, SourceCall, TestNode } from './nodes.js'
import type { Owner } from './packages.js'
import { emptyRecord, plainName, recordRendering } from './record.js'
import { genericTestName, testHash } from './test-names.js'

/** What a generic test hangs on. */
export interface TestedNode {
  readonly uniqueId: UniqueId
  /** Its part of the test's name: the model's name, `<source>_<table>`. */
  readonly label: string
  readonly isSource: boolean
  /** Whose file a test stands in: the project's or a package's. */
  ownerOf(path: string): Owner
  readonly columns: readonly ColumnProperties[]
  readonly tests: readonly TestConfig[]
}

/** Every generic test of a node: on its columns, then on the whole relation. */
export function genericTestsOf(
  tested: TestedNode,
  context: TemplateContext,
): { nodes: readonly TestNode[]; diagnostics: readonly Diagnostic[] } {
  const declared = [
    ...tested.columns.flatMap((column) => column.tests.map((config) => ({ config, column: column.name }))),
    ...tested.tests.map((config) => ({ config, column: undefined })),
  ]
  const made = declared.map(({ config, column }) => genericTest(tested, config, column, context))
  return {
    nodes: made.flatMap(({ node }) => (node === undefined ? [] : [node])),
    diagnostics: made.flatMap(({ diagnostics }) => diagnostics),
  }
}

function genericTest(
  tested: TestedNode,
  config: TestConfig,
  columnAbove: string | undefined,
  context: TemplateContext,
): { node?: TestNode; diagnostics: readonly Diagnostic[] } {
  const faults = checkArguments(config, columnAbove, context)
  if (faults.length > 0) return { diagnostics: faults }
  const { diagnostics, ...reads } = readBy(config, context)
  return { node: testNode(tested, config, columnAbove, reads), diagnostics }
}

/** What a test reads beside the relation that it hangs on. */
interface Reads {
  /** The parent that `relationships` looks into. */
  readonly to?: RefCall | SourceCall
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
}

function testNode(
  tested: TestedNode,
  config: TestConfig,
  columnAbove: string | undefined,
  { to, refs, sources }: Reads,
): TestNode {
  const { name: owner, modelsDir } = tested.ownerOf(config.span.file)
  const column = columnOf(config, columnAbove)
  const args = columnAbove === undefined ? config.arguments : { ...config.arguments, column_name: columnAbove }
  const generated = genericTestName(`${tested.isSource ? 'source_' : ''}${config.test}`, tested.label, args)
  const name = config.name ?? generated.name
  const hash = testHash(name, config.test, tested.uniqueId, JSON.stringify(args), config.where ?? '')
  return {
    uniqueId: uniqueId('test', owner, name, hash),
    resourceType: 'test',
    name,
    packageName: owner,
    fqn: fqnOf(owner, config.span.file, modelsDir, name),
    path: config.span.file,
    tags: config.tags,
    description: config.description ?? '',
    meta: {},
    span: config.span,
    test: {
      kind: 'generic',
      config,
      attachedTo: tested.uniqueId,
      alias: config.name ?? generated.alias,
      ...(column === undefined ? {} : { column }),
      ...(to === undefined ? {} : { to }),
    },
    severity: config.severity,
    enabled: config.enabled,
    refs,
    sources,
  }
}

/** Reports 'test-unknown', and what is wrong with the arguments. */
function checkArguments(
  config: TestConfig,
  columnAbove: string | undefined,
  context: TemplateContext,
): readonly Diagnostic[] {
  const shape = genericTests[config.test]
  if (shape === undefined) return checkOwnTest(config, context)
  return checkGenericTest(shape, config, columnAbove, context.dialect)
}

/** A test of the project's own is the macro that `{% test name(model, …) %}` makes; it checks its arguments itself. */
function checkOwnTest(config: TestConfig, { macros }: TemplateContext): readonly Diagnostic[] {
  const macro = macros.get(testMacro(config.test))
  if (macro !== undefined) return unknownArguments(config, macro.arguments)
  const own = [...macros.keys()].flatMap((name) => (name.startsWith('test_') ? [name.slice('test_'.length)] : []))
  const known = [...Object.keys(genericTests), ...own]
  return [parseDiagnostic('test-unknown', { test: config.test, known }, config.span)]
}

function unknownArguments(config: TestConfig, known: readonly string[] | undefined): readonly Diagnostic[] {
  if (known === undefined) return []
  const wrong = Object.keys(config.arguments).filter(
    (argument) => ![...known, 'column_name', 'model'].includes(argument),
  )
  return wrong.map((argument) => {
    const place = config.placeOf?.(argument, 'key') ?? config.span
    return parseDiagnostic('test-argument', { test: config.test, argument, known }, place)
  })
}

/** Tests that every project has. */
export const builtInTests: readonly string[] = Object.keys(genericTests)

/** The macro behind `{% test name(…) %}`. */
export function testMacro(test: string): string {
  return `test_${test}`
}

function readBy(config: TestConfig, context: TemplateContext): Reads & { readonly diagnostics: readonly Diagnostic[] } {
  if (config.test === 'complete_within') return recorded(expectedCount(config), config, context)
  const tables = comparedTables(config)
  if (tables.length > 0) {
    const refs = tables.map((name) => ({ name: plainName(name), span: config.span }))
    return { refs, sources: [], diagnostics: [] }
  }
  const to = config.arguments['to']
  if (config.test !== 'relationships' || typeof to !== 'string') return { refs: [], sources: [], diagnostics: [] }
  return parentOf(to, config, context)
}

/** `to: ref('customers')`, `to: source('raw', 'users')`, or upstream's plain `to: customers`. */
function parentOf(to: string, config: TestConfig, context: TemplateContext): ReturnType<typeof readBy> {
  if (/^[A-Za-z0-9_.-]+$/.test(to)) {
    const parent = { name: plainName(to), span: config.span }
    return { to: parent, refs: [parent], sources: [], diagnostics: [] }
  }
  const { refs, sources, diagnostics } = recorded(asTemplate(to, config), config, context)
  const [ref, source] = [refs[0], sources[0]]
  if (ref !== undefined) return { to: ref, refs: [ref], sources: [], diagnostics }
  return { ...(source && { to: source }), refs: [], sources: sources.slice(0, 1), diagnostics }
}

/** What a template of a test's arguments refers to. */
function recorded(
  source: TemplateSource | undefined,
  config: TestConfig,
  context: TemplateContext,
): Reads & { readonly diagnostics: readonly Diagnostic[] } {
  if (source === undefined) return { refs: [], sources: [], diagnostics: [] }
  const { template, diagnostics } = parseTemplate(source)
  if (template === undefined) return { refs: [], sources: [], diagnostics }
  const record = emptyRecord(config.span.file)
  recordRendering({ template, context, self: undefined, isIncremental: false }, record)
  return { refs: record.refs, sources: record.sources, diagnostics: [...diagnostics, ...record.diagnostics] }
}

/** `ref('x')` alone is an expression; its places are kept. */
function asTemplate(text: string, config: TestConfig): TemplateSource {
  const { file, origin } = config.textOf?.('to') ?? { file: config.span.file, origin: () => config.span }
  if (text.includes('{{')) return { file, text, origin }
  const before = '{{ '
  const inside = (offset: number) => Math.min(Math.max(0, offset - before.length), text.length)
  return { file, text: `${before}${text} }}`, origin: (offset) => origin(inside(offset)) }
}

/** A SQL file under `tests/`: the rows that it returns are failures. */
export function singularTest(
  file: ProjectFile,
  parsed: ParsedTemplate,
  context: TemplateContext,
): { node?: TestNode; diagnostics: readonly Diagnostic[] } {
  const name = stemOf(file.path, '.ff.sql', '.sql')
  const span: SourceSpan = { file: file.path, line: 1, column: 1 }
  if (parsed.template === undefined) return { diagnostics: parsed.diagnostics }
  const recorded = emptyRecord(file.path)
  recordRendering({ template: parsed.template, context, self: undefined, isIncremental: false }, recorded)
  const config = recorded.config.values()
  const tags = config['tags']
  const node: TestNode = {
    uniqueId: uniqueId('test', context.facts.projectName, name),
    resourceType: 'test',
    name,
    packageName: context.facts.projectName,
    fqn: fqnOf(context.facts.projectName, file.path, 'tests', name),
    path: file.path,
    tags: Array.isArray(tags) ? tags.map(String) : typeof tags === 'string' ? [tags] : [],
    description: '',
    meta: {},
    span,
    test: { kind: 'singular', template: parsed.template, rawCode: file.text },
    severity: config['severity'] === 'warn' ? 'warn' : 'error',
    enabled: config['enabled'] !== false,
    refs: recorded.refs,
    sources: recorded.sources,
  }
  return { node, diagnostics: [...parsed.diagnostics, ...recorded.diagnostics, ...checkName(name, 'test', span)] }
}
