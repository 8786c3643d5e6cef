select
  *,
  {{ delay_class('delay_minutes') }} as delay_class
from {{ ref('fct_flights') }}
where delay_minutes is not null
