select origin, destination, flights
from {{ ref('dim_routes') }} as there
where not exists (
  select 1 from {{ ref('dim_routes') }} as back
  where back.origin = there.destination and back.destination = there.origin
)
