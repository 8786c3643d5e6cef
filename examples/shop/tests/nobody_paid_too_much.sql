select * from {{ ref('open_amounts') }} where open_amount < 0
