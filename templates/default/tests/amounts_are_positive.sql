-- The rows that a test returns are its failures.
select * from {{ ref('fct_orders') }} where amount <= 0
