import type { Option } from 'commander'
import type { AppContext } from '../app/index.js'
import { flagSets } from './flags.js'
import {
  type Parsed,
  readCiCheck,
  readCompile,
  readDag,
  readDebug,
  readInit,
  readLs,
  readOperation,
  readPlan,
  readRun,
  readServe,
  readShow,
  readState,
  readStateGaps,
  readStateHistory,
  readSync,
} from './read-options.js'

/** Reads the options, loads the command's code and runs it; gives the exit code. */
type Start = (parsed: Parsed, context: AppContext) => Promise<number>

export interface CommandSpec {
  readonly name: string
  readonly alias?: string
  readonly summary: string
  /** Another name that the help leaves out. */
  readonly isHidden?: boolean
  readonly group: string
  /** commander's spelling: `[project]`, `<dir>`, `[models...]`. */
  readonly argument?: string
  readonly flags: readonly (() => Option[])[]
  readonly examples: readonly (readonly [command: string, meaning: string])[]
  readonly start?: Start
  readonly commands?: readonly CommandSpec[]
}

const { selecting, executing, building, testing, planning, retrying, showing, listing, drawing } = flagSets
const project = '[project]'
const build = 'Build:'
const look = 'Look:'
const setup = 'Set up:'

/** Every command that works, in the order of the help. A command's code is loaded when it is started. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'make a new project that runs at once',
    group: setup,
    argument: '<dir>',
    flags: [flagSets.initialising],
    examples: [['fft init shop', 'a project in the folder shop, on DuckDB']],
    start: action(readInit, async () => (await import('../app/init.js')).initCommand),
  },
  {
    name: 'debug',
    summary: 'check the profile, the connection and the rights',
    group: setup,
    argument: project,
    flags: [],
    examples: [['fft debug --env prod', 'what stands between you and production']],
    start: action(readDebug, async () => (await import('../app/debug.js')).debugCommand),
  },
  {
    name: 'seed',
    summary: 'load seed files into the warehouse',
    group: build,
    argument: project,
    flags: [selecting, executing],
    examples: [['fft seed --select raw_users', 'one file']],
    start: action(readRun, async () => (await import('../app/seed.js')).seedCommand),
  },
  {
    name: 'run',
    summary: 'build models; incremental ones take the delta alone',
    group: build,
    argument: project,
    flags: [selecting, building, executing],
    examples: [
      ['fft run', 'every model'],
      ['fft run --select orders+ tag:nightly', 'orders and what follows, and all with the tag'],
      ['fft run -s fct_orders --full-refresh', 'one model from nothing'],
    ],
    start: action(readRun, async () => (await import('../app/run.js')).runCommand),
  },
  {
    name: 'test',
    summary: 'test the data of models, seeds and sources',
    group: build,
    argument: project,
    flags: [selecting, testing, executing],
    examples: [['fft test --select orders', 'the tests of one model']],
    start: action(readRun, async () => (await import('../app/test.js')).testCommand),
  },
  {
    name: 'build',
    summary: 'seed, run and test in one pass, in order',
    group: build,
    argument: project,
    flags: [selecting, building, testing, executing],
    examples: [['fft build --fail-fast', 'stop at the first failure']],
    start: action(readRun, async () => (await import('../app/build.js')).buildCommand),
  },
  { ...snapshots('snapshot'), commands: [snapshots('run')] },
  {
    name: 'retry',
    summary: 'run what failed and was skipped the last time',
    group: build,
    argument: project,
    flags: [retrying, executing],
    examples: [['fft retry', 'go on where the last run, build, seed or test failed']],
    start: action(readRun, async () => (await import('../app/retry.js')).retryCommand),
  },
  {
    name: 'plan',
    summary: 'print what run would do, with the exact statements',
    group: look,
    argument: project,
    flags: [selecting, building, flagSets.json, planning],
    examples: [['fft plan --select fct_orders', 'the statements of one model, and why']],
    start: action(readPlan, async () => (await import('../app/plan.js')).planCommand),
  },
  {
    name: 'compile',
    summary: 'render templates to SQL, without a connection',
    group: look,
    argument: project,
    flags: [selecting],
    examples: [['fft compile --select fct_orders', 'the SQL of one model, in target/compiled']],
    start: action(readCompile, async () => (await import('../app/compile.js')).compileCommand),
  },
  {
    name: 'show',
    summary: 'preview the rows of a node',
    group: look,
    argument: project,
    flags: [selecting, showing],
    examples: [['fft show --select fct_orders --limit 5', 'five rows of one model']],
    start: action(readShow, async () => (await import('../app/show.js')).showCommand),
  },
  {
    name: 'ls',
    alias: 'list',
    summary: 'list the nodes of a selection',
    group: look,
    argument: project,
    flags: [selecting, listing],
    examples: [
      ['fft ls --select +fct_orders', 'a model and all that it is made of'],
      ['fft ls --output json', 'one object a line'],
    ],
    start: action(readLs, async () => (await import('../app/ls.js')).lsCommand),
  },
  {
    name: 'dag',
    summary: 'draw the graph',
    group: look,
    argument: project,
    flags: [selecting, drawing],
    examples: [['fft dag --format mermaid', 'for a README']],
    start: action(readDag, async () => (await import('../app/dag.js')).dagCommand),
  },
  {
    name: 'state',
    summary: 'what incremental models have seen: watermarks, windows, gaps',
    group: look,
    flags: [],
    examples: [
      ['fft state show', 'every watermark'],
      ['fft state gaps --fail', 'exit 1 when a window or a value is missing'],
      ['fft state set fct_orders updated_at=2024-01-01', 'go back in time'],
      ['fft state reset fct_orders', 'forget it; the next run builds from nothing'],
    ],
    commands: [
      stateCommand('show', '[models...]', 'print watermarks', flagSets.json),
      stateCommand('set', '<model> <column=value...>', 'write a watermark', () => []),
      stateCommand('reset', '<models...>', 'forget what is known of models', flagSets.asking),
      {
        name: 'gaps',
        summary: 'what is missing: windows that are not done, and what tests no_gaps find',
        group: 'Commands:',
        argument: '[models...]',
        flags: [flagSets.json, flagSets.failing],
        examples: [],
        start: action(readStateGaps, async () => (await import('../app/state-gaps.js')).stateGapsCommand),
      },
      {
        name: 'history',
        summary: 'what runs have recorded, newest first',
        group: 'Commands:',
        argument: '[models...]',
        flags: [flagSets.runs, flagSets.json, flagSets.limiting],
        examples: [],
        start: action(readStateHistory, async () => (await import('../app/state-history.js')).stateHistoryCommand),
      },
    ],
  },
  {
    name: 'source',
    summary: 'how fresh the sources are',
    group: look,
    flags: [],
    examples: [['fft source freshness', 'the lag of every source against its limits']],
    commands: [
      {
        name: 'freshness',
        summary: 'the lag of sources against warn_after and error_after',
        group: 'Commands:',
        argument: project,
        flags: [selecting],
        examples: [['fft source freshness --select source:shop', 'one source']],
        start: action(readCompile, async () => (await import('../app/freshness.js')).freshnessCommand),
      },
    ],
  },
  {
    name: 'deps',
    summary: 'check and lock the packages of packages.yml',
    group: setup,
    argument: project,
    flags: [],
    examples: [['fft deps', 'the packages, their versions and folders; writes packages.lock.yml']],
    start: action(readDebug, async () => (await import('../app/deps.js')).depsCommand),
  },
  {
    name: 'sync-db-comments',
    summary: 'write descriptions as comments in the warehouse, building nothing',
    group: setup,
    argument: project,
    flags: [selecting, flagSets.syncing],
    examples: [['fft sync-db-comments --dry-run', 'the statements']],
    start: action(readSync, async () => (await import('../app/sync-comments.js')).syncCommentsCommand),
  },
  {
    name: 'run-operation',
    summary: 'call a macro, with queries at hand',
    group: setup,
    argument: '<macro>',
    flags: [flagSets.operating],
    examples: [['fft run-operation grant_select --args role=reader', 'a macro of macros/']],
    start: action(readOperation, async () => (await import('../app/run-operation.js')).runOperationCommand),
  },
  {
    name: 'clean',
    summary: 'remove the target folder',
    group: setup,
    argument: project,
    flags: [],
    examples: [],
    start: action(readDebug, async () => (await import('../app/clean.js')).cleanCommand),
  },
  {
    name: 'ci',
    summary: 'checks for pull requests',
    group: look,
    flags: [],
    examples: [['fft ci check --format github', 'what is wrong, as annotations of a pull request']],
    commands: [ciCheck('check')],
  },
  {
    ...docsGenerate('docs'),
    examples: [['fft docs generate', 'target/index.html and target/catalog.json']],
    commands: [docsGenerate('generate'), docsServe()],
  },
  { ...docsGenerate('docgen'), isHidden: true },
  { ...ciCheck('ci-check'), isHidden: true },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    group: setup,
    argument: '<shell>',
    flags: [],
    examples: [['fft completion bash >> ~/.bashrc', 'bash; also zsh, fish']],
    start: async ({ words }, { out }) => {
      out((await import('./completion.js')).completionScript(words[0] ?? '', commands))
      return 0
    },
  },
]

/** Commands and options of the contract that do not work yet; naming them is exit code 2. */
export const notBuiltYet: {
  readonly commands: readonly string[]
  /** By the command that they belong to. */
  readonly subcommands: Readonly<Record<string, readonly string[]>>
} = {
  commands: ['utest', 'cdc', 'generate', 'verify', 'diff'],
  subcommands: { ci: ['plan', 'cleanup'] },
}

/** Checks the options, then loads the command's code and runs it. */
function action<Options>(
  read: (parsed: Parsed) => Options | Promise<Options>,
  load: () => Promise<(options: Options, context: AppContext) => Promise<number>>,
): Start {
  return async (parsed, context) => {
    const options = await read(parsed)
    const run = await load()
    return run(options, context)
  }
}

function snapshots(name: string): CommandSpec {
  return {
    name,
    summary: 'build snapshots alone',
    group: build,
    argument: project,
    flags: [selecting, flagSets.pruning, executing],
    examples: [['fft snapshot --prune --keep-last 10', 'and keep ten versions of each key']],
    start: action(readRun, async () => (await import('../app/snapshot.js')).snapshotCommand),
  }
}

function docsGenerate(name: string): CommandSpec {
  return {
    name,
    summary: 'one HTML page of models, columns and sources, and catalog.json',
    group: look,
    argument: project,
    flags: [selecting],
    examples: [],
    start: action(readCompile, async () => (await import('../app/docs.js')).docsCommand),
  }
}

function docsServe(): CommandSpec {
  return {
    name: 'serve',
    summary: 'the same page on a port of this machine, until Ctrl-C',
    group: look,
    argument: project,
    flags: [selecting, flagSets.serving],
    examples: [],
    start: action(readServe, async () => (await import('../app/docs-serve.js')).docsServeCommand),
  }
}

function ciCheck(name: string): CommandSpec {
  return {
    name,
    summary: 'everything that can be wrong with the project, without asking its warehouse',
    group: look,
    argument: project,
    flags: [selecting, flagSets.checking],
    examples: [],
    start: action(readCiCheck, async () => (await import('../app/ci-check.js')).ciCheckCommand),
  }
}

function stateCommand(
  name: 'show' | 'set' | 'reset',
  argument: string,
  summary: string,
  flags: () => Option[],
): CommandSpec {
  return {
    name,
    summary,
    group: 'Commands:',
    argument,
    flags: [flags],
    examples: [],
    start: action(
      (parsed) => readState(name, parsed),
      async () => (await import('../app/state.js')).stateCommand,
    ),
  }
}
