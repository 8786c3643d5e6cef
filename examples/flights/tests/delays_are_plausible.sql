{{ config(severity='warn') }}

-- More than a day late happens, but someone should look at it.
select * from {{ ref('fct_flights') }} where delay_minutes > 1440 order by departs_at
