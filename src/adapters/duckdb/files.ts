import { quoteText, value } from '../names.js'
import type { ExternalFiles } from '../types.js'

const readers: Readonly<Record<string, string>> = {
  csv: 'read_csv',
  tsv: 'read_csv',
  parquet: 'read_parquet',
  pq: 'read_parquet',
  json: 'read_json',
  ndjson: 'read_json',
  jsonl: 'read_json',
}

/** The rows of files in a FROM clause; options are those of the engine's reader. */
export function files({ location, format, options }: ExternalFiles): string {
  const ending = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(location)?.[1]
  const reader = readers[(format ?? ending ?? '').toLowerCase()]
  // Without a reader of ours the engine chooses one by the name.
  if (reader === undefined) return quoteText(location)
  const named = Object.entries(options).filter(([name]) => /^\w+$/.test(name))
  return `${reader}(${[quoteText(location), ...named.map(([name, given]) => `${name} = ${argument(given)}`)].join(', ')})`
}

function argument(given: unknown): string {
  if (Array.isArray(given)) return `[${given.map(argument).join(', ')}]`
  if (typeof given !== 'object' || given === null) return value(given)
  return `{${Object.entries(given)
    .map(([name, each]) => `${quoteText(name)}: ${argument(each)}`)
    .join(', ')}}`
}
