{{ config(
    materialized='incremental',
    unique_key='airport',
    updated_at='last_departure_at',
    delta={'sql': "
      select
        origin as airport,
        max(departs_at) as last_departure_at,
        count(*) as departures_to_date,
        arg_max(delay_minutes, flight_id) as last_delay_minutes
      from {{ ref('fct_flights') }}
      where origin in (
        select origin from {{ ref('fct_flights') }} where departs_at >= {{ watermark('last_departure_at') }}
      )
      group by origin
    "},
) }}

select
  origin as airport,
  max(departs_at) as last_departure_at,
  count(*) as departures_to_date,
  arg_max(delay_minutes, flight_id) as last_delay_minutes
from {{ ref('fct_flights') }}
group by origin
