{{ config(
    materialized='incremental',
    unique_key='customer_id',
    updated_at='last_change_at',
    delta={'sql': "
      select * from (
        select customer_id, max(updated_at) as last_change_at, count(*) as orders,
          cast(sum(case when status = 'open' then 1 else 0 end) as integer) as open_orders
        from {{ ref('fct_orders') }}
        group by customer_id
      ) as changed
      where last_change_at >= {{ watermark('last_change_at') }}
    "},
) }}

select
  customer_id,
  max(updated_at) as last_change_at,
  count(*) as orders,
  cast(sum(case when status = 'open' then 1 else 0 end) as integer) as open_orders
from {{ ref('fct_orders') }}
group by customer_id
