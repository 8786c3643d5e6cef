select
  dates.weekday_number,
  dates.weekday,
  sum(days.flights) as flights,
  round(sum(days.delay_minutes) / sum(days.flights), 1) as average_delay
from {{ ref('fct_delay_days') }} as days
join {{ ref('dim_dates') }} as dates using (flight_date)
group by all
