select
  {{ month_of('ordered_at') }} as month,
  count(*) as orders,
  count(distinct customer_id) as customers,
  cast(sum(amount) as decimal(18, 2)) as amount,
  cast(sum(case when status = 'returned' then amount else 0 end) as decimal(18, 2)) as returned,
  {{ percent("sum(case when status = 'paid' then 1 else 0 end)", 'count(*)') }} as paid_percent
from {{ ref('fct_orders') }}
group by {{ month_of('ordered_at') }}
