import { type DiagnosticText, diagnosticsOf, suggest } from '../core/index.js'

/** The faults of configuration files and of model configurations. */
export const diagnostic = diagnosticsOf({
  'yaml-syntax': (p: { readonly problem: string; readonly hint?: string | undefined }): DiagnosticText => ({
    message: p.problem,
    hint: p.hint,
  }),
  'duplicate-key': (p: { readonly key: string }): DiagnosticText => ({
    message: `'${p.key}' stands twice in this map; the last one counts`,
    hint: 'remove one of them',
    severity: 'warning',
  }),
  'unknown-key': (p: { readonly key: string; readonly hint?: string | undefined }): DiagnosticText => ({
    message: `unknown key '${p.key}'`,
    hint: p.hint,
  }),
  'wrong-value': (p: WrongValue): DiagnosticText => ({
    message: `${p.key} must be ${p.expected}, not ${p.received}`,
    hint: p.hint,
  }),
  'budget-amount': (p: { readonly measure: string; readonly given: string }): DiagnosticText => ({
    message: `'${p.given}' is no amount of ${p.measure}`,
    hint: p.measure === 'rows' ? 'write a number, such as 100_000' : 'write milliseconds, or 250ms, 30s, 1.5m, 2h, 1d',
  }),
  'budget-not-measured': (p: { readonly key: string }): DiagnosticText => ({
    message: `'${p.key}' has no effect: engines do not tell how many bytes a statement read`,
    hint: 'limit rows or query_duration_ms',
    severity: 'warning',
  }),
  'package-not-local': (p: { readonly key: string }): DiagnosticText => ({
    message: `'${p.key}' names a package that would have to be fetched; fft takes packages from folders alone`,
    hint: 'put a copy of it beside the project (a clone, a submodule) and name its folder: local: ../shared',
  }),
  'package-needs-path': (): DiagnosticText => ({
    message: 'the package has no folder',
    hint: 'write local: ../shared',
  }),
  'missing-key': (p: { readonly key: string; readonly hint?: string | undefined }): DiagnosticText => ({
    message: `'${p.key}' is missing`,
    hint: p.hint ?? `add '${p.key}:' here`,
  }),
  'contradictory-values': (p: TwoSpellings): DiagnosticText => ({
    message:
      p.first === p.second
        ? `'${p.second}' has two different values: ${p.firstValue} and ${p.secondValue}`
        : `'${p.first}' (${p.firstValue}) and '${p.second}' (${p.secondValue}) are two spellings of '${p.key}' with different values`,
    hint: `keep one of them${p.second === p.key ? '' : `, best '${p.key}'`}`,
  }),
  'incremental-contradiction': (p: { readonly materialized: string; readonly because: string }): DiagnosticText => ({
    message: `materialized='${p.materialized}' contradicts '${p.because}', which makes the model incremental`,
    hint: `write materialized='incremental', or remove '${p.because}'`,
  }),
  'incremental-disabled': (_: Record<never, never>): DiagnosticText => ({
    message: `materialized='incremental' contradicts 'incremental', which is switched off here`,
    hint: 'keep one of them',
  }),
  'two-deltas': (p: { readonly first: string; readonly second: string }): DiagnosticText => ({
    message: `'${p.first}' and '${p.second}' both say what the delta is`,
    hint: 'keep one of them',
  }),
  'key-in-delta-file': (p: { readonly key: string; readonly file: string }): DiagnosticText => ({
    message: `'${p.key}' is set in the model's config and in ${p.file}`,
    hint: 'keep one of them',
  }),
  'delta-file-missing': (p: { readonly path: string; readonly known: readonly string[] }): DiagnosticText => ({
    message: `delta_config names '${p.path}', but the project has no such file`,
    hint: suggest(p.path, p.known, 'delta files') ?? 'the path counts from the project folder',
  }),
  'delta-needs-one': (p: { readonly what: string }): DiagnosticText => ({
    message: `${p.what} needs exactly one of 'sql' and 'watermark'`,
    hint: "write sql: 'select …' for a delta of your own, or watermark: <column> for an automatic filter",
  }),
  'tests-and-data-tests': (_: Record<never, never>): DiagnosticText => ({
    message: `'tests' and 'data_tests' stand in one place with different content`,
    hint: "keep 'data_tests'",
  }),
  'test-form': (p: { readonly problem: string; readonly hint?: string }): DiagnosticText => ({
    message: p.problem,
    hint: p.hint ?? 'write a test as "- not_null" or "- accepted_values: {values: [a, b]}"',
  }),
  'duplicate-source': (p: { readonly name: string }): DiagnosticText => ({
    message: `source '${p.name}' is defined twice`,
    hint: 'put all tables of a source in one list, or rename one of them',
  }),
  'duplicate-source-table': (p: { readonly source: string; readonly name: string }): DiagnosticText => ({
    message: `table '${p.name}' of source '${p.source}' is defined twice`,
    hint: 'remove or rename one of them',
  }),
  'env-file-line': (_: Record<never, never>): DiagnosticText => ({
    message: 'this line is no NAME=value and is passed over',
    hint: 'close its quote, or put # in front',
    severity: 'warning',
  }),
  'profiles-empty': (_: Record<never, never>): DiagnosticText => ({
    message: 'profiles.yml names no environment',
    hint: profileExample,
  }),
  'environment-unknown': (p: { readonly env: string; readonly known: readonly string[] }): DiagnosticText => ({
    message: `profiles.yml has no environment '${p.env}'`,
    hint: suggest(p.env, p.known, 'environments') ?? profileExample,
  }),
  'environment-unclear': (p: { readonly known: readonly string[]; readonly isFlat: boolean }): DiagnosticText =>
    p.isFlat
      ? { message: "profiles.yml starts with 'engine', not with the name of an environment", hint: environmentHint }
      : {
          message: "profiles.yml has several environments, none of them 'dev'",
          hint: `choose one with --env or FFT_ACTIVE_ENV: ${p.known.join(', ')}`,
        },
  'engine-unknown': (p: { readonly engine: string; readonly known: readonly string[] }): DiagnosticText => ({
    message: `fft does not speak the engine '${p.engine}'`,
    hint: suggest(p.engine, p.known, 'engines'),
  }),
  'engine-section-missing': (p: EngineMissing): DiagnosticText => ({
    message: `environment '${p.env}' has no section for ${p.engine}`,
    hint: p.known.length === 0 ? `add '${p.engine}:' with its settings` : `it has sections for ${p.known.join(', ')}`,
  }),
  'spark-session-keys': (p: { readonly keys: readonly string[] }): DiagnosticText => ({
    message: `fft connects to Databricks without a Spark session of its own: ${p.keys.join(', ')} ${p.keys.length === 1 ? 'has' : 'have'} no effect`,
    hint: 'remove them; connect with host, http_path and token',
    severity: 'warning',
  }),
  'plus-missing': (p: { readonly key: string }): DiagnosticText => ({
    message: `'${p.key}' is no folder; a setting for the models below needs a '+'`,
    hint: `write '+${p.key}'`,
  }),
})

/** For settings that stand right at the top of `profiles.yml`. */
export const environmentHint = "put 'dev:' in the first line, and indent what is below it"

/** A profile to start from, for hints. */
export const profileExample = `write one:
dev:
  engine: duckdb
  duckdb:
    path: warehouse.duckdb`

interface EngineMissing {
  readonly env: string
  readonly engine: string
  readonly known: readonly string[]
}

interface WrongValue {
  readonly key: string
  /** What would be right, in words. */
  readonly expected: string
  readonly received: string
  readonly hint?: string | undefined
}

interface TwoSpellings {
  readonly key: string
  readonly first: string
  readonly firstValue: string
  readonly second: string
  readonly secondValue: string
}

/** A value of the user's as a message shows it: short, strings in single quotes. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}…` : value}'`
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : cut(JSON.stringify(value), 'a list')
  return typeof value === 'object' ? 'a map' : String(value)
}

function cut(json: string, otherwise: string): string {
  return json.length > 60 ? otherwise : json
}
