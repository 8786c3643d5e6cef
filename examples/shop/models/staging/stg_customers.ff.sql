select
  customer_id,
  name,
  -- Mail addresses are the same in whatever letter case they are written.
  lower(email) as email,
  coalesce(city, 'unknown') as city,
  signed_up,
  cast(coalesce(discount, 0) as decimal(6, 3)) as discount
from {{ ref('raw_customers') }}
