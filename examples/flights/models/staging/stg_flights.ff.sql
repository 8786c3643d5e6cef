-- The feed has no key of its own. Flights of one minute on one route are numbered, so that the same flight gets the
-- same id however often the feed is read.
with numbered as (
  select
    *,
    row_number() over (partition by date, origin, destination order by delay, distance) as position
  from read_parquet('flights-3m.parquet')
  where date < timestamp '{{ var("as_of") }}'
)

select
  {{ surrogate_key(['date', 'origin', 'destination', 'position']) }} as flight_id,
  date as departs_at,
  cast(date as date) as flight_date,
  origin,
  destination,
  distance as miles,
  -- Nobody leaves three hours early: such delays are clock errors around midnight.
  case when delay >= -180 then delay end as delay_minutes
from numbered
