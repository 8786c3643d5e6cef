{# The name of the class in vars.delay_classes that a number of minutes falls into. #}
{% macro delay_class(minutes) -%}
case
{%- for class in var('delay_classes') if class.below is defined %}
    when {{ minutes }} < {{ class.below }} then '{{ class.name }}'
{%- endfor %}
    else '{{ (var('delay_classes') | last).name }}'
  end
{%- endmacro %}

{# One column for each class, with the number of rows in it. #}
{% macro count_by_class(column) -%}
{%- for class in var('delay_classes') %}
  count(*) filter ({{ column }} = '{{ class.name }}') as {{ class.name }}
  {{- ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{% macro on_time_percent(minutes) -%}
round(100.0 * count(*) filter ({{ minutes }} < {{ var('on_time_minutes') }}) / count(*), 1)
{%- endmacro %}
