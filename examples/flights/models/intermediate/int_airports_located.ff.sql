select
  airports.*,
  states.state_name,
  coalesce(states.region, 'Unknown') as region,
  states.division
from {{ ref('stg_airports') }} as airports
left join {{ ref('stg_states') }} as states using (state)
