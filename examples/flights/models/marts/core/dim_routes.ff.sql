select
  origin,
  destination,
  any_value(miles) as miles,
  count(*) as flights,
  min(flight_date) as first_flown,
  max(flight_date) as last_flown
from {{ ref('fct_flights') }}
group by origin, destination
