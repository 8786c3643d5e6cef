select
  origins.region as from_region,
  destinations.region as to_region,
  count(*) as routes,
  sum(flights) as flights,
  sum(flights * miles) as miles_flown
from {{ ref('dim_routes') }} as routes
join {{ ref('dim_airports') }} as origins on origins.airport = routes.origin
join {{ ref('dim_airports') }} as destinations on destinations.airport = routes.destination
group by all
