import { diagnosticsOf } from '../core/index.js'

/** Codes of the plan stage: what a run may not do, known before anything runs. */
export const planDiagnostic = diagnosticsOf({
  'not-built': (p: { what: string; instead: string }) => ({
    message: `${p.what} is not built yet`,
    hint: p.instead,
  }),
  'strategy-needs': (p: { strategy: string; needs: string }) => ({
    message: `strategy '${p.strategy}' needs ${p.needs}`,
    hint: `set ${p.needs} in the model's config`,
  }),
  'latest-needs-updated-at': () => ({
    message: "on_duplicate_keys='latest' needs updated_at to tell which row is the newest",
    hint: "set updated_at, or on_duplicate_keys='any' to keep some row",
  }),
  'full-refresh-refused': (p: { model: string; why: string }) => ({
    message: `'${p.model}' may not be rebuilt: ${p.why}`,
    hint: `leave --full-refresh away, exclude it (--exclude ${p.model}), or change its config`,
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
