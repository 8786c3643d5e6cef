import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults of templates: names, blocks, filters, macros. */
export const templates: readonly ErrorCase[] = [
  {
    title: 'an undefined name is an error at the name, with the nearest known one',
    files: { 'models/bad.ff.sql': "select 1 as id\nwhere {{ is_incrementel() }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an undefined name that is near nothing says how to define it',
    files: { 'models/bad.ff.sql': 'select {{ zzz_limit }} as n\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unclosed block is an error at its opening tag',
    files: { 'models/bad.ff.sql': "select 1 as id\n{% if target.name == 'dev' %}\nlimit 10\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a loop inside an unclosed if is told apart from it',
    files: { 'models/bad.ff.sql': 'select 1\n{% if true %}\n{% for i in [1] %}\n, {{ i }}\n{% endif %}\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unclosed expression is an error at its opening braces',
    files: { 'models/bad.ff.sql': "select *\nfrom {{ ref('stg_orders'\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unclosed comment is an error where it opens',
    files: { 'models/bad.ff.sql': 'select 1 as id\n  {# later: filter\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unclosed string is an error at its quote',
    files: { 'models/bad.ff.sql': "select *\nfrom {{ ref('stg_orders) }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an end tag without its beginning is an error at the tag',
    files: { 'models/bad.ff.sql': 'select 1 as id\n{% endif %}\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown tag is an error with the nearest known one',
    files: { 'models/bad.ff.sql': 'select 1 as id\n{% fro i in [1] %}{% endfor %}\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown filter is an error at its name',
    files: { 'models/bad.ff.sql': "select '{{ 'a' | uper }}' as a\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown test is an error at its name',
    files: { 'models/bad.ff.sql': 'select {{ 1 if 1 is evne else 0 }} as a\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a syntax error in an expression is an error where it stops making sense',
    files: { 'models/bad.ff.sql': 'select {{ 1 + }} as a\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a missing key is an error when it is printed',
    files: { 'models/bad.ff.sql': "{% set limits = {'dev': 10} %}\nselect {{ limits.prod }} as n\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a variable without a value is an error when it is printed',
    files: { 'models/bad.ff.sql': "select '{{ var('country') }}' as country\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a missing environment variable is an error that names it',
    files: { 'models/bad.ff.sql': "select '{{ env_var('SHOP_REGION') }}' as region\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a macro without a needed argument is an error at the call',
    files: { 'models/bad.ff.sql': 'select\n  {{ cents() }} as cents\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a macro with an unknown argument is an error at the argument',
    files: { 'models/bad.ff.sql': "select {{ cents('1', colum='a') }} as cents\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a macro with too many arguments is an error at the call',
    files: { 'models/bad.ff.sql': "select {{ cents('1', '2') }} as cents\n" },
    code: 2,
    shown: '?',
  },
  {
    title: "an error in an imported macro is shown in the macro's file, then at each call outwards",
    files: {
      'macros/inner.sql': '{% macro rounded(column) %}\n  round({{ column }}, {{ digts }})\n{% endmacro %}\n',
      'macros/outer.sql':
        "{% import 'macros/inner.sql' as inner %}\n{% macro price(column) %}{{ inner.rounded(column) }}{% endmacro %}\n",
      'models/bad.ff.sql': "{% import 'macros/outer.sql' as m %}\nselect\n  {{ m.price('amount') }} as price\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'a syntax error in a macro file is shown once, though two models use it',
    files: {
      'macros/money.sql': '{% macro cents(column) %}{{ column * }}{% endmacro %}\n',
      'models/second.ff.sql': "select {{ cents('1') }} as cents\n",
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'an import of a file that is not there is an error at its path',
    files: { 'models/bad.ff.sql': "{% import 'macros/mony.sql' as m %}\nselect 1 as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown macro of an imported file is an error with the nearest one',
    files: { 'models/bad.ff.sql': "{% import 'macros/money.sql' as m %}\nselect {{ m.cent('1') }} as id\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'an error that a user raises is shown at the raise',
    files: { 'models/bad.ff.sql': "{{ exceptions.raise_compiler_error('no region for ' ~ target.name) }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a macro that is defined twice is an error at the later one',
    files: { 'macros/other.sql': '\n{% macro cents(c) %}{{ c }}{% endmacro %}\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a division by zero and adding a text to a number are errors at their place',
    files: { 'models/bad.ff.sql': "select {{ 1 / 0 }} as a,\n  {{ 'a' + 1 }} as b\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'columns count characters, not bytes, and CRLF is one line end',
    files: { 'models/bad.ff.sql': "select 'ä😀' as a,\r\n  '😀' || {{ nix }} as b\r\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a macro that calls itself without an end is an error, not a crash',
    files: { 'models/bad.ff.sql': '{% macro again() %}{{ again() }}{% endmacro %}\nselect {{ again() }} as a\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a model that renders to nothing is an error',
    files: { 'models/bad.ff.sql': '{# only a comment #}\n\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'all errors of a stage are shown together, file by file',
    files: {
      'models/a_first.ff.sql': 'select {{ nix }} as a, {{ nada }} as b\n',
      'models/b_second.ff.sql': "select {{ 'a' | uper }} as b\n",
      'models/c_third.ff.sql': text`
        select 1
        {% if true %}
      `,
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'an error of a later stage waits until the earlier one is clean',
    files: {
      'models/a_first.ff.sql': 'select {{ nix }} as a\n',
      'models/b_second.ff.sql': "select * from {{ ref('nowhere') }}\n",
    },
    code: 2,
    shown: '?',
  },
]
