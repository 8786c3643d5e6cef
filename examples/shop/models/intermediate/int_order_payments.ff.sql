select
  order_id,
  cast(sum(amount) as decimal(18, 2)) as paid,
  max(paid_at) as last_paid_at
from {{ ref('stg_payments') }}
group by order_id
