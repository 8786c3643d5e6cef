{#- Whole cents as money: a decimal, exact on every engine. -#}
{% macro money(cents) -%}
cast(cast({{ cents }} as decimal(18, 2)) / 100 as decimal(18, 2))
{%- endmacro %}

{#- A share in whole per cent, rounded down: no engine rounds a half in its own way. -#}
{% macro percent(part, whole) -%}
cast(floor(100.0 * {{ part }} / {{ whole }}) as integer)
{%- endmacro %}

{#- The first day of a month, as a date. -#}
{% macro month_of(expression) -%}
cast({{ ff_date_trunc(expression, 'month') }} as date)
{%- endmacro %}
