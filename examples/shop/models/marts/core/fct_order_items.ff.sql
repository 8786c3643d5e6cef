{{ config(materialized='incremental', strategy='append', unique_key='item_id', updated_at='added_at') }}

select i.item_id, i.order_id, i.sku, p.category, i.quantity, i.price, i.amount, i.added_at
from {{ ref('stg_order_items') }} i
join {{ ref('stg_products') }} p on p.sku = i.sku
