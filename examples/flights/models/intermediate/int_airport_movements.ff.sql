-- Each flight twice: once where it leaves, once where it arrives.
select flight_date, departs_at, origin as airport, 'departure' as movement, delay_minutes
from {{ ref('fct_flights') }}
union all
select flight_date, departs_at, destination, 'arrival', delay_minutes
from {{ ref('fct_flights') }}
