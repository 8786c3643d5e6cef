-- The feed holds every version of an order: the newest that has been written by now counts.
with versions as (
  select
    order_id, customer_id, status, ordered_at, updated_at,
    row_number() over (partition by order_id order by updated_at desc) as newest
  from {{ ref('raw_orders') }}
  where updated_at < timestamp '{{ var("as_of") }} 00:00:00'
)

select order_id, customer_id, status, ordered_at, updated_at
from versions
where newest = 1
