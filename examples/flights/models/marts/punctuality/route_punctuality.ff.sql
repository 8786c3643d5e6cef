select
  origin,
  destination,
  count(*) as flights,
  {{ on_time_percent('delay_minutes') }} as on_time_percent,
  quantile_cont(delay_minutes, 0.9) as delay_of_nine_in_ten,
  {{ count_by_class('delay_class') }}
from {{ ref('int_flights_classed') }}
group by origin, destination
