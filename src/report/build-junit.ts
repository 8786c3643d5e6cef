import type { NodeResult } from './build-run-results.js'

export interface JunitMeta {
  /** `run`, `test`, `build`. */
  readonly command: string
  readonly startedAt: Date
  readonly elapsedMs: number
  /** The whole failure of a node as text without color; default: its message. */
  readonly failureText?: (uniqueId: string) => string | undefined
}

/** A JUnit XML report: one suite, one case a node. */
export function buildJunit(results: readonly NodeResult[], meta: JunitMeta): string {
  const count = (...statuses: readonly string[]): number => results.filter((it) => statuses.includes(it.status)).length
  const totals = {
    name: `fft ${meta.command}`,
    tests: results.length,
    failures: count('fail'),
    errors: count('error') + count('partial success'),
    skipped: count('skipped'),
    time: seconds(meta.elapsedMs),
  }
  const suite = { ...totals, timestamp: meta.startedAt.toISOString().slice(0, 19) }
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributes(totals)}>
  <testsuite${attributes(suite)}>
${results.map((result) => testCase(result, meta)).join('')}  </testsuite>
</testsuites>
`
}

function testCase(result: NodeResult, meta: JunitMeta): string {
  const { uniqueId, name, status, durationMs, message = '' } = result
  const head = `    <testcase${attributes({ name, classname: uniqueId.split('.').slice(0, 2).join('.'), time: seconds(durationMs) })}`
  const text = meta.failureText?.(uniqueId) ?? message
  switch (status) {
    case 'fail':
      return `${head}>\n      <failure${attributes({ message })}>${escapeXml(text)}</failure>\n    </testcase>\n`
    case 'error':
    case 'partial success':
      return `${head}>\n      <error${attributes({ message })}>${escapeXml(text)}</error>\n    </testcase>\n`
    case 'skipped':
      return `${head}>\n      <skipped${attributes({ message })}/>\n    </testcase>\n`
    case 'warn':
      return `${head}>\n      <system-out>${escapeXml(text)}</system-out>\n    </testcase>\n`
    default:
      return `${head}/>\n`
  }
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML 1.0 cannot hold become `�`. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => entities[character] ?? character)
  )
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}
