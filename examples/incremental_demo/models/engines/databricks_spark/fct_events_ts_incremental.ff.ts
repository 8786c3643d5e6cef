import { model, sql } from 'fastflowtransform'

/** Returns SQL, so the rows never leave the engine. */
export default model(
  {
    only: 'databricks_spark',
    name: 'fct_events_ts_incremental',
    deps: ['events_base.ff'],
    tags: ['example:incremental_demo', 'scope:engine', 'engine:databricks_spark'],
    meta: {
      incremental: true,
      unique_key: ['event_id'],
      updated_at: 'updated_at',
    },
  },
  ({ events_base }) => sql`select event_id, updated_at, value from ${events_base}`,
)
