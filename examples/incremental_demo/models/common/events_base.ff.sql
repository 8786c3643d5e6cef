{{ config(
    materialized='table',
    tags=[
        'example:incremental_demo',
        'scope:common',
        'engine:duckdb',
        'engine:postgres',
        'engine:databricks_spark',
    ],
) }}

select
  event_id,
  updated_at,
  value
from {{ source('raw', 'events') }};
