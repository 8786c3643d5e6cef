select
  airport,
  airports.airport_name,
  airports.region,
  sum(departures) as departures,
  sum(arrivals) as arrivals,
  round(avg(on_time_percent), 1) as on_time_percent_of_a_day,
  min(on_time_percent) as worst_day_percent,
  arg_min(flight_date, on_time_percent) as worst_day
from {{ ref('fct_airport_days') }}
join {{ ref('dim_airports') }} as airports using (airport)
group by all
