/**
 * Runs every example of docs/. The convention:
 *
 * - `<!-- project: scaffold -->` at the top of a page says where its commands start: inside what `fft init shop` makes;
 *   `examples/<name>`: beside a copy of that example; else in an empty folder.
 * - `<!-- needs: postgres spark -->` names servers of the test run; variables lead to them.
 * - A block with `file=PATH` is written there (with `append`: added at the end).
 * - A `sh` block is run; `exit=1` is the exit code to expect (0), `run=no` leaves it (or a file) alone. Folder and
 *   variables last.
 * - A block with `output` is what the `sh` block before it prints; a line `…` stands for any lines. Durations, today's
 *   times and the order of nodes that run side by side do not count.
 * - Files that no command followed are built at the end of the page.
 *
 * `UPDATE_DOCS=1 npx vitest run test/docs` writes the outputs into the pages.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Block, directive, matches, readBlocks, setting, withTexts } from './page.js'
import { missing, patienceMs, type Server, serve } from './servers.js'
import { root, Shell } from './shell.js'

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => path.replaceAll('\\', '/'))
  .sort()

const text = (page: string): string => readFileSync(join(root, 'docs', page), 'utf8')

describe.each(pages)('docs/%s', (page) => {
  const needs = (directive(text(page), 'needs')?.split(' ') ?? []) as readonly Server[]
  const lacking = missing(needs)

  const title = `does what it says${lacking === undefined ? '' : ` (${lacking})`}`

  test.skipIf(lacking !== undefined)(title, { timeout: patienceMs(needs) }, async () => {
    const markdown = text(page)
    const served = await serve(needs)
    onTestFinished(() => served.end())
    const shell = new Shell(directive(markdown, 'project') ?? 'empty', served.variables)
    onTestFinished(() => shell.close())
    const updated = new Map<Block, string>()
    try {
      follow(readBlocks(markdown), shell, updated)
    } finally {
      if (updated.size > 0) writeFileSync(join(root, 'docs', page), withTexts(markdown, updated))
    }
  })

  test('runs every example that it shows', () => {
    const loose = readBlocks(text(page)).filter((block) => isCode(block) && !isUsed(block))
    expect(loose.map(({ language, line }) => `line ${line}: ${language} without file= or output`)).toEqual([])
  })

  test('has links that lead somewhere', () => {
    expect(links(page).filter((link) => !leadsSomewhere(link))).toEqual([])
  })
})

test('every page can be reached from docs/index.md', () => {
  const reached = new Set(['index.md'])
  for (const page of reached) {
    for (const { path } of links(page)) if (path.endsWith('.md') && !path.startsWith('..')) reached.add(path)
  }
  expect(pages.filter((page) => !reached.has(page))).toEqual([])
})

test('troubleshooting.md explains codes that exist', () => {
  const explained = [...text('troubleshooting.md').matchAll(/^\| (`.*?) \|/gm)]
    .flatMap(([, cell = '']) => cell.split(', '))
    .map((code) => code.replaceAll('`', ''))
  const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(root, 'src', path), 'utf8'))
    .join('\n')
  expect(explained.length).toBeGreaterThan(30)
  expect(explained.filter((code) => !source.includes(`'${code}'`) && !source.includes(`  ${code}: (`))).toEqual([])
})

/** Follows a page; collects the new texts of its outputs when they are to be updated. */
function follow(blocks: readonly Block[], shell: Shell, updated: Map<Block, string>): void {
  let printed = ''
  let hasUnbuilt = false
  for (const block of blocks) {
    if (setting(block, 'file') !== undefined) {
      writeBlock(block, shell)
      hasUnbuilt = true
    } else if (block.language === 'sh' && setting(block, 'run') !== 'no') {
      printed = runBlock(block, shell)
      hasUnbuilt = false
    } else if (block.words.includes('output') && !matches(printed, block.text)) {
      if (process.env.UPDATE_DOCS === undefined) expect(printed, `output of line ${block.line}`).toBe(block.text)
      updated.set(block, printed)
    }
  }
  if (hasUnbuilt) expect(shell.run('fft build'), 'fft build at the end of the page').toMatchObject({ code: 0 })
}

function writeBlock(block: Block, shell: Shell): void {
  const path = join(shell.folder(), setting(block, 'file') ?? '')
  mkdirSync(dirname(path), { recursive: true })
  if (block.words.includes('append')) appendFileSync(path, block.text)
  else writeFileSync(path, block.text)
}

function runBlock(block: Block, shell: Shell): string {
  const { code, output } = shell.run(block.text)
  expect(code, `exit code of line ${block.line}:\n${block.text}\n${output}`).toBe(Number(setting(block, 'exit') ?? 0))
  return output
}

function isCode({ language }: Block): boolean {
  return ['sql', 'yaml', 'ts', 'csv', 'jinja'].includes(language)
}

function isUsed(block: Block): boolean {
  return setting(block, 'file') !== undefined || ['output', 'run=no'].some((word) => block.words.includes(word))
}

interface Link {
  /** From docs/. */
  readonly path: string
  readonly anchor: string | undefined
}

function links(page: string): readonly Link[] {
  const prose = text(page).replace(/^(`{3,})[\s\S]*?^\1$/gm, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return []
    const [path = '', anchor] = target.split('#')
    return [{ path: path === '' ? page : normalize(join(dirname(page), path)).replaceAll('\\', '/'), anchor }]
  })
}

function leadsSomewhere({ path, anchor }: Link): boolean {
  if (!path.endsWith('.md'))
    return readdirSync(join(root, 'docs', dirname(path))).includes(path.split('/').at(-1) ?? '')
  if (!pages.includes(path)) return false
  return anchor === undefined || headings(path).includes(anchor)
}

/** The anchors of a page, as GitHub makes them. */
function headings(page: string): readonly string[] {
  return [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
