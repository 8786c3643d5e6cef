with bounds as (
  select min(flight_date) as first_date, max(flight_date) as last_date
  from {{ ref('fct_flights') }}
),

dates as (
  select cast(unnest(range(first_date, last_date + interval 1 day, interval 1 day)) as date) as flight_date
  from bounds
)

select
  flight_date,
  monthname(flight_date) as month,
  dayname(flight_date) as weekday,
  isodow(flight_date) as weekday_number,
  isodow(flight_date) >= 6 as is_weekend,
  holiday
from dates
left join {{ ref('stg_holidays') }} on holiday_date = flight_date
