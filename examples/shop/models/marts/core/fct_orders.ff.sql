{{ config(
    materialized='incremental',
    unique_key='order_id',
    updated_at='updated_at',
    delta={'watermark': 'updated_at'},
) }}

select
  o.order_id,
  o.customer_id,
  o.status,
  o.ordered_at,
  a.items,
  a.pieces,
  a.amount,
  o.updated_at
from {{ ref('stg_orders') }} o
join {{ ref('int_order_amounts') }} a on a.order_id = o.order_id
