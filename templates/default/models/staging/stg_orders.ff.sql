select
  order_id,
  ordered_at,
  updated_at,
  customer,
  status,
  {{ money('amount_cents') }} as amount
from {{ source('shop', 'orders') }}
