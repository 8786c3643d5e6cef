import type { Command, Help, HelpConfiguration, Option } from 'commander'
import type { CommandSpec } from './commands.js'

/** How help looks: commands before options, bold titles, names in color where the terminal has it. */
export function helpStyle(color: boolean): HelpConfiguration {
  const paint = (code: string) => (text: string) => (color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    formatHelp,
    showGlobalOptions: true,
    subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', '),
    styleTitle: paint('1'),
    styleSubcommandTerm: paint('36'),
    styleOptionTerm: paint('36'),
    styleDescriptionText: (text) => text,
  }
}

/** The part after the options: examples, aligned. */
export function examplesText(spec: Pick<CommandSpec, 'examples'>): string {
  if (spec.examples.length === 0) return ''
  const width = Math.max(...spec.examples.map(([command]) => command.length))
  const lines = spec.examples.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`)
  return `\nExamples:\n${lines.join('\n')}\n`
}

/** The examples under `fft --help`. */
export const overview: Pick<CommandSpec, 'examples'> = {
  examples: [
    ['fft init shop', 'a new project in the folder shop'],
    ['fft build', 'seed, run and test everything'],
    ['fft run --select orders+', 'one model and what follows from it'],
    ['fft plan', 'what run would do'],
    ['fft run --help', 'the options of run'],
  ],
}

function formatHelp(command: Command, help: Help): string {
  const width = help.padWidth(command, help)
  const item = (term: string, meaning: string): string => help.formatItem(term, width, meaning, help)
  const options = (list: readonly Option[]): string[] =>
    list.map((it) => item(help.styleOptionTerm(help.optionTerm(it)), help.optionDescription(it)))
  const commands = help.groupItems([...command.commands], help.visibleCommands(command), (it) => it.helpGroup())
  const lines = [...commands].flatMap(([title, list]) =>
    section(
      title === '' ? 'Help:' : title,
      list.map((it) => item(help.styleSubcommandTerm(help.subcommandTerm(it)), help.subcommandDescription(it))),
    ),
  )
  const [globals, own] = splitOptions(command, help)
  return [
    help.commandDescription(command),
    '',
    `${help.styleTitle('Usage:')} ${help.commandUsage(command)}`,
    ...lines,
    ...section('Options:', options(own)),
    ...section('Global options:', options(globals)),
    '',
  ].join('\n')

  function section(title: string, items: readonly string[]): string[] {
    return items.length === 0 ? [] : ['', help.styleTitle(title), ...items]
  }
}

/** The options of every command, and the command's own (with `--help`). */
function splitOptions(command: Command, help: Help): [globals: Option[], own: Option[]] {
  const isRoot = command.parent === null
  const own = help.visibleOptions(command)
  if (!isRoot) return [help.visibleGlobalOptions(command).filter((it) => it.long !== '--version'), own]
  const isGlobal = (it: Option): boolean => it.long !== '--version' && it.long !== '--help'
  return [own.filter(isGlobal), own.filter((it) => !isGlobal(it))]
}
