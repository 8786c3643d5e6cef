{{ config(materialized='incremental', strategy='append', updated_at='departs_at') }}

select flight_id, departs_at, flight_date, origin, destination, miles, delay_minutes
from {{ ref('stg_flights') }}
