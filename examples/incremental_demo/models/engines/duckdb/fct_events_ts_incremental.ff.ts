import { model } from 'fastflowtransform'

/** The rows stream through TypeScript; fft merges them by `event_id`. */
export default model(
  {
    only: 'duckdb',
    name: 'fct_events_ts_incremental',
    deps: ['events_base.ff'],
    tags: ['example:incremental_demo', 'scope:engine', 'engine:duckdb'],
    meta: {
      incremental: true,
      unique_key: ['event_id'],
      updated_at: 'updated_at',
    },
  },
  ({ events_base }) => events_base.rows(),
)
