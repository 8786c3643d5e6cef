select
  iata as airport,
  trim(name) as airport_name,
  nullif(trim(city), 'NA') as city,
  nullif(trim(state), 'NA') as state,
  latitude,
  longitude
from read_csv('airports.csv', header = true)
