select * from {{ ref('dim_routes') }} where origin = destination
