with orders as (
  select customer_id, min(ordered_at) as first_order_at, count(*) as orders
  from {{ ref('stg_orders') }}
  group by customer_id
)

select
  c.customer_id,
  c.name,
  c.email,
  c.city,
  c.discount,
  c.signed_up,
  orders.first_order_at,
  coalesce(orders.orders, 0) as orders,
  c.email like '%@example.com' as has_own_mail
from {{ ref('stg_customers') }} c
left join orders on orders.customer_id = c.customer_id
