import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'

type Schema = 'manifest-v12' | 'run-results-v6' | 'sources-v3' | 'catalog-v1'

/**
 * Faults against dbt's schema, as the models of the Python package dbt-artifacts-parser 0.15.0 (Apache-2.0) state it,
 * cut to the kinds of node that fft writes.
 */
export function schemaFaults(schema: Schema, value: unknown): readonly string[] {
  const url = new URL(`${schema}.schema.json.gz`, import.meta.url)
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false })
  const validate = ajv.compile(JSON.parse(gunzipSync(readFileSync(url)).toString('utf8')))
  validate(JSON.parse(JSON.stringify(value)))
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  )
}
