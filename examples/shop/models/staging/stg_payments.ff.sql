select
  payment_id,
  order_id,
  coalesce(lower(method), 'unknown') as method,
  {{ money('amount_cents') }} as amount,
  paid_at
from {{ ref('raw_payments') }}
where paid_at < timestamp '{{ var("as_of") }} 00:00:00'
