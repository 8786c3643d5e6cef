-- A holiday against the ordinary days of the same weekday.
with days as (
  select
    flight_date,
    weekday,
    holiday,
    sum(days.flights) as flights,
    sum(days.delay_minutes) / sum(days.flights) as average_delay
  from {{ ref('fct_delay_days') }} as days
  join {{ ref('dim_dates') }} using (flight_date)
  group by all
),

ordinary as (
  select weekday, avg(flights) as flights, avg(average_delay) as average_delay
  from days
  where holiday is null
  group by weekday
)

select
  days.holiday,
  days.flight_date,
  days.weekday,
  round(100 * (days.flights / ordinary.flights - 1), 1) as flights_change_percent,
  round(days.average_delay - ordinary.average_delay, 1) as delay_change_minutes
from days
join ordinary using (weekday)
where days.holiday is not null
