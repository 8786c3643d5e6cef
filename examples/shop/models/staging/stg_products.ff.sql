select
  upper(sku) as sku,
  name,
  coalesce(category, 'other') as category,
  {{ money('price_cents') }} as price
from {{ ref('raw_products') }}
