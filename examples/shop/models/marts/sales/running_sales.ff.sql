select
  month,
  amount,
  cast(sum(amount) over (order by month rows between unbounded preceding and current row) as decimal(18, 2)) as so_far,
  lag(amount) over (order by month) as month_before
from {{ ref('monthly_sales') }}
