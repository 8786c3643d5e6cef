import { closest, type Diagnostic, diagnosticsOf, ProjectError } from '../core/index.js'

const help = (command: string): string => `see fft ${command}${command === '' ? '' : ' '}--help`

/** What can be wrong with a command line: code → parameters → text. Exit code 2. */
export const diagnostic = diagnosticsOf({
  'unknown-command': (p: { name: string; known: readonly string[] }) => ({
    message: `unknown command '${p.name}'`,
    hint: didYouMean(p.name, p.known) ?? help(''),
  }),
  'unknown-option': (p: { flag: string; command: string; known: readonly string[] }) => ({
    message: p.command === '' ? `unknown option '${p.flag}'` : `fft ${p.command} has no option '${p.flag}'`,
    hint: didYouMean(p.flag, p.known) ?? help(p.command),
  }),
  'option-without-value': (p: { flag: string; command: string }) => ({
    message: `${p.flag} needs a value`,
    hint: help(p.command),
  }),
  'bad-option-value': (p: { flag: string; value: string; allowed: readonly string[] | string }) => ({
    message: `${p.flag} cannot be '${p.value}'`,
    hint:
      typeof p.allowed === 'string'
        ? p.allowed
        : (didYouMean(p.value, p.allowed) ?? `allowed: ${p.allowed.join(', ')}`),
  }),
  'empty-range': () => ({
    message: '--start is not before --end',
    hint: 'the end does not belong to the range: for one day give that day and the next one',
  }),
  'bad-assignment': (p: { word: string }) => ({
    message: `'${p.word}' is no COLUMN=VALUE`,
    hint: 'for example: fft state set orders updated_at=2024-01-01',
  }),
  'missing-argument': (p: { name: string; command: string }) => ({
    message: `fft ${p.command} needs ${p.name}`,
    hint: help(p.command),
  }),
  'too-many-arguments': (p: { command: string; extra: string; takesModels: boolean }) => ({
    message: `fft ${p.command} does not take '${p.extra}'`,
    hint: p.takesModels ? `to choose models: fft ${p.command} --select ${p.extra}` : help(p.command),
  }),
  'no-such-folder': (p: { path: string; command: string; isWord: boolean; takesModels: boolean }) => ({
    message: `there is no folder '${p.path}'`,
    hint: p.takesModels
      ? `the first word is the project's folder; to choose models: fft ${p.command} --select ${p.path}`
      : p.isWord
        ? `the first word is the project's folder`
        : `fft init ${p.path} makes a new project there`,
  }),
  'two-projects': (p: { positional: string; flag: string }) => ({
    message: `the project is given twice: '${p.positional}' and --project ${p.flag}`,
    hint: 'keep one of them',
  }),
  'flags-exclude': (p: { first: string; second: string }) => ({
    message: `${p.first} and ${p.second} exclude each other`,
    hint: 'keep one of them',
  }),
  'flag-needs': (p: { flag: string; other: string }) => ({
    message: `${p.flag} needs ${p.other}`,
    hint: 'give both: --prune --keep-last 10 keeps ten versions of each key',
  }),
  'not-built-yet': (p: { what: string }) => ({
    message: `${p.what} is not built yet`,
    hint: 'fft --help lists what works',
  }),
  'bad-vars': (p: { flag: string; text: string; reason: string }) => ({
    message: `${p.flag} cannot read '${p.text}': ${p.reason}`,
    hint: `write ${p.flag} name=value${p.flag === '--vars' ? ' (repeat it for more)' : ''}, or a YAML map: ${p.flag} '{name: value}'`,
  }),
  'bad-now': (p: { value: string }) => ({
    message: `FFT_NOW is '${p.value}', which is no ISO 8601 time`,
    hint: 'for example 2024-03-01 or 2024-03-01T06:30:00Z; without an offset it is UTC',
  }),
})

/** A command line that cannot be followed, as an error to throw. */
export function usageError(fault: Diagnostic): ProjectError {
  return new ProjectError([fault])
}

function didYouMean(word: string, known: readonly string[]): string | undefined {
  const near = closest(word, known)
  return near === undefined ? undefined : `did you mean '${near}'?`
}
