import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults of templates: names, blocks, filters, macros. */
export const templates: readonly ErrorCase[] = [
  {
    title: 'an undefined name is an error at the name, with the nearest known one',
    files: { 'models/bad.ff.sql': 'select 1 as id\nwhere {{ is_incrementel() }}\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:10 error[unknown-name]: 'is_incrementel' is not defined
        hint: did you mean 'is_incremental'?
    `,
  },
  {
    title: 'an undefined name that is near nothing says how to define it',
    files: { 'models/bad.ff.sql': 'select {{ zzz_limit }} as n\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:11 error[unknown-name]: 'zzz_limit' is not defined
        hint: a text needs quotes: 'zzz_limit'; a variable is set first: {% set zzz_limit = … %}
    `,
  },
  {
    title: 'an unclosed block is an error at its opening tag',
    files: { 'models/bad.ff.sql': "select 1 as id\n{% if target.name == 'dev' %}\nlimit 10\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:1 error[unclosed-block]: {% if %} is not closed
        models/bad.ff.sql:3:9 the template ends here
        hint: add {% endif %}
    `,
  },
  {
    title: 'a loop inside an unclosed if is told apart from it',
    files: { 'models/bad.ff.sql': 'select 1\n{% if true %}\n{% for i in [1] %}\n, {{ i }}\n{% endif %}\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:3:1 error[unclosed-block]: {% for %} is not closed
        models/bad.ff.sql:5:4 {% endif %} stands here
        hint: {% endif %} stands where {% endfor %} is expected: close the inner block first
    `,
  },
  {
    title: 'an unclosed expression is an error at its opening braces',
    files: { 'models/bad.ff.sql': "select *\nfrom {{ ref('stg_orders'\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:6 error[unclosed-expression]: '{{' is not closed
        models/bad.ff.sql:2:25 the template ends here
        hint: add '}}'
    `,
  },
  {
    title: 'an unclosed comment is an error where it opens',
    files: { 'models/bad.ff.sql': 'select 1 as id\n  {# later: filter\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:3 error[unclosed-comment]: the comment '{#' is not closed
        models/bad.ff.sql:2:19 the template ends here
        hint: add '#}'
    `,
  },
  {
    title: 'an unclosed string is an error at its quote',
    files: { 'models/bad.ff.sql': "select *\nfrom {{ ref('stg_orders) }}\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:13 error[unclosed-string]: the string is not closed
        models/bad.ff.sql:2:28 the template ends here
        hint: add ' at its end
    `,
  },
  {
    title: 'an end tag without its beginning is an error at the tag',
    files: { 'models/bad.ff.sql': 'select 1 as id\n{% endif %}\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:4 error[unexpected-tag]: {% endif %} has no {% if %} before it
        hint: remove it, or open the block with {% if … %}
    `,
  },
  {
    title: 'an unknown tag is an error with the nearest known one',
    files: { 'models/bad.ff.sql': 'select 1 as id\n{% fro i in [1] %}{% endfor %}\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:4 error[unknown-tag]: {% fro %} is no tag
        hint: did you mean 'for'?
    `,
  },
  {
    title: 'an unknown filter is an error at its name',
    files: { 'models/bad.ff.sql': "select '{{ 'a' | uper }}' as a\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:18 error[unknown-filter]: there is no filter 'uper'
        hint: did you mean 'upper'?
    `,
  },
  {
    title: 'an unknown test is an error at its name',
    files: { 'models/bad.ff.sql': 'select {{ 1 if 1 is evne else 0 }} as a\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:21 error[unknown-test]: there is no test 'evne'
        hint: did you mean 'even'?
    `,
  },
  {
    title: 'a syntax error in an expression is an error where it stops making sense',
    files: { 'models/bad.ff.sql': 'select {{ 1 + }} as a\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:15 error[template-syntax]: unexpected '}}', expected an expression
        hint: a name, a value or a call is missing here
    `,
  },
  {
    title: 'a single = in a condition is an error that says how to compare',
    files: { 'models/bad.ff.sql': "select 1 as id\n{% if target.name = 'dev' %}limit 1{% endif %}\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:19 error[template-syntax]: unexpected '=', expected '%}'
        hint: compare with ==
    `,
  },
  {
    title: 'else if is an error that says elif',
    files: { 'models/bad.ff.sql': 'select 1 as id\n{% if true %}{% else if false %}{% endif %}\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:22 error[template-syntax]: unexpected 'if', expected '%}'
        hint: write {% elif … %}
    `,
  },
  {
    title: 'a call without its closing bracket is an error at the bracket',
    files: { 'models/bad.ff.sql': "{{ config(materialized='view' }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:10 error[unclosed-bracket]: '(' is not closed: found '}}'
        models/bad.ff.sql:1:31 '}}' stands here
        hint: add ')'
    `,
  },
  {
    title: 'a missing key is an error when it is printed',
    files: { 'models/bad.ff.sql': "{% set limits = {'dev': 10} %}\nselect {{ limits.prod }} as n\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:18 error[undefined-value]: limits.prod is missing and cannot be printed
        hint: give it a default with | default(…), or test it with 'is defined'
    `,
  },
  {
    title: 'a variable without a value is an error when it is printed',
    files: { 'models/bad.ff.sql': "select '{{ var('country') }}' as country\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:12 error[undefined-value]: var('country') is missing and cannot be printed
        hint: give --vars country=… or a default: var('country', …)
    `,
  },
  {
    title: 'a missing environment variable is an error that names it',
    files: { 'models/bad.ff.sql': "select '{{ env_var('SHOP_REGION') }}' as region\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:20 error[env-var-missing]: the environment variable 'SHOP_REGION' is not set
        hint: set it, put it into a .env file, or give a default: env_var('SHOP_REGION', 'default')
    `,
  },
  {
    title: 'a macro without a needed argument is an error at the call',
    files: { 'models/bad.ff.sql': 'select\n  {{ cents() }} as cents\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:6 error[missing-argument]: cents() needs the argument 'column'
        macros/money.sql:1:10 cents is defined here
    `,
  },
  {
    title: 'a macro with an unknown argument is an error at the argument',
    files: { 'models/bad.ff.sql': "select {{ cents('1', colum='a') }} as cents\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:22 error[unknown-argument]: cents() has no argument 'colum'
        macros/money.sql:1:10 cents is defined here
        hint: did you mean 'column'?
    `,
  },
  {
    title: 'a macro with too many arguments is an error at the call',
    files: { 'models/bad.ff.sql': "select {{ cents('1', '2') }} as cents\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:11 error[too-many-arguments]: cents() takes 1 argument, not 2
        macros/money.sql:1:10 cents is defined here
    `,
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
    shown: text`
      macros/inner.sql:2:26 error[unknown-name]: 'digts' is not defined
        macros/outer.sql:2:29 called from here
        models/bad.ff.sql:3:6 called from here
        hint: a text needs quotes: 'digts'; a variable is set first: {% set digts = … %}
    `,
  },
  {
    title: 'a syntax error in a macro file is shown once, though two models use it',
    files: {
      'macros/money.sql': '{% macro cents(column) %}{{ column * }}{% endmacro %}\n',
      'models/second.ff.sql': "select {{ cents('1') }} as cents\n",
    },
    code: 2,
    shown: text`
      macros/money.sql:1:38 error[template-syntax]: unexpected '}}', expected an expression
        hint: a name, a value or a call is missing here
    `,
  },
  {
    title: 'an import of a file that is not there is an error at its path',
    files: { 'models/bad.ff.sql': "{% import 'macros/mony.sql' as m %}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:11 error[template-not-found]: there is no template 'macros/mony.sql'
        hint: did you mean 'macros/money.sql'?
    `,
  },
  {
    title: 'an unknown macro of an imported file is an error with the nearest one',
    files: { 'models/bad.ff.sql': "{% import 'macros/money.sql' as m %}\nselect {{ m.cent('1') }} as id\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:13 error[undefined-value]: m.cent is missing and cannot be called
        hint: did you mean 'cents'?
    `,
  },
  {
    title: 'an error that a user raises is shown at the raise',
    files: { 'models/bad.ff.sql': "{{ exceptions.raise_compiler_error('no region for ' ~ target.name) }}\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:4 error[user-error]: no region for dev
    `,
  },
  {
    title: 'a macro that is defined twice is an error at the later one',
    files: { 'macros/other.sql': '\n{% macro cents(c) %}{{ c }}{% endmacro %}\n' },
    code: 2,
    shown: text`
      macros/other.sql:2:10 error[macro-duplicate]: macro 'cents' is defined twice
        macros/money.sql:1:10 also defined here
        hint: macros are global by name: rename one of the two
    `,
  },
  {
    title: 'a division by zero and adding a text to a number are errors at their place',
    files: { 'models/bad.ff.sql': "select {{ 1 / 0 }} as a,\n  {{ 'a' + 1 }} as b\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:15 error[division-by-zero]: division by zero
      models/bad.ff.sql:2:6 error[bad-value]: '+' does not work between a string and an integer
        hint: join text with ~
    `,
  },
  {
    title: 'columns count characters, not bytes, and CRLF is one line end',
    files: { 'models/bad.ff.sql': "select 'ä😀' as a,\r\n  '😀' || {{ nix }} as b\r\n" },
    code: 2,
    shown: text`
      models/bad.ff.sql:2:13 error[unknown-name]: 'nix' is not defined
        hint: a text needs quotes: 'nix'; a variable is set first: {% set nix = … %}
    `,
  },
  {
    title: 'a macro that calls itself without an end is an error, not a crash',
    files: { 'models/bad.ff.sql': '{% macro again() %}{{ again() }}{% endmacro %}\nselect {{ again() }} as a\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:23 error[too-deep]: again() is nested more than 120 deep
        models/bad.ff.sql:1:23 called from here
        models/bad.ff.sql:2:11 called from here
        hint: does it call itself without an end?
    `,
  },
  {
    title: 'a model that renders to nothing is an error',
    files: { 'models/bad.ff.sql': '{# only a comment #}\n\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:1 error[sql-empty]: model 'bad' renders to nothing
        hint: a model is one SELECT
    `,
  },
  {
    title: 'a model of comments and a semicolon alone is an error too',
    files: { 'models/bad.ff.sql': '-- later\n;\n' },
    code: 2,
    shown: text`
      models/bad.ff.sql:1:1 error[sql-empty]: model 'bad' renders to nothing
        hint: a model is one SELECT
    `,
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
    shown: text`
      models/a_first.ff.sql:1:11 error[unknown-name]: 'nix' is not defined
        hint: a text needs quotes: 'nix'; a variable is set first: {% set nix = … %}
      models/a_first.ff.sql:1:27 error[unknown-name]: 'nada' is not defined
        hint: a text needs quotes: 'nada'; a variable is set first: {% set nada = … %}
      models/b_second.ff.sql:1:17 error[unknown-filter]: there is no filter 'uper'
        hint: did you mean 'upper'?
      models/c_third.ff.sql:2:1 error[unclosed-block]: {% if %} is not closed
        models/c_third.ff.sql:2:14 the template ends here
        hint: add {% endif %}
    `,
  },
  {
    title: 'an error of a later stage waits until the earlier one is clean',
    files: {
      'models/a_first.ff.sql': 'select {{ nix }} as a\n',
      'models/b_second.ff.sql': "select * from {{ ref('nowhere') }}\n",
    },
    code: 2,
    shown: text`
      models/a_first.ff.sql:1:11 error[unknown-name]: 'nix' is not defined
        hint: a text needs quotes: 'nix'; a variable is set first: {% set nix = … %}
    `,
  },
]
