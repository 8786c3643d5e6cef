select
  month,
  cast(extract(year from month) as integer) as year,
  cast(extract(month from month) as integer) as month_of_year,
  cast({{ ff_date_add('month', 'month', '1') }} as date) as next_month
from (select distinct {{ month_of('ordered_at') }} as month from {{ ref('stg_orders') }}) as months
