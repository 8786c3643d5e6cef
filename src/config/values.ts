import * as v from 'valibot'
import { suggest } from '../core/index.js'

// The building blocks of every schema. A schema's message says what is expected, in words; a second line is the hint.

export const text = v.string('a string')
export const flag = v.boolean('true or false')
export const number = v.number('a number')
export const anything = v.unknown()

export const wholeNumber = v.pipe(number, v.integer('a whole number'), v.minValue(0, 'a whole number, 0 or more'))

export const filledText = v.pipe(text, v.minLength(1, 'a string that is not empty'))

export const names = v.union([text, v.array(text, 'a list of names')], 'a name or a list of names')

export const map = mapOf(anything)

/** A map with keys of the user's own. */
export function mapOf<Value extends v.GenericSchema>(value: Value, expected = 'a map') {
  // A record alone would take a list for a map with the keys 0, 1, …
  const anyMap = v.custom<Readonly<Record<string, unknown>>>(isMap, expected)
  return v.pipe(anyMap, v.record(text, value, expected))
}

/** Whether a value is a plain map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function list<Item extends v.GenericSchema>(item: Item, expected = 'a list') {
  return v.array(item, expected)
}

export function oneOf<const Options extends readonly (string | number)[]>(options: Options) {
  const expected = `one of ${options.join(', ')}`
  return v.picklist(options, (issue) => {
    const hint = typeof issue.input === 'string' ? suggest(issue.input, options.map(String)) : undefined
    return hint?.startsWith('did') ? `${expected}\n${hint}` : expected
  })
}

export function either<const Options extends readonly v.GenericSchema[]>(expected: string, ...options: Options) {
  return v.union(options, expected)
}

/** A map with a closed list of keys. */
export function fields<Entries extends v.ObjectEntries>(entries: Entries, expected = 'a map') {
  const known = Object.keys(entries)
  return v.strictObject(entries, (issue) => {
    const unknownKey = issue.expected === 'never' && typeof issue.input === 'string'
    const hint = unknownKey ? suggest(issue.input, known, 'known keys') : undefined
    return hint === undefined ? expected : `${expected}\n${hint}`
  })
}

/** A key that may be left out or left empty, with its description for people and editors. */
export function key<Schema extends v.GenericSchema>(description: string, schema: Schema) {
  return v.nullish(v.pipe(schema, v.description(description)))
}

/** A key that has to be there. */
export function needed<Schema extends v.GenericSchema>(description: string, schema: Schema) {
  return v.pipe(schema, v.description(description))
}
