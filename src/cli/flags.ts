import { Option } from 'commander'
import { parseInstant } from '../core/index.js'
import { checkFormats } from '../report/index.js'
import { diagnostic, usageError } from './diagnostics.js'

const timeHint = 'give a date or a time, such as 2024-01-31 or 2024-01-31T06:00'

/** Options that every command takes, before or after its name. */
export function globalFlags(): Option[] {
  return [
    option('--project <dir>', 'the project folder').default('.', 'this folder'),
    option('-t, --env <name>', 'environment of profiles.yml (else FFT_ACTIVE_ENV, dev, or the only one)'),
    option('--target <name>', 'the same as --env').hideHelp(),
    option('--engine <name>', 'engine, where the environment has several'),
    option('--vars <name=value>', 'project variable, or a YAML map of them (repeat)').argParser(collect),
    option('--profiles-dir <dir>', 'folder of profiles.yml'),
    option('--target-path <dir>', 'folder for artifacts (else FFT_TARGET_PATH, else target)'),
    option('-q, --quiet', 'print errors alone'),
    option('-v, --verbose', 'print every statement'),
    choice('--log-format <format>', 'auto: live on a terminal, else text', ['auto', 'text', 'json']).default(
      'auto',
      'auto',
    ),
    option('--no-color', 'print without colors (also NO_COLOR=1)'),
  ]
}

const selecting = (): Option[] => [
  option('-s, --select <words...>', 'nodes to take: names, paths, tag:x, +parents, children+ (repeat: AND)'),
  option('--exclude <words...>', 'nodes to leave out'),
  option('--selector <name>', 'a selector of selectors.yml'),
  option('--resource-type <types...>', 'only model, seed, snapshot, source or test'),
  choice('--indirect-selection <mode>', 'which tests come with a node', ['eager', 'cautious', 'buildable', 'empty']),
  option('--state <dir>', 'artifacts of an earlier run, for state:, result: and source_status:'),
  option('--allow-empty', 'an empty selection is no error'),
]

const changedSince = (): Option =>
  option('--changed-since <ref>', 'only what has changed since a commit, and its children')

const executing = (): Option[] => [
  option('--jobs <n>', 'nodes to run at the same time, or auto')
    .default('auto', 'auto')
    .argParser(checked('--jobs', 'give a whole number from 1 on, or auto', jobs)),
  option('-x, --fail-fast', 'stop at the first failure'),
  option('--keep-going', 'go on with what does not depend on a failure (default)'),
  option('--wait-lock <seconds>', 'how long to wait for another process')
    .default(60, '60')
    .argParser(checked('--wait-lock', 'give a number of seconds', seconds)),
  option('--report <junit=FILE>', 'also write a report (repeat)').argParser(collect),
]

const building = (): Option[] => [
  option('-f, --full-refresh', 'rebuild incremental models from nothing'),
  choice('--cache <mode>', 'use and keep what is known of unchanged nodes', ['rw', 'ro', 'wo', 'off']).default(
    'rw',
    'rw',
  ),
  option('--no-cache', 'the same as --cache off').hideHelp(),
  option('--rebuild', 'run unchanged nodes as well'),
  option('--backfill-columns', 'fill new columns of old rows'),
  option('--start <time>', 'time_range models: do the windows from here on again (UTC)').argParser(
    checked('--start', timeHint, parseInstant),
  ),
  option('--end <time>', 'time_range models: do no window from here on (UTC)').argParser(
    checked('--end', timeHint, parseInstant),
  ),
  option('--batches', 'time_range models: one window after the other, each kept alone'),
  changedSince(),
  option('--with-parents', 'add missing parents to the selection'),
  option('--dry-run', 'print the statements, run none'),
  option('--defer', 'read parents that are not there from where the manifest of --state has them'),
  option('--empty', 'read no row of any parent: try the SQL out'),
  option('--sample <window>', "read this much of parents with event_time: '3 days', or {start: …, end: …}"),
]

/** The options of commands, by what they are about. */
export const flagSets = {
  selecting,
  executing,
  building,
  testing: (): Option[] => [option('--store-failures', 'keep the rows that tests find, a table each')],
  retrying: (): Option[] => [
    option('-f, --full-refresh', 'rebuild incremental models from nothing'),
    option('--state <dir>', 'artifacts of the run to take up; else those of the last one'),
  ],
  pruning: (): Option[] => [
    option('--prune', 'delete old versions, of which --keep-last stay'),
    option('--keep-last <n>', 'how many versions of a key stay').argParser(
      checked('--keep-last', 'give a whole number from 1 on', positive),
    ),
  ],
  serving: (): Option[] => [
    option('--port <n>', 'where to listen on this machine')
      .default(8080, '8080')
      .argParser(checked('--port', 'give a number from 0 to 65535', portNumber)),
  ],
  syncing: (): Option[] => [option('--dry-run', 'print the statements, send none')],
  json: (): Option[] => [option('--json', 'print JSON')],
  failing: (): Option[] => [option('--fail', 'exit 1 when there is a gap')],
  limiting: (): Option[] => [
    option('--limit <n>', 'at most so many entries').argParser(
      checked('--limit', 'give a whole number from 1 on', positive),
    ),
  ],
  runs: (): Option[] => [option('--runs', 'what each run did to the rows, with its time')],
  asking: (): Option[] => [option('-y, --yes', 'do not ask')],
  initialising: (): Option[] => [
    option('--name <name>', "the project's name; else the folder's"),
    option('--template <name>', 'what to start from'),
  ],
  checking: (): Option[] => [
    choice('--format <format>', 'how to print what is found', checkFormats).default('text', 'text'),
    option('--output <file>', 'write there instead of standard output'),
  ],
  operating: (): Option[] => [option('--args <yaml>', 'arguments of the macro, as a YAML map')],
  planning: (): Option[] => [option('--detailed-exitcode', 'exit 2 when there is something to do')],
  showing: (): Option[] => [
    option('--limit <n>', 'how many rows; 0 for all')
      .default(10, '10')
      .argParser(checked('--limit', 'give a whole number, 0 for all', count)),
    option('--inline <sql>', 'preview this SELECT instead of a node'),
    choice('--output <format>', 'how to print the rows', ['table', 'json']).default('table', 'table'),
  ],
  listing: (): Option[] => [
    choice('--output <format>', 'what to print of each node', ['selector', 'name', 'path', 'json']).default(
      'selector',
      'selector',
    ),
    option('--output-keys <keys...>', 'keys of --output json'),
  ],
  drawing: (): Option[] => [
    choice('--format <format>', 'how to draw', ['text', 'mermaid', 'dot', 'html']).default('text', 'text'),
    option('--html', 'the same as --format html'),
    option('--out <path>', 'write there instead of standard output'),
  ],
} as const

function option(flags: string, description: string): Option {
  const made = new Option(flags, description)
  if (made.variadic) {
    // `joinWords` has made one argument of each flag's words; a repeated flag begins a list of its own.
    made.variadic = false
    made.argParser((value: string, previous: unknown) => [...(isLists(previous) ? previous : []), words(made, value)])
  }
  return made
}

function choice(flags: string, description: string, allowed: readonly string[]): Option {
  const made = new Option(flags, `${description} (${allowed.join(', ')})`)
  return made.argParser((value: string) => {
    const known = allowed.find((word) => word === value.toLowerCase())
    if (known === undefined) throw badValue(made, value, allowed)
    return known
  })
}

function words(made: Option, value: string): readonly string[] {
  const list = value.split(/\s+/).filter((word) => word !== '')
  if (list.length === 0)
    throw badValue(made, value, 'an empty value selects nothing: name a node or leave the flag out')
  return list
}

function isLists(value: unknown): value is (readonly string[])[] {
  return Array.isArray(value)
}

function collect(value: string, previous: unknown): string[] {
  return [...(Array.isArray(previous) ? previous : []), value]
}

/** An option's parser: `read` gives undefined for what it cannot take. */
function checked<Value>(flag: string, allowed: string, read: (text: string) => Value | undefined) {
  return (text: string): Value => {
    const value = read(text.trim())
    if (value === undefined) throw usageError(diagnostic('bad-option-value', { flag, value: text, allowed }))
    return value
  }
}

function jobs(text: string): number | 'auto' | undefined {
  return text === 'auto' ? text : /^[1-9]\d*$/.test(text) ? Number(text) : undefined
}

function portNumber(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined
}

function positive(text: string): number | undefined {
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined
}

function count(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}

function seconds(text: string): number | undefined {
  const number = /^(\d+(?:\.\d+)?)s?$/.exec(text)?.[1]
  return number === undefined ? undefined : Number(number)
}

function badValue(made: Option, value: string, allowed: readonly string[] | string): Error {
  return usageError(diagnostic('bad-option-value', { flag: made.long ?? made.flags, value, allowed }))
}
