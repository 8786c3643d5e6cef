import { diagnosticsOf, suggest } from '../core/index.js'

/** Codes of the parse stage: what is wrong with a model, seed, test or macro before anything is linked. */
export const parseDiagnostic = diagnosticsOf({
  'name-invalid': (p: { name: string; what: string }) => ({
    message: `'${p.name}' is no ${p.what} name`,
    hint: 'use letters, digits, "_", "." and "-"',
  }),
  'name-duplicate': (p: { name: string; what: string; other: string }) => ({
    message:
      p.what === p.other
        ? `${p.what} '${p.name}' is defined twice`
        : `'${p.name}' is the name of a ${p.other} and of a ${p.what}: ref('${p.name}') could mean both`,
    hint: 'rename one of the two files, or disable one of them (enabled: false)',
  }),
  'name-differs-in-case': (p: { name: string; other: string }) => ({
    message: `'${p.name}' and '${p.other}' differ only in letter case, so their tables would be one`,
    hint: 'rename one of the two',
  }),
  'macro-duplicate': (p: { name: string }) => ({
    message: `macro '${p.name}' is defined twice`,
    hint: 'macros are global by name: rename one of the two',
  }),
  'config-contradicts': (p: { key: string }) => ({
    message: `two config() calls set '${p.key}' to different values`,
    hint: 'keep one of them',
  }),
  'config-argument': () => ({
    message: 'config() takes keyword arguments',
    hint: "write config(materialized='table')",
  }),
  'ref-argument': () => ({
    message: 'ref() takes the name of a model, seed or snapshot as text',
    hint: "write ref('name'), or ref('package', 'name')",
  }),
  'source-argument': () => ({
    message: "source() takes two texts: the source's name and the table's",
    hint: "write source('raw', 'events')",
  }),
  'argument-missing': (p: { call: string; argument: string }) => ({
    message: `${p.call} needs ${p.argument}`,
  }),
  'env-var-missing': (p: { name: string }) => ({
    message: `the environment variable '${p.name}' is not set`,
    hint: `set it, put it into a .env file, or give a default: env_var('${p.name}', 'default')`,
  }),
  'user-error': (p: { message: string }) => ({ message: p.message }),
  'user-warning': (p: { message: string }) => ({ message: p.message, severity: 'warning' as const }),
  'dispatch-missing': (p: { name: string; tried: readonly string[] }) => ({
    message: `adapter.dispatch('${p.name}') finds no macro`,
    hint: `define one of ${p.tried.join(', ')}`,
  }),
  'append-without-delta': (p: { model: string; isMeant: boolean }) => ({
    message: p.isMeant
      ? `append model '${p.model}' has no way to tell new rows: each run would insert all rows again`
      : `incremental model '${p.model}' has no unique_key and no way to tell new rows: each run would insert all rows again`,
    hint: `${p.isMeant ? '' : 'set unique_key to merge rows by it; to append them, '}set updated_at, or filter the body with is_incremental(), or give a delta (delta={"sql": …})`,
  }),
  'watermark-column': () => ({
    message: 'watermark() takes a column name as text',
    hint: "write watermark('updated_at')",
  }),
  'test-unknown': (p: { test: string; known: readonly string[] }) => ({
    message: `there is no data test '${p.test}'`,
    hint: suggest(p.test, p.known),
  }),
  'test-type-taken': (p: { type: string }) => ({
    message: `there is a data test '${p.type}' already`,
    hint: 'choose another type',
  }),
  'test-table-unknown': (p: { table: string; known: readonly string[] }) => ({
    message: `the data test is about '${p.table}', which is no model or seed`,
    hint: suggest(p.table, p.known, 'models and seeds'),
  }),
  'test-argument': (p: { test: string; argument: string; known: readonly string[] }) => ({
    message: `data test '${p.test}' has no argument '${p.argument}'`,
    hint: suggest(p.argument, p.known),
  }),
  'test-argument-missing': (p: { test: string; argument: string; hint?: string }) => ({
    message: `data test '${p.test}' needs ${p.hint === undefined ? `'${p.argument}'` : p.argument}`,
    hint: p.hint ?? `write - ${p.test}: {${p.argument}: ${p.argument === 'values' ? '[…]' : '…'}}`,
  }),
  'test-argument-value': (p: {
    test: string
    argument: string
    expected: string
    received: string
    hint: string | undefined
  }) => ({
    message: `'${p.argument}' of data test '${p.test}' must be ${p.expected}, not ${p.received}`,
    hint: p.hint,
  }),
  'test-arguments-exclude': (p: { test: string; first: string; second: string }) => ({
    message: `data test '${p.test}' takes '${p.first}' or '${p.second}', not both`,
    hint: 'keep one of them',
  }),
  'test-needs-column': (p: { test: string; argument: string }) => ({
    message: `data test '${p.test}' is about a column`,
    hint: `put it under a column, or give \`${p.argument}\``,
  }),
  'test-needs-relation': (p: { test: string }) => ({
    message: `data test '${p.test}' is about a whole relation`,
    hint: 'put it under the tests of the model, seed or source, not under a column',
  }),
  'snapshot-block-open': () => ({
    message: 'a snapshot block without its end',
    hint: 'close it with {% endsnapshot %}',
  }),
  'snapshot-block-missing': () => ({
    message: 'a file of the snapshots folder without a snapshot block',
    hint: "put the SELECT between {% snapshot name %} and {% endsnapshot %}; or make it a model with materialized='snapshot'",
  }),
  'properties-unmatched': (p: { name: string; what: string; known: readonly string[] }) => ({
    message: `${p.what} '${p.name}' has properties but no file`,
    hint: suggest(p.name, p.known),
    severity: 'warning' as const,
  }),
  'incremental-unmatched': (p: { name: string; known: readonly string[] }) => ({
    message: `models.incremental names '${p.name}', which is no model`,
    hint: suggest(p.name, p.known),
    severity: 'warning' as const,
  }),
  'no-effect-yet': (p: { key: string; others: number }) => ({
    message: `'${p.key}' has no effect yet${p.others === 0 ? '' : ` (here and in ${p.others} more ${p.others === 1 ? 'place' : 'places'})`}`,
    hint: 'it is checked and kept in manifest.json, but nothing in the warehouse follows from it',
    severity: 'warning' as const,
  }),
  'no-effect-here': (p: { key: string; engine: string; others: number }) => ({
    message: `'${p.key}' has no effect on ${p.engine}${p.others === 0 ? '' : ` (here and in ${p.others} more ${p.others === 1 ? 'place' : 'places'})`}`,
    hint: 'the engine, or fft on it, has nothing of the kind; the model is built without',
    severity: 'warning' as const,
  }),
  'code-needs-table': (p: { name: string; materialized: string }) => ({
    message: `'${p.name}' returns rows, which a model with materialized '${p.materialized}' cannot keep`,
    hint: "set materialized: 'table' (or incremental) in the model",
  }),
  'group-duplicate': (p: { name: string }) => ({
    message: `group '${p.name}' is defined twice`,
    hint: 'remove one of the two',
  }),
  'group-unknown': (p: { name: string; known: readonly string[] }) => ({
    message: `there is no group '${p.name}'`,
    hint:
      p.known.length === 0
        ? `define it in a YAML file beside the models: groups: [{name: ${p.name}, owner: {name: …}}]`
        : suggest(p.name, p.known, 'groups'),
    // Without any definition the name is no more than a word for people.
    ...(p.known.length === 0 ? { severity: 'warning' as const } : {}),
  }),
  'contract-needs-columns': (p: { name: string }) => ({
    message: `the contract of '${p.name}' is enforced, but no columns are declared`,
    hint: 'declare all columns with their data_type in a YAML file beside the model',
  }),
  'contract-needs-types': (p: { name: string; columns: readonly string[] }) => ({
    message: `the contract of '${p.name}' is enforced, but these columns have no data_type: ${p.columns.join(', ')}`,
    hint: 'declare data_type for every column',
  }),
  'contract-not-held': (p: { name: string; what: string }) => ({
    message: `the contract of '${p.name}' cannot be enforced: ${p.what}`,
    hint: 'contracts are for views, tables and incremental models',
  }),
  'contract-schema-change': (p: { mode: string }) => ({
    message: `with an enforced contract on_schema_change cannot be '${p.mode}': columns would come or go unseen`,
    hint: "use 'fail' or 'append_new_columns'",
  }),
  'constraint-incomplete': (p: { name: string; type: string; what: string }) => ({
    message: `a constraint of '${p.name}' of type ${p.type} lacks ${p.what}`,
    hint:
      p.type === 'check'
        ? 'write {type: check, expression: "amount > 0"}'
        : `write {type: ${p.type}} at the column, or {type: ${p.type}, columns: [id]} at the model`,
  }),
  'constraint-not-made': (p: { type: string; why: string }) => ({
    message: `a constraint of type ${p.type} is not made: ${p.why}`,
    hint: 'a data test (relationships, unique, not_null) looks at the rows instead; warn_unsupported: false silences this',
    severity: 'warning' as const,
  }),
  'privilege-unknown': (p: { privilege: string; known: readonly string[] }) => ({
    message: `'${p.privilege}' is no privilege`,
    hint: suggest(p.privilege, p.known),
  }),
  'index-type-unknown': (p: { type: string; known: readonly string[] }) => ({
    message: `'${p.type}' is no kind of index here`,
    hint: suggest(p.type, p.known),
  }),
  'external-not-read': (p: { source: string; others: number }) => ({
    message: `the location of source '${p.source}'${p.others === 0 ? '' : ` (and of ${p.others} more)`} is not read on this engine: source() names a relation`,
    hint: 'load the file as a seed, or read it in a model with a function of the engine',
    severity: 'warning' as const,
  }),
  'hook-without-sql': (p: { name: string | undefined }) =>
    p.name === undefined
      ? { message: 'the hook has neither sql nor a name', hint: 'write sql:, or name: of a file hooks/**/<name>.sql' }
      : { message: `the hook '${p.name}' has no sql`, hint: `write sql:, or a file hooks/${p.name}.sql` },
})
