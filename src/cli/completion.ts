import type { CommandSpec } from './commands.js'
import { diagnostic, usageError } from './diagnostics.js'
import { globalFlags } from './flags.js'

const shells: Readonly<Record<string, (words: CompletionWords) => string>> = { bash, zsh, fish }

/** What a shell has to know: the commands, and each one's flags. */
interface CompletionWords {
  readonly commands: readonly { readonly name: string; readonly summary: string; readonly flags: readonly string[] }[]
  readonly globals: readonly string[]
}

/** The completion script of a shell. Throws ProjectError 'bad-option-value' for another shell. */
export function completionScript(shell: string, specs: readonly CommandSpec[]): string {
  const write = shells[shell]
  if (write === undefined) {
    const allowed = Object.keys(shells)
    throw usageError(diagnostic('bad-option-value', { flag: 'the shell of fft completion', value: shell, allowed }))
  }
  const globals = globalFlags().flatMap((flag) => (flag.hidden ? [] : [flag.long ?? '']))
  const commands = specs.map(({ name, summary, flags }) => ({
    name,
    summary,
    flags: flags.flatMap((make) => make()).flatMap((flag) => (flag.hidden ? [] : [flag.long ?? ''])),
  }))
  return write({ commands, globals: [...globals, '--help'] })
}

function bash({ commands, globals }: CompletionWords): string {
  return `# fft completion for bash
_fft() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="${commands.map((it) => it.name).join(' ')}"
  case "\${COMP_WORDS[1]}" in
${commands.map((it) => `    ${it.name}) words="${[...it.flags, ...globals].join(' ')}" ;;`).join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map((it) => it.name).join(' ')} --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _fft fft
`
}

function zsh({ commands, globals }: CompletionWords): string {
  return `#compdef fft
_fft() {
  local -a commands
  commands=(
${commands.map((it) => `    '${it.name}:${it.summary.replaceAll("'", "'\\''")}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${commands.map((it) => `    ${it.name}) compadd -- ${[...it.flags, ...globals].join(' ')} ;;`).join('\n')}
  esac
  _files
}
compdef _fft fft
`
}

function fish({ commands, globals }: CompletionWords): string {
  const quote = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  return [
    '# fft completion for fish',
    ...commands.map((it) => `complete -c fft -n __fish_use_subcommand -a ${it.name} -d ${quote(it.summary)}`),
    ...commands.flatMap((it) =>
      it.flags.map((flag) => `complete -c fft -n '__fish_seen_subcommand_from ${it.name}' -l ${flag.slice(2)}`),
    ),
    ...globals.map((flag) => `complete -c fft -l ${flag.slice(2)}`),
    '',
  ].join('\n')
}
