import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cases } from './cases/index.js'
import { type Engine, engines } from './engines/index.js'
import { isLeftOut } from './lab.js'
import { type PromiseName, promises } from './promises.js'
import { sentences } from './sentences.js'

const root = join(import.meta.dirname, '../..')
const caseFolder = 'test/conformance/cases'

/** Where the page stands, from the root. */
export const guaranteesPath = 'docs/reference/guarantees.md'

/** What no case of a single run can show, and the suites that show it. */
export const suites: readonly { readonly sentence: string; readonly file: string }[] = [
  { sentence: 'Running day by day leaves the rows that a full refresh leaves.', file: 'test/law/law.test.ts' },
  { sentence: 'The same holds for windows of time, whatever the clock did.', file: 'test/law/windows.test.ts' },
  { sentence: 'Every run does what plain functions over arrays do.', file: 'test/law/naive.ts' },
  {
    sentence:
      'A process that is killed around any call of the engine leaves the old rows or the new ones; a rerun ends it.',
    file: 'test/crash/kill.test.ts',
  },
  {
    sentence: 'A server that ends the session around any call leaves the old rows or the new ones; a rerun ends it.',
    file: 'test/crash/session.test.ts',
  },
  { sentence: 'A statement that fails keeps nothing of its transaction.', file: 'test/crash/fault.test.ts' },
  {
    sentence: 'Two runs at once wait for one another, and the second one plans anew; Ctrl-C rolls back.',
    file: 'test/crash/interrupt.test.ts',
  },
  {
    sentence: 'Two processes that run one project fifty times at once lose no row and double none.',
    file: 'test/crash/two-writers.test.ts',
  },
  { sentence: 'The plan of every strategy is known statement by statement.', file: 'test/golden/plans.test.ts' },
  { sentence: 'A wire that fails loses no row and doubles none.', file: 'test/databricks/faults.test.ts' },
  { sentence: 'Commits of Delta tables carry what they stand for.', file: 'test/databricks/commits.test.ts' },
]

/** The page that says what is promised and where each promise is shown to be kept. */
export function guaranteesPage(): string {
  const files = caseFiles()
  const names = Object.keys(promises) as readonly PromiseName[]
  const all = cases.flatMap(({ list }) => list)
  const rows = names.map((name) => {
    const mine = all.filter(({ promise }) => promise === name)
    const counts = engines.map((engine) => count(engine, name, mine))
    const links = (files.get(name) ?? []).map((file) => `[${file}](../../${caseFolder}/${file})`).join(', ')
    return `| ${upperFirst(promises[name])}. | ${counts.join(' | ')} | ${links} |`
  })
  return `# Guarantees

What fft promises of a warehouse, and the tests that hold it to that. Each case runs on a real engine and looks at rows,
columns, counts and errors; the numbers are the cases that an engine runs. This page is written by
\`UPDATE_DOCS=1 npx vitest run test/conformance/promises.test.ts\`, and a test fails when a promise has no case, or when
the page is not what the tests are.

| promise | ${engines.map(({ name }) => name).join(' | ')} | shown in |
| --- | ${engines.map(() => '---:').join(' | ')} | --- |
${rows.join('\n')}

Where statements take a good part of a second, a usual run takes the cases of strategies, keys, schema changes, windows
and late rows; \`FFT_SLOW_ENGINES=all\` takes all of them.

## Sentence by sentence

${sentencesText(files)}

## What single runs cannot show

| promise | suite |
| --- | --- |
${suites.map(({ sentence, file }) => `| ${sentence} | [${file}](../../${file}) |`).join('\n')}
`
}

function sentencesText(files: ReadonlyMap<string, readonly string[]>): string {
  const rows = Object.entries(sentences).flatMap(([about, list]) =>
    list.map(({ says, shown }) => `| ${about} | ${says} | ${shown.map((each) => links(each, files)).join(', ')} |`),
  )
  return ['| about | promise | shown in |', '| --- | --- | --- |', ...rows].join('\n')
}

function links(shown: string, files: ReadonlyMap<string, readonly string[]>): string {
  if (shown.startsWith('test/')) return `[${shown.slice('test/'.length)}](../../${shown})`
  return (files.get(shown) ?? []).map((file) => `[${file}](../../${caseFolder}/${file})`).join(', ')
}

/** Suites that the page names and that are not there. */
export function missingSuites(): readonly string[] {
  const named = Object.values(sentences).flatMap((list) => list.flatMap(({ shown }) => shown))
  const all = [...suites.map(({ file }) => file), ...named.filter((each) => each.startsWith('test/'))]
  return [...new Set(all)].filter((file) => !existsSync(join(root, file)))
}

/** Sentences without a test. */
export function unshownSentences(): readonly string[] {
  return Object.values(sentences).flatMap((list) =>
    list.flatMap(({ says, shown }) => (shown.length === 0 ? [says] : [])),
  )
}

function count(engine: Engine, name: PromiseName, mine: (typeof cases)[number]['list']): string {
  const reason = (engine.without as Readonly<Partial<Record<PromiseName, string>>>)[name]
  return reason ?? String(mine.filter((each) => !isLeftOut(each, engine)).length)
}

function upperFirst(text: string): string {
  // A key of the configuration keeps its spelling.
  return /^[a-z]+[ :]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

/** The files that have cases of a promise. */
function caseFiles(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const file of readdirSync(join(root, caseFolder)).sort()) {
    for (const [, name = ''] of readFileSync(join(root, caseFolder, file), 'utf8').matchAll(
      /proving\(\s*'([a-z-]+)'/g,
    )) {
      const known = found.get(name) ?? []
      if (!known.includes(file)) found.set(name, [...known, file])
    }
  }
  return found
}
