{{ config(
    materialized='incremental',
    unique_key=['airport', 'flight_date'],
    updated_at='flight_date',
) }}

select
  airport,
  flight_date,
  count(*) filter (movement = 'departure') as departures,
  count(*) filter (movement = 'arrival') as arrivals,
  round(avg(delay_minutes), 1) as average_delay,
  {{ on_time_percent('delay_minutes') }} as on_time_percent
from {{ ref('int_airport_movements') }}
{% if is_incremental() %}
-- The last day that is there may have been half a day.
where flight_date >= {{ watermark('flight_date') }}
{% endif %}
group by airport, flight_date
