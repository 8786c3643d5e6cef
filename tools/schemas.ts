/** Writes the JSON Schemas for editors into schemas/, from the schemas that fft checks with. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toJsonSchema } from '@valibot/to-json-schema'
import { fileSchemas, sharedSchemas } from '../src/config/file-schemas.js'

/** The text of each schema file, by its name in schemas/. */
export function schemaTexts(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(fileSchemas).map(([name, { title, schema }]) => [`${name}.json`, schemaText(title, schema)]),
  )
}

function schemaText(title: string, schema: Parameters<typeof toJsonSchema>[0]): string {
  const {
    $schema,
    $defs = {},
    ...root
  } = toJsonSchema(schema, {
    // Checks that JSON Schema cannot say (a duration, `delta` with exactly one key) stay with fft.
    errorMode: 'ignore',
    definitions: sharedSchemas,
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      // An empty value counts as absent, which needs no word in an editor.
      const [filled] = jsonSchema.anyOf ?? []
      return valibotSchema.type === 'nullish' && typeof filled === 'object' ? filled : undefined
    },
  })
  const used = Object.entries($defs).filter(([name]) => isReached(name, root, $defs))
  const parts = used.length === 0 ? {} : { $defs: Object.fromEntries(used) }
  return `${JSON.stringify({ $schema, title, ...root, ...parts }, null, 2)}\n`
}

/** Whether a definition is pointed to from the root, perhaps through others. */
function isReached(name: string, root: unknown, definitions: Readonly<Record<string, unknown>>): boolean {
  const reached = new Set(references(root))
  for (const each of reached) for (const next of references(definitions[each])) reached.add(next)
  return reached.has(name)
}

function references(schema: unknown): readonly string[] {
  return [...JSON.stringify(schema ?? null).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].flatMap(([, name]) => name ?? [])
}

const folder = fileURLToPath(new URL('../schemas', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of schemaTexts()) writeFileSync(join(folder, name), text)
}
