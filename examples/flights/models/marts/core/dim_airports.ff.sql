select airport, airport_name, city, state, state_name, region, division, latitude, longitude
from {{ ref('int_airports_located') }}
where airport in (
  select origin from {{ ref('fct_flights') }}
  union
  select destination from {{ ref('fct_flights') }}
)
