select
  o.order_id,
  o.status,
  o.amount,
  coalesce(p.paid, 0) as paid,
  cast(o.amount - coalesce(p.paid, 0) as decimal(18, 2)) as open_amount,
  p.last_paid_at
from {{ ref('fct_orders') }} o
left join {{ ref('int_order_payments') }} p on p.order_id = o.order_id
where o.status <> 'returned'
