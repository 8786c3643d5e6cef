{{ config(materialized='view') }}

select
  category,
  count(*) as lines,
  cast(sum(quantity) as integer) as pieces,
  cast(sum(amount) as decimal(18, 2)) as amount,
  max(added_at) as last_sold_at
from {{ ref('fct_order_items') }}
group by category
