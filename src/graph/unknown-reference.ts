import type { Diagnostic } from '../core/index.js'
import type { RefCall, SourceCall } from '../parse/index.js'
import { diagnostic } from './diagnostics.js'
import { type References, referencesTo } from './references.js'
import type { Dag } from './types.js'

/** Who refers: the package that is looked at first, and the engines of a model of that name for other engines. */
interface Referrer {
  readonly packageName: string
  readonly engines?: readonly string[] | undefined
}

/** 'ref-not-found' at the name, or at the package when there is no such package. */
export function unknownRef(known: References, call: RefCall, { packageName, engines }: Referrer): Diagnostic {
  const packages = [...known.packages()]
  const isPackageWrong = call.package !== undefined && !packages.includes(call.package)
  const params = {
    ref: spellRef(call),
    name: call.name,
    packageName: call.package,
    packages,
    names: [...known.refNames()],
    elsewhere: call.package === undefined ? undefined : known.ref(packageName, call.name)?.packageName,
    source: known.sources().find((source) => source.source.name === call.name)?.source.sourceName,
    engines,
  }
  return diagnostic('ref-not-found', params, isPackageWrong ? (call.packageSpan ?? call.span) : call.span)
}

/** 'source-not-found' at the table, or at the source when there is no such source. */
export function unknownSource(known: References, call: SourceCall): Diagnostic {
  const sources = known.sources().map((source) => source.source)
  const isTableWrong = sources.some((source) => source.sourceName === call.source)
  const span = isTableWrong ? (call.tableSpan ?? call.span) : call.span
  return diagnostic('source-not-found', { source: call.source, table: call.table, sources }, span)
}

/** What a SELECT from outside the project may refer to, and the fault when it refers to something else. */
export function referencesOf({ nodes, project }: Dag) {
  const known = referencesTo(nodes.values(), project.projectName)
  const packageName = project.projectName
  const engines = (name: string) => project.otherEngines.find((other) => other.name === name)?.engines
  return {
    ref: ({ name, package: from }: RefCall) => known.ref(packageName, name, from)?.uniqueId,
    source: ({ source, table }: SourceCall) => known.source(packageName, source, table)?.uniqueId,
    unknownRef: (call: RefCall) => unknownRef(known, call, { packageName, engines: engines(call.name) }),
    unknownSource: (call: SourceCall) => unknownSource(known, call),
  }
}

/** The call as one writes it. */
export function spellRef({ name, package: from }: RefCall): string {
  return from === undefined ? `ref('${name}')` : `ref('${from}', '${name}')`
}
