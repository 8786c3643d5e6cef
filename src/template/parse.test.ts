import { describe, expect, test } from 'vitest'
import { displaySql } from '../core/index.js'
import { parseTemplate } from './parse.js'
import { renderTemplate } from './render.js'
import { parsed, rendered, scopeOf } from './test-world.js'
import type { Template } from './types.js'

function fault(text: string): string | undefined {
  return rendered(text).faults[0]
}

describe('a syntax fault stands at its exact place', () => {
  test.each([
    ['{{ a b }}', "1:6 template-syntax: unexpected 'b', expected '}}'"],
    ['{{ }}', "1:4 template-syntax: unexpected '}}', expected an expression"],
    ['a\n{{ b\n  c }}', "3:3 template-syntax: unexpected 'c', expected '}}'"],
    ['{{ a | }}', "1:8 template-syntax: unexpected '}}', expected the name of a filter"],
    ['{{ a.b. }}', "1:9 template-syntax: unexpected '}}', expected a name"],
    ['{{ a === b }}', "1:6 template-syntax: unexpected '===', expected '}}'"],
    ["{{ {'a' 1} }}", "1:9 template-syntax: unexpected '1', expected ':'"],
    ['{{ f(a=1, 2) }}', '1:11 template-syntax: an argument without a name stands behind one with a name'],
    ['{{ x; }}', "1:5 template-syntax: unexpected character ';'"],
    ["{% set x = {'a': 1,\n # comment\n 'b': 2} %}", "2:2 template-syntax: unexpected character '#'"],
    ['{% set x = %}', "1:12 template-syntax: unexpected '%}', expected an expression"],
    ['{% set true = 1 %}', "1:8 template-syntax: cannot assign to 'true'"],
    ['{% if a }}x{% endif %}', "1:9 template-syntax: unexpected '}}', expected '%}'"],
    ['{% for in x %}{% endfor %}', "1:11 template-syntax: unexpected 'x', expected 'in'"],
    ['{% call x %}{% endcall %}', '1:9 template-syntax: {% call %} needs a call of a macro'],
    [
      '{% macro m(a=1, b) %}{% endmacro %}',
      "1:17 template-syntax: the parameter 'b' without a default stands behind one with a default",
    ],
    ['{% iff x %}', '1:4 unknown-tag: {% iff %} is no tag'],
    ['{% endif %}', '1:4 unexpected-tag: {% endif %} has no {% if %} before it'],
    ['{% else %}', '1:4 unexpected-tag: {% else %} has no {% if %} before it'],
    ['é😀 {{ a b }}', "1:9 template-syntax: unexpected 'b', expected '}}'"],
  ])('%j', (text, expected) => {
    expect(fault(text)).toBe(`models/m.sql:${expected}`)
  })
})

describe('what is not closed is reported where it opens, with the end of the file as second place', () => {
  test.each([
    ["a\n{{ ref('x')\n", "2:1 unclosed-expression: '{{' is not closed\n  models/m.sql:2:12 the template ends here"],
    [
      "{{ ref('x') \nfrom {{ b }}",
      "1:1 unclosed-expression: '{{' is not closed\n  models/m.sql:2:13 the template ends here",
    ],
    ['{{ a }', "1:1 unclosed-expression: '{{' is not closed\n  models/m.sql:1:7 the template ends here"],
    ['{% if x', "1:1 unclosed-expression: '{%' is not closed\n  models/m.sql:1:8 the template ends here"],
    ['a {# b', "1:3 unclosed-comment: the comment '{#' is not closed\n  models/m.sql:1:7 the template ends here"],
    ['a\n {%- if x %}', '2:2 unclosed-block: {% if %} is not closed\n  models/m.sql:2:13 the template ends here'],
    ['{% raw %} a', '1:1 unclosed-block: {% raw %} is not closed\n  models/m.sql:1:12 the template ends here'],
    ['{% set x %}abc', '1:1 unclosed-block: {% set %} is not closed\n  models/m.sql:1:15 the template ends here'],
    ["{{ 'abc }}", '1:4 unclosed-string: the string is not closed\n  models/m.sql:1:11 the template ends here'],
  ])('%j', (text, expected) => {
    expect(fault(text)).toBe(`models/m.sql:${expected}`)
  })

  test('an inner block that is not closed points at the end tag that came too early', () => {
    expect(fault('{% for x in y %}\n{% if a %}\n{% endfor %}')).toBe(
      'models/m.sql:2:1 unclosed-block: {% if %} is not closed\n  models/m.sql:3:4 {% endfor %} stands here',
    )
  })

  test('a bracket that is not closed points at what stands instead', () => {
    expect(fault("{{ ref('x' }}")).toBe(
      "models/m.sql:1:7 unclosed-bracket: '(' is not closed: found '}}'\n  models/m.sql:1:12 '}}' stands here",
    )
  })

  test('a quote that is not closed is found although a later quote ends the string', () => {
    expect(fault("{{ 'x }} and 'abc' ")).toBe('models/m.sql:1:4 unclosed-string: the string is not closed')
  })
})

describe('the syntax tree', () => {
  const text = `{% macro m(a, b=2) %}{{ a }}{{ varargs }}{% endmacro %}
{% for x in [1, 2.5, 9007199254740993] if x > 1 %}{{ m(x, *[1, 7]) | trim }}{% else %}none{% endfor %}`

  test('is the same after JSON', () => {
    const template: Template = JSON.parse(JSON.stringify(parsed(text)))
    expect(template).toEqual(parsed(text))
    expect(displaySql(renderTemplate(template, scopeOf({})).sql)).toBe('\n2.5(7,)9007199254740993(7,)')
  })

  test('names the macros at the top of the file, tests by their name in dbt', () => {
    expect(parsed('{% macro a() %}{% endmacro %}{% test b(model) %}{% endtest %}').macros).toEqual(['a', 'test_b'])
  })

  test('of a string inside another file has its places in that file', () => {
    const source = { file: 'x.yml', text: 'a {{ b', origin: (offset: number) => ({ line: 7, column: 10 + offset }) }
    expect(parseTemplate(source).diagnostics[0]?.span).toMatchObject({ file: 'x.yml', line: 7, column: 12 })
  })

  test('nested beyond any sense is a fault, not a crash', () => {
    expect(fault(`{{ ${'('.repeat(5000)} }}`)).toContain('template-syntax')
    expect(fault(`{{ ${'-'.repeat(100_000)}1 }}`)).toContain('template-syntax')
  })
})
