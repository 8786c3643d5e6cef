{# A key of several columns as one text; a NULL is told from an empty text. #}
{% macro surrogate_key(columns) -%}
md5(concat_ws('|'
{%- for column in columns -%}
  , coalesce(cast({{ column }} as varchar), '<null>')
{%- endfor -%}
))
{%- endmacro %}
