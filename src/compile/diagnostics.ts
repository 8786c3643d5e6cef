import { diagnosticsOf } from '../core/index.js'

/** Codes of the compile stage. */
export const compileDiagnostic = diagnosticsOf({
  'batch-outside': () => ({
    message: "'batch' means something only in a model with strategy='time_range'",
    hint: "set strategy='time_range' with event_time, begin and batch_size",
  }),
  'relation-duplicate': (p: { relation: string; node: string; other: string }) => ({
    message: `${p.node} and ${p.other} would both be ${p.relation}`,
    hint: 'give one of them another alias or schema',
  }),
  'sql-empty': (p: { name: string }) => ({
    message: `model '${p.name}' renders to nothing`,
    hint: 'a model is one SELECT',
  }),
  'ephemeral-code-model': (p: { name: string }) => ({
    message: `'${p.name}' is ephemeral, but rows of a function cannot be inlined`,
    hint: "materialize it as 'table'",
  }),
})
