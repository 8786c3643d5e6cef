select
  order_id,
  count(*) as items,
  cast(sum(quantity) as integer) as pieces,
  cast(sum(amount) as decimal(18, 2)) as amount
from {{ ref('stg_order_items') }}
group by order_id
