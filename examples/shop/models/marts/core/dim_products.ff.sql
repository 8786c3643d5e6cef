-- Where a NULL or a letter's case decides about an order, it is said: engines have other opinions.
select
  sku,
  name,
  category,
  price,
  row_number() over (partition by category order by price desc nulls last, sku) as rank_in_category,
  row_number() over (order by lower(name), name) as place_in_catalogue
from {{ ref('stg_products') }}
