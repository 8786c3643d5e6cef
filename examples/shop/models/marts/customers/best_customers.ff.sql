with sums as (
  select customer_id, cast(sum(amount) as decimal(18, 2)) as amount
  from {{ ref('fct_orders') }}
  where status = 'paid'
  group by customer_id
)

select
  c.customer_id,
  c.name,
  sums.amount,
  rank() over (order by sums.amount desc nulls last) as place,
  cast(sums.amount * (1 - c.discount) as decimal(18, 2)) as after_discount
from {{ ref('dim_customers') }} c
left join sums on sums.customer_id = c.customer_id
