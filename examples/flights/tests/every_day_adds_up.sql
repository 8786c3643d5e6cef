-- Three marts are filled by three strategies from the same flights; they must count the same.
with counted as (
  select
    (select count(*) from {{ ref('fct_flights') }}) as flights,
    (select sum(departures) from {{ ref('fct_airport_days') }}) as departures,
    (select sum(departures_to_date) from {{ ref('airport_status') }}) as to_date
)

select * from counted where flights <> departures or flights <> to_date
