{{ config(
    materialized='incremental',
    strategy='delete+insert',
    unique_key='flight_date',
    delta={'watermark': 'flight_date'},
) }}

select
  flight_date,
  delay_class,
  count(*) as flights,
  sum(delay_minutes) as delay_minutes
from {{ ref('int_flights_classed') }}
group by flight_date, delay_class
