import { closest, diagnosticsOf, type Severity, suggest } from '../core/index.js'

/** Makes the diagnostics of the graph stage. */
export const diagnostic = diagnosticsOf({
  'ref-not-found': (p: {
    ref: string
    name: string
    packageName: string | undefined
    packages: readonly string[]
    names: readonly string[]
    /** Engines of a model of that name that is limited to other engines. */
    engines: readonly string[] | undefined
    /** The package that has a node of that name. */
    elsewhere: string | undefined
    /** The source that has a table of that name. */
    source: string | undefined
  }) => {
    if (p.engines !== undefined) {
      return {
        message: `${p.ref} names a model that exists for ${p.engines.join(', ')} only`,
        hint: 'limit this model to the same engines, or give the other one more (engines=[…])',
      }
    }
    return { message: `${p.ref} names no model, seed or snapshot`, hint: hintForRef(p) }
  },
  'ref-disabled': (p: { ref: string }) => ({
    message: `${p.ref} names a model that is disabled`,
    hint: 'enable it (enabled: true), or disable this model too',
  }),
  'ref-private': (p: { ref: string; group: string; from: string | undefined }) => ({
    message: `${p.ref} names a private model of the group '${p.group}'${p.from === undefined ? '' : `; this one is in '${p.from}'`}`,
    hint: `put this model into the group (group: ${p.group}), or make the other one protected (access: protected)`,
  }),
  'source-not-found': (p: {
    source: string
    table: string
    sources: readonly { readonly sourceName: string; readonly name: string }[]
  }) => {
    const tables = p.sources.filter((source) => source.sourceName === p.source).map((source) => source.name)
    const names = new Set(p.sources.map((source) => source.sourceName))
    const call = `source('${p.source}', '${p.table}')`
    if (tables.length > 0) {
      const hint = suggest(p.table, tables, `tables of '${p.source}'`)
      return { message: `${call} names no table of source '${p.source}'`, hint }
    }
    const hint = names.size === 0 ? 'declare it in sources.yml' : suggest(p.source, names, 'sources')
    return { message: `${call}: there is no source '${p.source}'`, hint }
  },
  'self-ref': (p: { name: string }) => ({
    message: `'${p.name}' refers to itself: ${p.name} -> ${p.name}`,
    hint: 'use {{ this }} for the rows that the model has already, inside {% if is_incremental() %}',
  }),
  cycle: (p: { ring: readonly string[] }) => ({
    message: `models refer to each other in a ring: ${[...p.ring, p.ring[0]].join(' -> ')}`,
    hint: 'take one of these references away; a model that reads its own earlier rows uses {{ this }}',
  }),
  'test-left-out': (p: { test: string; name: string; reason: string }) => ({
    message: `test '${p.test}' is left out: '${p.name}', which it reads, ${p.reason}`,
    severity: 'warning' as const,
  }),
  'selector-syntax': (p: { fault: string; selector: string; offset: number; hint?: string }) => ({
    message: `${p.fault}\n  ${p.selector}\n  ${caretUnder(p.selector, p.offset)}`,
    hint: p.hint,
  }),
  'selector-unknown-method': (p: { method: string; methods: readonly string[]; atom: string }) => ({
    message: `'${p.atom}': there is no selector method '${p.method}'`,
    hint: suggest(p.method, p.methods, 'methods'),
  }),
  'selector-history': (p: { atom: string; fault: string; hint: string }) => ({
    message: `'${p.atom}': ${p.fault}`,
    hint: p.hint,
  }),
  'selector-no-match': (p: { atom: string; what: string; hint: string | undefined; severity: Severity }) => ({
    message: `'${p.atom}' matches ${p.what}`,
    hint: p.hint,
    severity: p.severity,
  }),
  'selector-other-engine': (p: { atom: string; engines: readonly string[]; severity: Severity }) => ({
    message: `'${p.atom}' exists for ${p.engines.join(', ')} only`,
    hint: `choose an environment or --engine of ${p.engines.join(' or ')}`,
    severity: p.severity,
  }),
  'selector-disabled': (p: { atom: string; severity: Severity }) => ({
    message: `'${p.atom}' is disabled`,
    hint: 'set enabled: true to select it',
    severity: p.severity,
  }),
  'selector-nothing-in-common': (p: { selector: string }) => ({
    message: `no node matches every part of '${p.selector}'`,
    hint: 'a comma means "and"; a space means "or"',
    severity: 'warning' as const,
  }),
  'selector-renamed': (p: { atom: string; use: string }) => ({
    message: `'${p.atom}' means '${p.use}' here: code models are written in TypeScript`,
    severity: 'warning' as const,
  }),
  'selection-empty': (p: { reason: string; hint: string }) => ({ message: p.reason, hint: p.hint }),
  'selector-unknown': (p: { name: string; names: readonly string[]; severity: Severity }) => ({
    message: `there is no selector '${p.name}' in selectors.yml`,
    hint: p.names.length === 0 ? 'selectors.yml is missing or empty' : suggest(p.name, p.names, 'selectors'),
    severity: p.severity,
  }),
  'selector-loop': (p: { ring: readonly string[] }) => ({
    message: `selectors refer to each other in a ring: ${p.ring.join(' -> ')}`,
    hint: 'write one of them out',
  }),
  'selectors-file': (p: { fault: string; hint?: string | undefined }) => ({ message: p.fault, hint: p.hint }),
  'unknown-output-key': (p: { key: string; keys: readonly string[] }) => ({
    message: `--output-keys: there is no key '${p.key}'`,
    hint: suggest(p.key, p.keys, 'keys'),
  }),
})

function hintForRef(p: {
  name: string
  packageName: string | undefined
  packages: readonly string[]
  names: readonly string[]
  elsewhere: string | undefined
  source: string | undefined
}): string | undefined {
  if (p.elsewhere !== undefined) return `package '${p.elsewhere}' has it: ref('${p.elsewhere}', '${p.name}')`
  if (p.packageName !== undefined && !p.packages.includes(p.packageName)) {
    return `there is no package '${p.packageName}'; ${suggest(p.packageName, p.packages, 'packages') ?? 'leave it out'}`
  }
  const near = closest(p.name, p.names)
  if (near !== undefined) return `did you mean '${near}'?`
  if (p.source !== undefined) return `there is a source of that name: source('${p.source}', '${p.name}')`
  return suggest(p.name, p.names, 'names')
}

/** Code points, so that the caret stands right under the fault. */
function caretUnder(text: string, offset: number): string {
  return `${' '.repeat([...text.slice(0, offset)].length)}^`
}
