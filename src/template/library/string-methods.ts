import { Tuple, type Value } from '../types.js'
import { itemsOf } from '../values/iterate.js'
import { kindName } from '../values/kinds.js'
import { joinTexts, printValue } from '../values/print-value.js'
import { badValue } from '../values/value-fault.js'
import { integerArgument, optionalText, textArgument } from './arguments.js'
import { bareFormat } from './format-braces.js'
import { type Method, method, rawMethod } from './method.js'
import { capitalize, strip, titleCase } from './text.js'

type Argument = Value | undefined

/** Python's methods of `str`. */
export const stringMethods: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  ['upper', method('', (text) => text.toUpperCase())],
  ['lower', method('', (text) => text.toLowerCase())],
  ['casefold', method('', (text) => text.toLowerCase())],
  ['capitalize', method('', capitalize)],
  ['title', method('', titleCase)],
  ['swapcase', method('', swapCase)],
  ['strip', method('chars?', (text, [chars]) => strip(text, optionalText(chars)))],
  ['lstrip', method('chars?', (text, [chars]) => strip(text, optionalText(chars), 'start'))],
  ['rstrip', method('chars?', (text, [chars]) => strip(text, optionalText(chars), 'end'))],
  ['split', method('sep? maxsplit?', (text, [sep, max]) => split(text, optionalText(sep), integerArgument(max, -1)))],
  ['rsplit', method('sep? maxsplit?', (text, [sep, max]) => rsplit(text, optionalText(sep), integerArgument(max, -1)))],
  ['splitlines', method('keepends?', splitLines)],
  ['replace', method('old new count?', replace)],
  ['startswith', method('prefix', (text, [prefix]) => affixes(prefix).some((affix) => text.startsWith(affix)))],
  ['endswith', method('suffix', (text, [suffix]) => affixes(suffix).some((affix) => text.endsWith(affix)))],
  ['removeprefix', method('prefix', (text, [prefix]) => removePrefix(text, textArgument(prefix)))],
  ['removesuffix', method('suffix', (text, [suffix]) => removeSuffix(text, textArgument(suffix)))],
  ['join', method('iterable', join)],
  ['format', rawMethod((text, given) => bareFormat(text, given))],
  ['zfill', method('width', (text, [width]) => zeroFill(text, integerArgument(width, 0)))],
  [
    'ljust',
    method('width fillchar?', (t, [width, fill]) => t.padEnd(integerArgument(width, 0), textArgument(fill, ' '))),
  ],
  [
    'rjust',
    method('width fillchar?', (t, [width, fill]) => t.padStart(integerArgument(width, 0), textArgument(fill, ' '))),
  ],
  [
    'center',
    method('width fillchar?', (t, [width, fill]) => center(t, integerArgument(width, 0), textArgument(fill, ' '))),
  ],
  ['find', method('sub start?', (text, [sub, start]) => text.indexOf(textArgument(sub), integerArgument(start, 0)))],
  ['rfind', method('sub', (text, [sub]) => text.lastIndexOf(textArgument(sub)))],
  ['index', method('sub', (text, [sub]) => found(text.indexOf(textArgument(sub)), sub))],
  ['rindex', method('sub', (text, [sub]) => found(text.lastIndexOf(textArgument(sub)), sub))],
  ['count', method('sub', (text, [sub]) => text.split(textArgument(sub)).length - 1)],
  ['partition', method('sep', (text, [sep]) => partition(text, textArgument(sep), 'indexOf'))],
  ['rpartition', method('sep', (text, [sep]) => partition(text, textArgument(sep), 'lastIndexOf'))],
  ['expandtabs', method('tabsize?', (text, [size]) => expandTabs(text, integerArgument(size, 8)))],
  ['isdigit', method('', (text) => /^\p{Nd}+$/u.test(text))],
  ['isdecimal', method('', (text) => /^\p{Nd}+$/u.test(text))],
  ['isnumeric', method('', (text) => /^\p{N}+$/u.test(text))],
  ['isalpha', method('', (text) => /^\p{L}+$/u.test(text))],
  ['isalnum', method('', (text) => /^[\p{L}\p{N}]+$/u.test(text))],
  ['isspace', method('', (text) => /^\s+$/.test(text))],
  ['isupper', method('', (text) => text !== text.toLowerCase() && text === text.toUpperCase())],
  ['islower', method('', (text) => text !== text.toUpperCase() && text === text.toLowerCase())],
  ['istitle', method('', (text) => /\p{L}/u.test(text) && text === titleCase(text))],
  ['isidentifier', method('', (text) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text))],
])

function expandTabs(text: string, size: number): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').reduce((before, part) => before.padEnd(nextStop(before.length, size)) + part))
    .join('\n')
}

function nextStop(column: number, size: number): number {
  return size <= 0 ? column : (Math.floor(column / size) + 1) * size
}

function swapCase(text: string): string {
  return [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')
}

function split(text: string, separator: string | undefined, max: number): string[] {
  if (separator === '') throw badValue('the separator of split is empty')
  const parts = separator === undefined ? text.trim().split(/\s+/) : text.split(separator)
  if (separator === undefined && text.trim() === '') return []
  if (max < 0 || parts.length <= max + 1) return parts
  return separator === undefined ? splitSpaces(text, max) : [...parts.slice(0, max), parts.slice(max).join(separator)]
}

function splitSpaces(text: string, max: number): string[] {
  let rest = text.trimStart()
  const parts: string[] = []
  for (let match = /\s+/.exec(rest); match !== null && parts.length < max; match = /\s+/.exec(rest)) {
    parts.push(rest.slice(0, match.index))
    rest = rest.slice(match.index + match[0].length)
  }
  return [...parts, rest]
}

function rsplit(text: string, separator: string | undefined, max: number): string[] {
  const all = split(text, separator, -1)
  if (max < 0 || all.length <= max + 1) return all
  const head = all.length - max
  const tail = all.slice(head)
  if (separator !== undefined) return [all.slice(0, head).join(separator), ...tail]
  const pattern = new RegExp(`(?:\\s+\\S+){${max}}\\s*$`)
  return [text.replace(pattern, '').trimStart(), ...tail]
}

function splitLines(text: string, [keep]: readonly Argument[]): string[] {
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  return keep === true ? lines : lines.map((line) => line.replace(/[\r\n]+$/, ''))
}

function replace(text: string, [from, to, count]: readonly Argument[]): string {
  return replaceText(text, textArgument(from), textArgument(to), integerArgument(count, -1))
}

/** Python's `str.replace`. */
export function replaceText(text: string, from: string, to: string, count: number): string {
  if (count < 0) return text.replaceAll(from, () => to)
  let left = count
  return text.replaceAll(from, (match) => (left-- > 0 ? to : match))
}

function affixes(value: Argument): string[] {
  return value instanceof Tuple ? value.items.map((item) => textArgument(item)) : [textArgument(value)]
}

function removePrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

function removeSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
}

function join(text: string, [items]: readonly Argument[]): Value {
  const parts = itemsOf(items ?? null).map((item) => {
    const printed = printValue(item)
    if (typeof item === 'string' || typeof printed !== 'string') return printed
    throw badValue(`join needs text, found ${kindName(item)}`, 'use the filter: | join')
  })
  return joinTexts(parts.flatMap((part, i) => (i === 0 ? [part] : [text, part])))
}

function zeroFill(text: string, width: number): string {
  const sign = /^[+-]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

/** Python's `str.center`: of an odd space one more goes to the left when the width is odd. */
export function center(text: string, width: number, fill = ' '): string {
  const space = Math.max(0, width - text.length)
  const left = Math.floor(space / 2) + (space & width & 1)
  return text.padStart(text.length + left, fill).padEnd(Math.max(width, text.length), fill)
}

function found(index: number, sub: Argument): number {
  if (index === -1) throw badValue(`the text does not contain '${textArgument(sub)}'`)
  return index
}

function partition(text: string, separator: string, search: 'indexOf' | 'lastIndexOf'): Tuple {
  const index = text[search](separator)
  if (index === -1) return new Tuple(search === 'indexOf' ? [text, '', ''] : ['', '', text])
  return new Tuple([text.slice(0, index), separator, text.slice(index + separator.length)])
}
