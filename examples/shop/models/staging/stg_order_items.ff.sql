select
  order_id * 100 + line as item_id,
  order_id,
  upper(sku) as sku,
  quantity,
  {{ money('price_cents') }} as price,
  {{ money('price_cents * quantity') }} as amount,
  added_at
from {{ ref('raw_order_items') }}
where added_at < timestamp '{{ var("as_of") }} 00:00:00'
