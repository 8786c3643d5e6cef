{{ config(
    materialized='incremental',
    unique_key='order_id',
    updated_at='updated_at',
) }}

select order_id, ordered_at, updated_at, customer, status, amount
from {{ ref('stg_orders') }}
{% if is_incremental() %}
where updated_at >= {{ watermark('updated_at') }}
{% endif %}
