/** Flags that take every word up to the next flag. */
const wordFlags = new Set(['--select', '-s', '--exclude', '--resource-type', '--resource-types', '--output-keys'])

/**
 * Joins the words after a flag such as `--select` into one argument, `--select=a b`: a space means union in the
 * selector grammar, and repeated flags stay apart. Words after `--` stay as they are.
 */
export function joinWords(argv: readonly string[]): string[] {
  const stop = argv.indexOf('--')
  const [before, after] = stop === -1 ? [argv, []] : [argv.slice(0, stop), argv.slice(stop)]
  return [...joinFlagWords(before.flatMap(splitShortFlags)), ...after]
}

/** `-fq` is `-f -q`, even when one belongs to the command and the other to all; the last may take a value. */
function splitShortFlags(word: string): string[] {
  return /^-[fxqvyh]+[fxqvyhst]$/.test(word) ? [...word.slice(1)].map((letter) => `-${letter}`) : [word]
}

function joinFlagWords(argv: readonly string[]): string[] {
  const joined: string[] = []
  for (let i = 0; i < argv.length; ) {
    const word = argv[i++] ?? ''
    const [flag, value] = splitFlag(word)
    if (!wordFlags.has(flag)) {
      joined.push(word)
      continue
    }
    const words = wordsBeforeFlag(argv.slice(i))
    i += words.length
    if (value !== undefined) words.unshift(value)
    // Without words the flag stays bare, and the parser says that a value is missing.
    joined.push(...(words.length === 0 ? [flag] : [flag, words.join(' ')]))
  }
  return joined
}

function wordsBeforeFlag(argv: readonly string[]): string[] {
  const stop = argv.findIndex((word) => /^-./.test(word))
  return argv.slice(0, stop === -1 ? argv.length : stop)
}

function splitFlag(word: string): [flag: string, value?: string] {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1
  return equals === -1 ? [word] : [word.slice(0, equals), word.slice(equals + 1)]
}
