import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type {
  CiCheckOptions,
  CompileOptions,
  DagOptions,
  GlobalOptions,
  InitOptions,
  LsOptions,
  OperationOptions,
  PlanOptions,
  RunOptions,
  SelectionOptions,
  ServeOptions,
  ShowOptions,
  StateGapsOptions,
  StateHistoryOptions,
  StateOptions,
  SyncOptions,
} from '../app/index.js'
import { checkFormats } from '../report/index.js'
import { diagnostic, usageError } from './diagnostics.js'
import { parseVars } from './parse-vars.js'
import { readSample } from './read-sample.js'

const resourceTypes: readonly string[] = ['model', 'seed', 'snapshot', 'source', 'test']

/** A command line after parsing: the command, its words and its checked options, and where it was typed. */
export interface Parsed {
  readonly command: string
  /** The command has `--select`. */
  readonly takesModels: boolean
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, unknown>>
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly interactive: boolean
}

export async function readRun(parsed: Parsed): Promise<RunOptions> {
  const { flags } = parsed
  if (is(flags.failFast) && is(flags.keepGoing)) throw exclusive('--fail-fast', '--keep-going')
  if (is(flags.empty) && flags.sample !== undefined) throw exclusive('--empty', '--sample')
  return {
    ...(await readGlobal(parsed)),
    ...readSelection(parsed),
    ...optional('sample', await readSample(text(flags.sample))),
    fullRefresh: is(flags.fullRefresh),
    jobs: typeof flags.jobs === 'number' ? flags.jobs : 'auto',
    failFast: is(flags.failFast),
    cache: oneOf(flags.cache, ['rw', 'ro', 'wo', 'off'] as const) ?? (flags.cache === false ? 'off' : 'rw'),
    rebuild: is(flags.rebuild),
    waitLockMs: typeof flags.waitLock === 'number' ? flags.waitLock * 1000 : 0,
    dryRun: is(flags.dryRun),
    backfillColumns: is(flags.backfillColumns),
    ...readPruning(flags),
    ...readRange(flags),
    batches: is(flags.batches),
    defer: is(flags.defer),
    empty: is(flags.empty),
    storeFailures: is(flags.storeFailures),
    reports: readReports(parsed),
  }
}

function readRange({ start, end }: Parsed['flags']): Pick<RunOptions, 'start' | 'end'> {
  const range = { ...optional('start', number(start)), ...optional('end', number(end)) }
  if (range.start !== undefined && range.end !== undefined && range.start >= range.end)
    throw usageError(diagnostic('empty-range', undefined))
  return range
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

export async function readPlan(parsed: Parsed): Promise<PlanOptions> {
  const { json, detailedExitcode } = parsed.flags
  return { ...(await readRun(parsed)), json: is(json), detailedExitCode: is(detailedExitcode) }
}

export async function readCompile(parsed: Parsed): Promise<CompileOptions> {
  return { ...(await readGlobal(parsed)), ...readSelection(parsed) }
}

export async function readServe(parsed: Parsed): Promise<ServeOptions> {
  const { port } = parsed.flags
  return { ...(await readCompile(parsed)), port: typeof port === 'number' ? port : 8080 }
}

export async function readSync(parsed: Parsed): Promise<SyncOptions> {
  return { ...(await readCompile(parsed)), dryRun: is(parsed.flags.dryRun) }
}

export async function readShow(parsed: Parsed): Promise<ShowOptions> {
  const { limit, inline, output } = parsed.flags
  return {
    ...(await readCompile(parsed)),
    ...optional('inline', text(inline)),
    limit: typeof limit === 'number' ? limit : 10,
    output: oneOf(output, ['table', 'json'] as const) ?? 'table',
  }
}

export async function readLs(parsed: Parsed): Promise<LsOptions> {
  const { output, outputKeys } = parsed.flags
  return {
    ...(await readCompile(parsed)),
    output: oneOf(output, ['selector', 'name', 'path', 'json'] as const) ?? 'selector',
    outputKeys: lists(outputKeys).flat(),
  }
}

export async function readDag(parsed: Parsed): Promise<DagOptions> {
  const { format, html, out } = parsed.flags
  const outPath = text(out)
  return {
    ...(await readCompile(parsed)),
    ...optional('outPath', outPath === undefined ? undefined : resolve(parsed.cwd, outPath)),
    format: is(html) ? 'html' : (oneOf(format, ['text', 'mermaid', 'dot', 'html'] as const) ?? 'text'),
  }
}

export async function readDebug(parsed: Parsed): Promise<GlobalOptions> {
  return readGlobal(parsed)
}

export function readInit(parsed: Parsed): InitOptions {
  const { name, template, engine } = parsed.flags
  return {
    directory: resolve(parsed.cwd, parsed.words[0] ?? '.'),
    ...optional('name', text(name)),
    ...optional('template', text(template)),
    ...optional('engine', text(engine)),
    interactive: parsed.interactive,
  }
}

export async function readCiCheck(parsed: Parsed): Promise<CiCheckOptions> {
  const { format, output } = parsed.flags
  const outputPath = text(output)
  return {
    ...(await readCompile(parsed)),
    format: oneOf(format, checkFormats) ?? 'text',
    ...optional('outputPath', outputPath === undefined ? undefined : resolve(parsed.cwd, outputPath)),
  }
}

export async function readOperation(parsed: Parsed): Promise<OperationOptions> {
  const [macro = ''] = parsed.words
  const args = text(parsed.flags.args)
  return {
    ...(await readGlobal({ ...parsed, words: [] })),
    macro,
    args: args === undefined ? {} : await parseVars([args], '--args'),
  }
}

export async function readState(action: StateOptions['action'], parsed: Parsed): Promise<StateOptions> {
  const [first = '', ...rest] = parsed.words
  const global = await readGlobal({ ...parsed, words: [] })
  if (action === 'show') return { ...global, action, models: parsed.words, json: is(parsed.flags.json) }
  if (action === 'reset') return { ...global, action, models: parsed.words, yes: is(parsed.flags.yes) }
  return { ...global, action, model: first, values: rest.map(readAssignment) }
}

export async function readStateGaps(parsed: Parsed): Promise<StateGapsOptions> {
  const { json, fail } = parsed.flags
  return { ...(await readGlobal({ ...parsed, words: [] })), models: parsed.words, json: is(json), fail: is(fail) }
}

export async function readStateHistory(parsed: Parsed): Promise<StateHistoryOptions> {
  const { json, limit, runs } = parsed.flags
  const global = await readGlobal({ ...parsed, words: [] })
  return { ...global, models: parsed.words, json: is(json), runs: is(runs), ...optional('limit', number(limit)) }
}

async function readGlobal(parsed: Parsed): Promise<GlobalOptions> {
  const { flags, environment, cwd } = parsed
  const profilesDir = text(flags.profilesDir)
  const targetPath = text(flags.targetPath) ?? text(environment.FFT_TARGET_PATH)
  return {
    projectDir: readProjectDir(parsed),
    ...optional('env', readEnv(flags)),
    ...optional('engine', text(flags.engine)),
    vars: await parseVars(lists(flags.vars).flat()),
    ...optional('profilesDir', profilesDir === undefined ? undefined : resolve(cwd, profilesDir)),
    ...optional('targetPath', targetPath === undefined ? undefined : resolve(cwd, targetPath)),
    environment,
    interactive: parsed.interactive,
  }
}

function readProjectDir({ command, takesModels, words, flags, cwd }: Parsed): string {
  const positional = words[0]
  const flag = flags.project === '.' ? undefined : text(flags.project)
  if (positional !== undefined && flag !== undefined && resolve(cwd, positional) !== resolve(cwd, flag)) {
    throw usageError(diagnostic('two-projects', { positional, flag }))
  }
  const path = positional ?? flag ?? '.'
  const folder = resolve(cwd, path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const isWord = positional !== undefined
    throw usageError(diagnostic('no-such-folder', { path, command, isWord, takesModels: takesModels && isWord }))
  }
  return folder
}

function readEnv({ env, target }: Parsed['flags']): string | undefined {
  const [first, second] = [text(env), text(target)]
  if (first !== undefined && second !== undefined && first !== second)
    throw exclusive(`--env ${first}`, `--target ${second}`)
  return first ?? second
}

function readSelection({ flags, cwd }: Parsed): SelectionOptions {
  const state = text(flags.state)
  const changed = text(flags.changedSince)
  const mode = oneOf(flags.indirectSelection, ['eager', 'cautious', 'buildable', 'empty'] as const)
  return {
    select: [...lists(flags.select), ...(changed === undefined ? [] : [[`changed:${changed}+`]])],
    exclude: lists(flags.exclude),
    ...optional('selector', text(flags.selector)),
    resourceTypes: readResourceTypes(flags),
    ...optional('indirectSelection', mode),
    ...optional('stateDir', state === undefined ? undefined : resolve(cwd, state)),
    allowEmpty: is(flags.allowEmpty),
    withParents: is(flags.withParents),
  }
}

function readResourceTypes(flags: Parsed['flags']): readonly string[] {
  const types = lists(flags.resourceType).flat()
  const wrong = types.find((type) => !resourceTypes.includes(type))
  if (wrong === undefined) return types
  throw usageError(
    diagnostic('bad-option-value', { flag: '--resource-type', value: wrong, allowed: [...resourceTypes] }),
  )
}

function readReports({ flags }: Parsed): readonly string[] {
  const reports = lists(flags.report).flat()
  for (const value of reports) {
    if (/^junit=./.test(value)) continue
    throw usageError(diagnostic('bad-option-value', { flag: '--report', value, allowed: 'write junit=FILE' }))
  }
  return reports
}

function readAssignment(word: string): { column: string; value: string } {
  const equals = word.indexOf('=')
  if (equals > 0) return { column: word.slice(0, equals), value: word.slice(equals + 1) }
  throw usageError(diagnostic('bad-assignment', { word }))
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value })
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function is(value: unknown): boolean {
  return value === true
}

function oneOf<Word extends string>(value: unknown, allowed: readonly Word[]): Word | undefined {
  return allowed.find((word) => word === value)
}

/** Values of a repeated flag: words, or lists of words. */
function lists(value: unknown): readonly string[][] {
  if (!Array.isArray(value)) return []
  return value.map((item) => (Array.isArray(item) ? item : [item]).map(String))
}

function exclusive(first: string, second: string): Error {
  return usageError(diagnostic('flags-exclude', { first, second }))
}

/** `--prune` says that versions go, `--keep-last` how many stay: each needs the other. */
function readPruning(flags: Parsed['flags']): Pick<RunOptions, 'keepLast'> {
  const { prune, keepLast } = flags
  if ((prune === true) !== (keepLast !== undefined)) {
    const [flag, other] = prune === true ? ['--prune', '--keep-last N'] : ['--keep-last', '--prune']
    throw usageError(diagnostic('flag-needs', { flag, other }))
  }
  return typeof keepLast === 'number' ? { keepLast } : {}
}
