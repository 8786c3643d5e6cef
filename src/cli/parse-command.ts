import { Command, CommanderError } from 'commander'
import { type CommandSpec, commands, notBuiltYet } from './commands.js'
import { diagnostic, usageError } from './diagnostics.js'
import { globalFlags } from './flags.js'
import { examplesText, helpStyle, overview } from './help.js'
import { joinWords } from './join-words.js'
import { version } from './version.js'

/** What a command line asks for: a text to print, or a command to start with its words and options. */
export type Request =
  | { readonly kind: 'print'; readonly text: string }
  | {
      readonly kind: 'start'
      readonly spec: CommandSpec
      readonly words: readonly string[]
      readonly flags: Readonly<Record<string, unknown>>
    }

export interface ParseStyle {
  readonly color: boolean
  readonly columns: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Reads a command line (without `node` and the script). Throws ProjectError for one that cannot be followed. */
export function parseCommand(argv: readonly string[], style: ParseStyle): Request {
  const printed: string[] = []
  let started: Request | undefined
  const program = makeProgram(
    style,
    (text) => printed.push(text),
    (request) => (started = request),
  )
  try {
    program.parse(argv.length === 0 ? ['--help'] : joinWords(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (isFault(error)) throw usageError(faultOf(error, program, argv))
  }
  return started ?? { kind: 'print', text: printed.join('') }
}

function makeProgram(style: ParseStyle, print: (text: string) => void, start: (request: Request) => void): Command {
  const program = new Command('fft')
    .description('SQL transformation projects whose incremental models can be trusted')
    .usage('<command> [project] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureHelp(helpStyle(style.color))
    .configureOutput({
      writeOut: print,
      // Help without a command goes to the error stream; faults are told by the exception instead.
      writeErr: print,
      outputError: () => undefined,
      getOutHelpWidth: () => style.columns,
      getErrHelpWidth: () => style.columns,
      getOutHasColors: () => style.color,
      getErrHasColors: () => style.color,
    })
    .addHelpText('after', examplesText(overview))
    .helpCommand('help [command]', 'print the help of a command')
  for (const flag of globalFlags()) program.addOption(flag)
  for (const spec of commands) addCommand(program, spec, start)
  for (const name of notBuiltYet.commands) addUnbuilt(program, name)
  return program
}

function addCommand(parent: Command, spec: CommandSpec, start: (request: Request) => void): void {
  const command = parent
    .command(spec.name, { hidden: spec.isHidden === true })
    .description(spec.summary)
    .helpGroup(spec.group)
  command.summary(spec.summary).helpOption('-h, --help', 'print this help')
  if (spec.alias !== undefined) command.alias(spec.alias)
  if (spec.argument !== undefined) command.arguments(spec.argument)
  command.usage([spec.argument, spec.commands === undefined ? '[options]' : '<command>'].join(' ').trim())
  for (const flag of spec.flags.flatMap((make) => make())) command.addOption(flag)
  command.addHelpText('after', examplesText(spec))
  if (spec.commands !== undefined) command.helpCommand(false)
  for (const child of spec.commands ?? []) addCommand(command, child, start)
  for (const child of notBuiltYet.subcommands[spec.name] ?? []) addUnbuilt(command, child, `${spec.name} ${child}`)
  if (spec.start === undefined) return
  command.action(() => {
    const words = command.processedArgs.flat().filter((word) => typeof word === 'string')
    start({ kind: 'start', spec, words, flags: command.optsWithGlobals() })
  })
}

function addUnbuilt(parent: Command, name: string, fullName = name): void {
  parent
    .command(name, { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(() => {
      throw usageError(diagnostic('not-built-yet', { what: `fft ${fullName}` }))
    })
}

function isFault({ code }: CommanderError): boolean {
  return !['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(code)
}

/** commander names the thing at fault in quotes, and nowhere else. */
function faultOf(error: CommanderError, program: Command, argv: readonly string[]) {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const command = commandOf(program, argv)
  const name = pathOf(command)
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownCommand(quoted, command)
    case 'commander.unknownOption':
      return unknownOption(quoted, command, name)
    case 'commander.optionMissingArgument':
      return diagnostic('option-without-value', { flag: longName(quoted), command: name })
    case 'commander.missingArgument':
      return diagnostic('missing-argument', { name: quoted.toUpperCase(), command: name })
    case 'commander.excessArguments':
      return diagnostic('too-many-arguments', {
        command: name,
        extra: command.args.at(-1) ?? '',
        takesModels: takesModels(command),
      })
    default:
      throw error
  }
}

function unknownCommand(word: string, command: Command) {
  const known = command.commands.flatMap((child) => [child.name(), ...child.aliases()])
  return diagnostic('unknown-command', { name: word, known })
}

function unknownOption(word: string, command: Command, name: string) {
  const flag = word.split('=')[0] ?? word
  const options = [...command.options, ...(command.parent?.options ?? [])]
  const known = options.filter((option) => !option.hidden).flatMap((option) => option.long ?? [])
  return diagnostic('unknown-option', { flag, command: name, known: [...known, '--help'] })
}

/** The innermost command that the words name. */
function commandOf(program: Command, argv: readonly string[]): Command {
  let command = program
  for (const word of argv) {
    const child = command.commands.find((it) => it.name() === word || it.aliases().includes(word))
    if (child !== undefined) command = child
  }
  return command
}

function pathOf(command: Command): string {
  const names: string[] = []
  for (let it: Command | null = command; it?.parent; it = it.parent) names.unshift(it.name())
  return names.join(' ')
}

function takesModels(command: Command): boolean {
  return command.options.some((option) => option.long === '--select')
}

function longName(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags
}
