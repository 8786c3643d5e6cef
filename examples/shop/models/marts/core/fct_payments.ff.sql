{{ config(materialized='incremental', strategy='delete+insert', unique_key='order_id') }}

-- All payments of an order are replaced when one of them is new.
select payment_id, order_id, method, amount, paid_at
from {{ ref('stg_payments') }}
{% if is_incremental() %}
where order_id in (
  select order_id from {{ ref('stg_payments') }} where paid_at >= (select max(paid_at) from {{ this }})
)
{% endif %}
