import { diagnosticsOf, suggest } from '../core/index.js'

/** Makes the diagnostics of loading `.ff.ts` files. */
export const diagnostic = diagnosticsOf({
  'code-syntax': (p: { message: string }) => ({ message: `syntax error: ${p.message}` }),
  'code-import-not-found': (p: { specifier: string }) => ({
    message: `import of '${p.specifier}': ${p.specifier.startsWith('.') ? 'no such file' : 'no such package'}`,
    hint: p.specifier.startsWith('.')
      ? 'the path is from the folder of the importing file'
      : `install it in the project: npm install ${p.specifier}`,
  }),
  'code-unknown-export': (p: { name: string; known: readonly string[] }) => ({
    message: `'fastflowtransform' has no export '${p.name}'`,
    hint: suggest(p.name, p.known, 'exports'),
  }),
  'code-load-threw': (p: { message: string }) => ({
    message: `the file threw while it was loaded: ${p.message}`,
    hint: /^ReferenceError: (?:model|sql) is not defined/.test(p.message)
      ? "write first: import { model, sql } from 'fastflowtransform'"
      : 'work that needs data or a network belongs into the function given to model()',
  }),
  'code-no-default-export': (p: { exported: readonly string[] }) => ({
    message:
      p.exported.length === 0
        ? 'the file exports no model'
        : `the model is exported as '${p.exported.join("', '")}', not as the default export`,
    hint: 'export default model({ deps: […] }, async (inputs, ctx) => …)',
  }),
  'code-not-a-model': (p: { found: string }) => ({
    message: `the default export is ${p.found}, not a model`,
    hint: "make it with model(): import { model } from 'fastflowtransform'",
  }),
  'code-build-missing': (p: { found: string }) => ({
    message: `the second argument of model() must be a function, found ${p.found}`,
    hint: 'model({ deps: […] }, async (inputs, ctx) => rows)',
  }),
  'code-options-wrong': (p: { found: string }) => ({
    message: `the first argument of model() must be an object of options, found ${p.found}`,
    hint: 'model({ deps: […] }, async (inputs, ctx) => rows)',
  }),
  'code-unknown-option': (p: { option: string; known: readonly string[] }) => ({
    message: `unknown option '${p.option}'`,
    hint: suggest(p.option, p.known, 'options'),
  }),
  'code-wrong-option': (p: { option: string; expected: string; found: string }) => ({
    message: `option '${p.option}' must be ${p.expected}, found ${p.found}`,
  }),
  'code-option-twice': (p: { first: string; second: string }) => ({
    message: `'${p.first}' and '${p.second}' are the same option and have different values`,
    hint: `keep '${p.first}'`,
  }),
})

/** A value in a few words, for messages: `the number 3`, `'text'`, `an array`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing (undefined)'
  if (typeof value === 'string') return value.length > 60 ? `the text '${value.slice(0, 57)}…'` : `the text '${value}'`
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`
  return describeObject(value)
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return 'an array'
  const maker: unknown = value.constructor
  const name = typeof maker === 'function' ? maker.name : ''
  if (name !== '' && name !== 'Object') return `an object of class ${name}`
  const keys = Object.keys(value).slice(0, 5)
  return keys.length === 0 ? 'an empty object' : `an object with the keys ${keys.join(', ')}`
}
