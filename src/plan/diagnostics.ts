import { diagnosticsOf } from '../core/index.js'

/** Codes of the plan stage: what a run may not do, known before anything runs. */
export const planDiagnostic = diagnosticsOf({
  'strategy-needs': (p: { strategy: string; needs: string }) => ({
    message: `strategy '${p.strategy}' needs ${p.needs}`,
    hint: `set ${p.needs} in the model's config`,
  }),
  'cdc-needs': (p: { format: string; needs: readonly string[] }) => ({
    message: `change events in the format '${p.format}' need ${p.needs.join(' and ')}`,
    hint:
      p.format === 'raw'
        ? "say which columns they are: cdc: {format: 'raw', op: 'op', sequence: 'lsn'}"
        : `say which column has the JSON text: cdc: {format: '${p.format}', column: 'payload'}`,
  }),
  'cdc-foreign': (p: { format: string; key: string }) => ({
    message: `'${p.key}' means nothing to change events in the format '${p.format}'`,
    hint:
      p.format === 'raw' ? "set format: 'debezium' or 'maxwell' for JSON text" : 'the JSON text has it; remove the key',
  }),
  'not-of-strategy': (p: { key: string; strategy: string; known: readonly string[] }) => ({
    message: `'${p.key}' means nothing to strategy '${p.strategy}'`,
    hint: `remove it; it is for ${p.known.join(', ')}`,
  }),
  'late-needs-time': (p: { mode: string }) => ({
    message: `late_rows='${p.mode}' needs updated_at: a row is late when it is before the watermark of that column`,
    hint: 'set updated_at',
  }),
  'duplicates-need-key': () => ({
    message: "duplicate_rows='quarantine' needs unique_key: without a key no row is too many",
    hint: 'set unique_key',
  }),
  'two-column-lists': () => ({
    message: "'update_columns' and 'exclude_columns' both say what an update takes over",
    hint: 'keep one of them',
  }),
  'missing-needs-whole': () => ({
    message:
      "'deletes: {missing: true}' needs the whole SELECT, but this delta is filtered: keys that it leaves out are not gone",
    hint: "take the delta or is_incremental() away, or mark deleted rows and use deletes: {when: '…'}",
  }),
  'deletions-need-whole': () => ({
    message: "'hard_deletes' needs the whole SELECT, but this delta is filtered: keys that it leaves out are not gone",
    hint: "take the delta or is_incremental() away, or set hard_deletes='ignore'",
  }),
  'history-name-unknown': (p: { key: string; known: readonly string[] }) => ({
    message: `history_names has no '${p.key}'`,
    hint: `it may have ${p.known.join(', ')}`,
  }),
  'missing-with-predicates': () => ({
    message: "'deletes: {missing: true}' looks at every row, 'predicates' only at some",
    hint: 'keep one of them',
  }),
  'dated-with-delta': () => ({
    message: "strategy 'snapshot_date' takes the whole SELECT as the rows of its date, so it has no delta of its own",
    hint: 'remove the delta',
  }),
  'begin-invalid': (p: { begin: string }) => ({
    message: `'begin' must be a date or a time, not '${p.begin}'`,
    hint: "write it as '2024-01-31' or '2024-01-31T06:00', UTC",
  }),
  'lookback-windows': (p: { lookback: string }) => ({
    message: `lookback of a time_range model counts windows: a whole number, not '${p.lookback}'`,
    hint: 'lookback=2 does the last two windows again in every run',
  }),
  'windows-with-watermark': () => ({
    message: "strategy 'time_range' does windows, so it has no filter on a watermark",
    hint: "remove 'delta'; the ledger knows which windows are missing",
  }),
  'previous-column-twice': (p: { name: string }) => ({
    message: `'${p.name}' in 'history_columns' would remember two columns`,
    hint: 'give each column one of its own',
  }),
  'condition-bare-name': (p: { key: string; name: string }) => ({
    message: `'${p.name}' in '${p.key}' could be the table's or the delta's`,
    hint: `write target.${p.name} or delta.${p.name}`,
  }),
  'condition-alias': (p: { key: string; name: string }) => ({
    message: `'${p.name}' in '${p.key}' is neither 'target' nor 'delta'`,
    hint: "'target' is the table, 'delta' the new rows",
  }),
  'latest-needs-updated-at': () => ({
    message: "on_duplicate_keys='latest' needs updated_at to tell which row is the newest",
    hint: "set updated_at, or on_duplicate_keys='any' to keep some row",
  }),
  'full-refresh-refused': (p: { model: string; why: string; flag: string }) => ({
    message: `'${p.model}' may not be rebuilt: ${p.why}`,
    hint: `leave ${p.flag} away, exclude it (--exclude ${p.model}), or change its config`,
  }),
  'kind-change-refused': (p: { model: string; from: string; to: string }) => ({
    message: `'${p.model}' is protected: it is a ${p.from} now and would be replaced by a ${p.to}`,
    hint: 'take `protected` off first, or give the model another alias',
  }),
  'lookback-invalid': (p: { lookback: string; type: string }) => ({
    message: `lookback '${p.lookback}' cannot be taken from a ${p.type}`,
    hint: "write a duration ('3 days', '12 hours', '30 minutes') for times, a number for numbers",
  }),
  'name-too-long': (p: { model: string; name: string; bytes: number; most: number }) => ({
    message: `'${p.name}' (of '${p.model}') has ${p.bytes} bytes, and the engine cuts names after ${p.most}`,
    hint: `shorten it, or set alias to a name of at most ${p.most} bytes`,
  }),
  'empty-refused': (p: { model: string; flag: string }) => ({
    message: `${p.flag} would move the watermark of '${p.model}', which exists`,
    hint: 'use another environment for it (--env)',
  }),
})
