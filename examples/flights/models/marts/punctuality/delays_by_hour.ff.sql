select
  hour(departs_at) as hour,
  count(*) as flights,
  round(avg(delay_minutes), 1) as average_delay,
  {{ on_time_percent('delay_minutes') }} as on_time_percent,
  {{ count_by_class('delay_class') }}
from {{ ref('int_flights_classed') }}
group by hour
