select state, state_name, region, division from {{ ref('us_states') }}
union all
select state, state_name, 'Territories', 'Territories' from {{ ref('territories') }}
