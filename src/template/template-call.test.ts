import { describe, expect, test } from 'vitest'
import { parseTemplate } from './parse.js'
import { rendered } from './test-world.js'
import type { Call } from './types.js'

/** The call of `config` that a template makes. */
function callIn(text: string): Call {
  const calls: Call[] = []
  const config = (call: Call) => {
    calls.push(call)
    return ''
  }
  expect(rendered(text, { globals: { config } }).faults).toEqual([])
  const [call] = calls
  if (call === undefined) throw new Error('config was not called')
  return call
}

const text = `{% set other = {'a': 1} %}{{ config(
  'first', ['x', "y"],
  materialized='incremental',
  meta={'delta': {'sql': "select a,\\n \\"b\\" from
  {{ ref('x') }} -- é", }, 'keys': ['k1', 'k2']},
  other=other,
) }}`

describe('the places of a call', () => {
  const call = callIn(text)
  const place = (path: (string | number)[], which?: 'key' | 'value') => {
    const { line, column } = call.placeOf(path, which)
    return `${line}:${column}`
  }

  test('are those of its arguments and of what stands in them as a literal', () => {
    expect(call.span).toEqual({ file: 'models/m.sql', line: 1, column: 30, length: 6 })
    expect(place([0])).toBe('2:3')
    expect(place([1, 1])).toBe('2:18')
    expect(place(['materialized'])).toBe('3:16')
    expect(place(['materialized'], 'key')).toBe('3:3')
    expect(place(['meta', 'delta', 'sql'])).toBe('4:26')
    expect(place(['meta', 'delta', 'sql'], 'key')).toBe('4:19')
    expect(place(['meta', 'keys', 1])).toBe('5:43')
  })

  test('fall back to the nearest thing around', () => {
    expect(place(['meta', 'nope'])).toBe('4:8')
    expect(place(['other', 'a'])).toBe('6:9')
    expect(place(['nope'])).toBe('1:30')
    expect(place([])).toBe('1:30')
  })
})

describe('a string literal of a call', () => {
  test('is a template with its places in the file, behind escapes and line ends too', () => {
    const literal = callIn(text).literal(['meta', 'delta', 'sql'])
    expect(literal?.text).toBe('select a,\n "b" from\n  {{ ref(\'x\') }} -- é')
    const at = (part: string) => literal?.origin?.(literal.text.indexOf(part))
    expect(at('select')).toEqual({ line: 4, column: 27 })
    expect(at('b')).toEqual({ line: 4, column: 41 })
    expect(at('from')).toEqual({ line: 4, column: 45 })
    expect(at('{{')).toEqual({ line: 5, column: 3 })
    expect(at('é')).toEqual({ line: 5, column: 21 })
  })

  test('has the faults of its syntax at their places in the file', () => {
    const literal = callIn('{{ config(\n  sql="a\n {{ b c }}") }}').literal(['sql'])
    expect(literal && parseTemplate(literal).diagnostics[0]?.span).toMatchObject({ line: 3, column: 7 })
  })

  test('is none for anything else', () => {
    const call = callIn("{% set x = 'a' %}{{ config(x, 'a' ~ 'b', c=1) }}")
    expect([call.literal([0]), call.literal([1]), call.literal(['c']), call.literal(['d'])]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

test('a fault that a host function reports gets the calls that led to it', () => {
  const check = (call: Call) => {
    call.report({ code: 'bad', severity: 'error', message: 'bad', span: call.placeOf([0]) })
    return ''
  }
  const files = { 'macros/m.sql': '{% macro m() %}\n{{ check("x") }}{% endmacro %}' }
  expect(rendered('a {{ m() }}', { globals: { check }, files }).faults).toEqual([
    'macros/m.sql:2:10 bad: bad\n  models/m.sql:1:6 called from here',
  ])
})
