select
  case when email like '%@example.com' then 'example.com' when email is null then 'none' else 'other' end as domain,
  count(*) as customers,
  min(name) as first_name,
  max(name) as last_name
from {{ ref('stg_customers') }}
group by case when email like '%@example.com' then 'example.com' when email is null then 'none' else 'other' end
