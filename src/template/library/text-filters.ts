import { type Rope, Tuple, Undefined, type Value } from '../types.js'
import { formatPercent } from '../values/format-percent.js'
import { joinTexts, printValue, textOf } from '../values/print-value.js'
import { badValue } from '../values/value-fault.js'
import { asText, flagArgument, integerArgument, optionalText, textArgument } from './arguments.js'
import { type Filter, filter } from './filter.js'
import { writeJson } from './json.js'
import type { Given } from './signature.js'
import { center, replaceText } from './string-methods.js'
import { capitalize, strip } from './text.js'

type Arguments = readonly (Value | undefined)[]

/** The filters that take text. */
export const textFilters: readonly (readonly [string, Filter])[] = [
  filter('upper', '', (value) => textOf(value).toUpperCase()),
  filter('lower', '', (value) => textOf(value).toLowerCase()),
  filter('capitalize', '', (value) => capitalize(textOf(value))),
  filter('title', '', (value) => titleWords(textOf(value))),
  filter('trim', 'chars?', (value, [chars]) => strip(textOf(value), optionalText(chars))),
  filter('replace', 'old new count?', replace),
  filter('center', 'width?', (value, [width]) => center(textOf(value), integerArgument(width, 80))),
  filter('indent', 'width? first? blank?', indent),
  filter('truncate', 'length? killwords? end? leeway?', truncate),
  filter('wordcount', '', (value) => textOf(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  filter('wordwrap', 'width? break_long_words? wrapstring?', wordWrap),
  filter('striptags', '', (value) => stripTags(textOf(value))),
  filter('string', '', (value) => printValue(value)),
  filter('as_text', '', (value) => printValue(value)),
  filter('safe', '', (value) => (value instanceof Undefined ? textOf(value) : value)),
  filter('escape', '', (value) => escapeHtml(textOf(value))),
  filter('e', '', (value) => escapeHtml(textOf(value))),
  filter('forceescape', '', (value) => escapeHtml(textOf(value))),
  filter('urlencode', '', (value) => encodeUrl(value)),
  filter('tojson', 'indent?', (value, [indentation]) => toJson(value, indentation)),
  filter('pprint', '', (value) => (typeof value === 'string' ? value : textOf(value))),
  ['format', (value, given) => format(textOf(value), given)],
]

function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map(capitalize)
    .join('')
}

function replace(value: Value, [from, to, count]: Arguments): string {
  return replaceText(textOf(value), asText(from), asText(to), integerArgument(count, -1))
}

function indent(value: Value, [width, first, blank]: Arguments): string {
  const margin = typeof width === 'string' ? width : ' '.repeat(integerArgument(width, 4))
  const text = textOf(value)
  const lines = text.split('\n')
  return lines
    .map((line, i) => ((i === 0 ? !flagArgument(first) : line === '' && !flagArgument(blank)) ? line : margin + line))
    .join('\n')
}

function truncate(value: Value, [length, killwords, end, leeway]: Arguments): string {
  const text = textOf(value)
  const size = integerArgument(length, 255)
  const ending = textArgument(end, '...')
  if (text.length <= size + integerArgument(leeway, 5)) return text
  const cut = text.slice(0, size - ending.length)
  if (flagArgument(killwords)) return cut + ending
  const lastSpace = cut.lastIndexOf(' ')
  return (lastSpace === -1 ? cut : cut.slice(0, lastSpace)) + ending
}

function wordWrap(value: Value, [width, breakLong, wrapString]: Arguments): string {
  const size = integerArgument(width, 79)
  const joiner = textArgument(wrapString, '\n')
  const canBreak = flagArgument(breakLong, true)
  return textOf(value)
    .split('\n')
    .map((line) => wrapLine(line, size, canBreak).join(joiner))
    .join(joiner)
}

function wrapLine(line: string, size: number, canBreak: boolean): string[] {
  const words = line.split(/\s+/).flatMap((word) => (canBreak ? cutWord(word, size) : [word]))
  const lines: string[] = []
  for (const word of words.filter((part) => part !== '')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= size) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function cutWord(word: string, size: number): string[] {
  return Array.from({ length: Math.ceil(word.length / size) }, (_, i) => word.slice(i * size, (i + 1) * size))
}

function stripTags(text: string): string {
  return text
    .replace(/<!--[\s\S]*?-->|<[^>]*>/g, '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (char) => htmlEscapes[char] ?? char)
}

function encodeUrl(value: Value): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  if (!(value instanceof Map)) return encode(textOf(value)).replaceAll('%2F', '/')
  const encodePart = (part: Value) => encode(textOf(part)).replaceAll('%20', '+')
  return [...value].map(([key, item]) => `${encodePart(key)}=${encodePart(item)}`).join('&')
}

const scriptEscapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  "'": '\\u0027',
}

function toJson(value: Value, indentation: Value | undefined): string {
  const width = indentation === undefined || indentation === null ? undefined : integerArgument(indentation, 0)
  return writeJson(value, { sortKeys: true, indent: width }).replace(/[<>&']/g, (char) => scriptEscapes[char] ?? char)
}

function format(text: string, { args, kwargs }: Given): string {
  if (args.length > 0 && kwargs.size > 0) throw badValue('format takes values by position or by name, not both')
  return formatPercent(text, kwargs.size > 0 ? new Map<Value, Value>(kwargs) : new Tuple(args))
}

/** Jinja2's `join`: printed values with a separator; text with holes may be among them. */
export function joinValues(items: readonly Value[], separator: string): string | Rope {
  const parts = items.map((item) => printValue(item))
  return joinTexts(parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part])))
}
