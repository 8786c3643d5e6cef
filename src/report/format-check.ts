import type { Diagnostic } from '../core/index.js'
import { buildJunit } from './build-junit.js'
import { formatDiagnostic, type ReadSource } from './format-diagnostic.js'

export const checkFormats = ['text', 'sarif', 'junit', 'github', 'json'] as const
export type CheckFormat = (typeof checkFormats)[number]

/** What a static check of the project found. */
export interface Check {
  readonly project: string
  readonly diagnostics: readonly Diagnostic[]
  /** Unique ids of the nodes that were checked; empty when the project could not be read. */
  readonly checked: readonly string[]
  readonly startedAt: Date
  readonly elapsedMs: number
  /** fft's version. */
  readonly version: string
}

/** The findings in the form that a reader takes: a person, a code-scanning service, a CI server, GitHub, a program. */
export function formatCheck(check: Check, format: CheckFormat, readSource: ReadSource): string {
  switch (format) {
    case 'text':
      return asText(check, readSource)
    case 'sarif':
      return `${JSON.stringify(asSarif(check), undefined, 2)}\n`
    case 'junit':
      return asJunit(check)
    case 'github':
      return check.diagnostics.map(asGithub).join('')
    case 'json':
      return `${JSON.stringify(asJson(check))}\n`
  }
}

function asText(check: Check, readSource: ReadSource): string {
  const found = check.diagnostics.map((each) => formatDiagnostic(each, readSource, { color: false }))
  const { errors, warnings } = counts(check)
  const summary = [counted(errors, 'error'), counted(warnings, 'warning'), counted(check.checked.length, 'node')]
  return `${found.join('')}${summary.join(', ')} checked\n`
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function asJson(check: Check) {
  const { errors, warnings } = counts(check)
  const issues = check.diagnostics.map(({ code, severity, message, hint, span }) => ({
    code,
    severity,
    message,
    hint,
    file: span?.file,
    line: span?.line,
    column: span?.column,
  }))
  return { project: check.project, errors, warnings, issues, checked: check.checked }
}

function counts({ diagnostics }: Check) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: diagnostics.length - errors }
}

/** SARIF 2.1.0. */
function asSarif({ diagnostics, version }: Check) {
  const rules = [...new Set(diagnostics.map(({ code }) => code))].map((id) => ({ id }))
  const results = diagnostics.map(({ code, severity, message, hint, span }) => ({
    ruleId: code,
    level: severity,
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    locations:
      span === undefined
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(span.file), uriBaseId: '%SRCROOT%' },
                region: {
                  startLine: span.line,
                  startColumn: span.column,
                  ...(span.length === undefined ? {} : { endColumn: span.column + span.length }),
                },
              },
            },
          ],
  }))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'fft', version, rules } }, columnKind: 'unicodeCodePoints', results }],
  }
}

function asJunit({ diagnostics, checked, startedAt, elapsedMs }: Check): string {
  const cases = diagnostics.map(({ code, severity, message, span }) => ({
    uniqueId: `check.${code}`,
    name: span === undefined ? code : `${span.file}:${span.line}:${span.column} ${code}`,
    status: severity === 'error' ? ('fail' as const) : ('warn' as const),
    durationMs: 0,
    message,
  }))
  const good = {
    uniqueId: 'check.project',
    name: `${checked.length} nodes`,
    status: 'pass' as const,
    durationMs: elapsedMs,
  }
  return buildJunit(cases.length > 0 ? cases : [good], { command: 'ci check', startedAt, elapsedMs })
}

/** A workflow command of GitHub: an annotation at the place. */
function asGithub({ code, severity, message, hint, span }: Diagnostic): string {
  const place = span === undefined ? [] : [`file=${property(span.file)}`, `line=${span.line}`, `col=${span.column}`]
  const text = hint === undefined ? message : `${message}\n${hint}`
  return `::${severity} ${[...place, `title=${property(code)}`].join(',')}::${escaped(text)}\n`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
