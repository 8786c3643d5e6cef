import { describe, expect, test } from 'vitest'
import { displaySql } from '../core/index.js'
import { bindMacro, callMacro, renderTemplate } from './render.js'
import { snapshotBlocks } from './snapshot.js'
import { parsed, rendered, scopeOf, type TestWorld } from './test-world.js'
import { type HostFunction, type HostObject, Rope, Undefined, type Value } from './types.js'

const hole = { kind: 'watermark', column: 'day', span: { file: 'models/m.sql', line: 1, column: 4 } } as const
const target: HostObject = {
  hostObject: true,
  print: () => 'target',
  get: (name) => (name === 'name' ? 'dev' : undefined),
  keys: () => ['name', 'schema'],
}
const world: TestWorld = {
  globals: {
    ref: ({ args }) => `"${String(args[0])}"`,
    watermark: () => new Rope([hole]),
    var: ({ args }) => new Undefined(`var('${String(args[0])}')`, 'pass it with --vars'),
    row: new Map<Value, Value>([['a', 1]]),
    cols: ['x', 'y'],
    target,
  },
  files: {
    'macros/m.sql': `{% macro inner(x) %}
  {{ x.nope }}{{ nop }}
{% endmacro %}
{% macro outer(x) %}{{ inner(x) }}{% endmacro %}
{% macro two(a, b) %}{{ a }}{% endmacro %}
{% macro endless() %}{{ endless() }}{{ endless() }}{% endmacro %}
{% macro value(x) %}ignored{{ return({'x': x}) }}{% endmacro %}`,
  },
}

function faults(text: string): string[] {
  return rendered(text, world).faults.map((fault) => fault.replace(/^models\/m\.sql:/, ''))
}

describe('names', () => {
  test('an unknown name is a fault at its place, prints nothing, and does not hide the next', () => {
    const { text, faults: found } = rendered('a {{ rf(1) }} b\n{{ tagret.name }}', world)
    expect(text).toBe('a  b\n')
    expect(found).toEqual([
      "models/m.sql:1:6 unknown-name: 'rf' is not defined",
      "models/m.sql:2:4 unknown-name: 'tagret' is not defined",
    ])
  })

  test('the hint gives the closest name', () => {
    const { diagnostics } = renderTemplate(parsed('{{ rf(1) }}{{ outr(1) }}'), scopeOf(world))
    expect(diagnostics.map((d) => d.hint)).toEqual(["did you mean 'ref'?", "did you mean 'outer'?"])
  })

  test('all faulty arguments of a call are shown, and the call is not made', () => {
    expect(faults('{{ ref(aa, b=bb) }}')).toEqual([
      "1:8 unknown-name: 'aa' is not defined",
      "1:14 unknown-name: 'bb' is not defined",
    ])
  })

  test('an unknown name may be tested for and defaulted', () => {
    const text =
      "{{ zz is defined }}{{ zz is undefined }}{{ zz is not defined }}{{ zz | default('d') }}{{ zz | d('e') }}"
    expect(rendered(text)).toEqual({ text: 'FalseTrueTruede', faults: [] })
  })

  test('a fault in a value stays one fault wherever the value goes', () => {
    expect(
      faults('{% set x = nope %}{{ x }}{{ x + 1 }}{{ ref(x) }}{% for i in x %}{% endfor %}{{ x | upper }}'),
    ).toEqual(["1:12 unknown-name: 'nope' is not defined"])
  })

  test('a condition with a fault takes no branch and makes no name unknown', () => {
    expect(faults('{% if nope %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}')).toEqual([
      "1:7 unknown-name: 'nope' is not defined",
    ])
  })

  test('the same fault in every turn of a loop is shown once', () => {
    expect(faults('{% for c in cols %}{{ nope }}{% endfor %}')).toEqual(["1:23 unknown-name: 'nope' is not defined"])
  })

  test('a dead branch has no faults', () => {
    expect(faults('{% if false %}{{ nope }}{{ 1 | nope }}{% endif %}{# {{ nope }} #}')).toEqual([])
  })
})

describe('a missing key', () => {
  test('is falsy, may be tested, compared and defaulted', () => {
    const text =
      "{{ 'y' if row.b else 'n' }}{{ row.b is defined }}{{ row.b == 1 }}{{ row.b | default('d') }}{{ not row.b }}"
    expect(rendered(text, world)).toEqual({ text: 'nFalseFalsedTrue', faults: [] })
  })

  test.each([
    ['{{ row.b }}', '1:8 undefined-value: row.b is missing and cannot be printed'],
    ["{{ row['b'] }}", "1:8 undefined-value: row['b'] is missing and cannot be printed"],
    ["{{ row.b ~ 'x' }}", '1:8 undefined-value: row.b is missing and cannot be joined'],
    ["{{ [1, row.b] | join(',') }}", '1:17 undefined-value: row.b is missing and cannot be joined'],
    ['{% for x in row.b %}{% endfor %}', '1:17 undefined-value: row.b is missing and cannot be iterated'],
    ['{{ row.b() }}', '1:8 undefined-value: row.b is missing and cannot be called'],
    ['{{ row.b.c }}', "1:8 undefined-value: row.b is missing and cannot be asked for 'c'"],
    ["{{ 'x' + row.b }}", '1:14 undefined-value: row.b is missing and cannot be calculated with'],
    ['{{ row.b | upper }}', '1:8 undefined-value: row.b is missing and cannot be printed'],
    ["{{ var('day') }}", "1:4 undefined-value: var('day') is missing and cannot be printed"],
    ['{{ target.nme }}', '1:11 undefined-value: target.nme is missing and cannot be printed'],
  ])('is a fault when used: %s', (text, expected) => {
    expect(faults(text)).toEqual([expected])
  })
})

describe('values', () => {
  test.each([
    ["{{ 'a' | uper }}", "1:10 unknown-filter: there is no filter 'uper'"],
    ['{{ 1 is od }}', "1:9 unknown-test: there is no test 'od'"],
    ["{{ 1 + 'a' }}", "1:4 bad-value: '+' does not work between an integer and a string"],
    ["{{ 1 < 'a' }}", '1:4 bad-value: an integer and a string cannot be ordered'],
    ['{{ 10 / (1 - 1) }}', '1:10 division-by-zero: division by zero'],
    ['{{ 10 % 0 }}', '1:9 division-by-zero: division by zero'],
    ["{{ 'a'() }}", "1:4 not-callable: 'a' is a string and cannot be called"],
    ['{{ row.a() }}', '1:8 not-callable: row.a is an integer and cannot be called'],
    ['{{ ref }}', '1:4 not-printable: ref is a function and cannot be printed'],
    ["{{ 'a' | replace('a') }}", "1:10 missing-argument: the filter 'replace' needs the argument 'new'"],
    ["{{ 'a' | trim(x='b') }}", "1:15 unknown-argument: the filter 'trim' has no argument 'x'"],
    ['{% for a, b in [(1, 2, 3)] %}{% endfor %}', '1:8 bad-value: 3 values cannot be given to 2 names'],
    ['{% set target.x = 1 %}', "1:8 bad-value: 'target' is no namespace"],
    ["{{ 'x' * 99999999999 }}", '1:4 bad-value: the text would be too long'],
    ['{{ return(1) }}', '1:4 misplaced-return: return() stands outside a macro'],
    ["{% include 'nope.sql' %}", "1:12 template-not-found: there is no template 'nope.sql'"],
    ["{% import 'nope.sql' as n %}{{ n.x() }}", "1:11 template-not-found: there is no template 'nope.sql'"],
    [
      "{% from 'macros/m.sql' import innr %}{{ innr() }}",
      "1:31 import-not-found: 'macros/m.sql' has no macro or variable 'innr'",
    ],
  ])('that do not fit are a fault: %s', (text, expected) => {
    expect(faults(text)).toEqual([expected])
  })

  test('a function of the host is a filter too', () => {
    expect(rendered("{{ 'x' | ref }}{{ ['a', 'b'] | map('ref') | join(',') }}", world).text).toBe('"x""a","b"')
  })
})

describe('a macro', () => {
  test('is blamed in its own file, then each call outwards', () => {
    expect(faults('{{ outer(row) }}')).toEqual([
      'macros/m.sql:2:8 undefined-value: x.nope is missing and cannot be printed' +
        '\n  macros/m.sql:4:24 called from here\n  models/m.sql:1:4 called from here',
      "macros/m.sql:2:18 unknown-name: 'nop' is not defined" +
        '\n  macros/m.sql:4:24 called from here\n  models/m.sql:1:4 called from here',
    ])
  })

  test.each([
    ['{{ two(1) }}', "1:4 missing-argument: two() needs the argument 'b'"],
    ['{{ two(1, 2, 3) }}', '1:4 too-many-arguments: two() takes 2 arguments, not 3'],
    ['{{ two(1, 2, c=3) }}', "1:14 unknown-argument: two() has no argument 'c'"],
    ['{{ two(1, 2, a=3) }}', "1:14 repeated-argument: two() is given the argument 'a' twice"],
  ])('called wrongly is a fault of the call, with the definition as second place: %s', (text, expected) => {
    expect(faults(text)).toEqual([`${expected}\n  macros/m.sql:5:10 two is defined here`])
  })

  test('that takes no block says so', () => {
    expect(faults('{% call two(1, 2) %}x{% endcall %}')[0]).toContain(
      '1:9 bad-value: two() takes no {% call %} block: it does not use caller()',
    )
  })

  test('that calls itself without end is one fault, and the rendering stops', () => {
    const found = faults('{{ endless() }}')
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('macros/m.sql:6:25 too-deep: endless() is nested more than 120 deep')
    expect(found[0]).toContain('models/m.sql:1:4 called from here')
  })

  test('returns values', () => {
    expect(rendered('{% set v = value(5) %}{{ v.x + 1 }}', world).text).toBe('6')
  })

  test('can be called by the host', () => {
    const scope = scopeOf(world)
    const value = bindMacro(parsed(world.files?.['macros/m.sql'] ?? '', 'macros/m.sql'), 'value', scope)
    const result = callMacro(value as HostFunction, { args: [7] }, scope, 'macros/m.sql')
    expect(result).toEqual({ value: new Map([['x', 7]]), diagnostics: [] })
  })

  test('called wrongly by the host gives its fault', () => {
    const scope = scopeOf(world)
    const { value, diagnostics } = callMacro(scope.macro('two') as HostFunction, {}, scope, 'macros/m.sql')
    expect(value).toBeUndefined()
    expect(diagnostics.map((d) => d.code)).toEqual(['missing-argument'])
  })
})

describe('text with holes', () => {
  test('may be printed and joined, also through macros and set blocks', () => {
    const text = `{% set q %}a {{ watermark() }}{% endset %}{% macro m(x) %}[{{ x }}]{% endmacro %}
{{ watermark() }},{{ '(' ~ watermark() ~ ')' }},{{ 'x' + watermark() }},{{ [1, watermark()] | join('-') }},{{ q }},{{ m(q) }}`
    expect(rendered(text, world)).toEqual({
      text: '\n<watermark of day>,(<watermark of day>),x<watermark of day>,1-<watermark of day>,a <watermark of day>,[a <watermark of day>]',
      faults: [],
    })
  })

  test.each([
    ['{% if watermark() %}{% endif %}', '1:7'],
    ['{{ watermark() | upper }}', '1:4'],
    ["{{ watermark() == 'a' }}", '1:4'],
    ["{{ watermark() < 'a' }}", '1:4'],
    ["{{ 'a' in watermark() }}", '1:11'],
    ['{{ watermark().upper() }}', '1:4'],
    ['{{ watermark()[0] }}', '1:4'],
    ["{{ '%s' % watermark() }}", '1:11'],
    ['{{ [watermark()] }}', '1:4'],
    ['{{ watermark() is upper }}', '1:4'],
  ])('may not be used otherwise: %s', (text, place) => {
    expect(faults(text)).toEqual([`${place} hole-not-known: watermark('day') is not known at compile`])
  })

  test('may be asked what it is', () => {
    const text = '{{ watermark() is none }}{{ watermark() is defined }}{{ watermark() is string }}'
    expect(rendered(text, world)).toEqual({ text: 'FalseTrueTrue', faults: [] })
  })
})

describe('the pieces of the output', () => {
  const pieces = (text: string) => renderTemplate(parsed(text), scopeOf(world)).sql

  test('are verbatim text with its place, and printed text with the place of its expression', () => {
    expect(pieces('a\n é{{- row.a }} b{{ watermark() }}\n')).toEqual([
      { text: 'a\n é', span: { file: 'models/m.sql', line: 1, column: 1 }, verbatim: true },
      { text: '1', span: { file: 'models/m.sql', line: 2, column: 7 } },
      { text: ' b', span: { file: 'models/m.sql', line: 2, column: 15 }, verbatim: true },
      { hole },
    ])
  })

  test('of a macro or a set block have the place that prints them', () => {
    expect(pieces('{% set q %}select\n1{% endset %}{{ q }}{{ two(2, 3) }}')).toEqual([
      { text: 'select\n1', span: { file: 'models/m.sql', line: 2, column: 17 } },
      { text: '2', span: { file: 'models/m.sql', line: 2, column: 24 } },
    ])
  })

  test('start behind the whitespace that a dash takes away', () => {
    expect(pieces('{% set x = 1 -%}\n\n  a')).toEqual([
      { text: 'a', span: { file: 'models/m.sql', line: 3, column: 3 }, verbatim: true },
    ])
  })

  test('keep their lines when the file has CRLF line ends', () => {
    expect(pieces('a\r\nb {{ row.a }}\r\n')).toEqual([
      { text: 'a\nb ', span: { file: 'models/m.sql', line: 1, column: 1 }, verbatim: true },
      { text: '1', span: { file: 'models/m.sql', line: 2, column: 6 } },
    ])
  })
})

test('what a host function throws leaves the rendering as it is', () => {
  const suspended = { statement: 'select 1' }
  const run: HostFunction = () => {
    throw suspended
  }
  const files = { 'macros/q.sql': '{% macro q() %}{% for i in [1] %}{{ run_query() }}{% endfor %}{% endmacro %}' }
  expect(() => rendered('{{ q() }}', { globals: { run_query: run }, files })).toThrow(
    expect.objectContaining({ statement: 'select 1' }),
  )
})

test('a function of the host may have attributes', () => {
  const config = Object.assign(() => '', {
    hostObject: true as const,
    print: () => '',
    get: (name: string): Value | undefined => (name === 'get' ? ({ args }) => `got ${String(args[0])}` : undefined),
    keys: () => ['get'],
  })
  expect(rendered("{{ config(a=1) }}{{ config.get('x') }}", { globals: { config } })).toEqual({
    text: 'got x',
    faults: [],
  })
})

test('a snapshot block is a template of its own that sees what stands around it', () => {
  const text = '{% set t = "orders" %}\n{% snapshot orders_snapshot %}select * from {{ t }}{% endsnapshot %}\n'
  const [snapshot, ...others] = snapshotBlocks(parsed(text))
  expect(others).toEqual([])
  expect(snapshot).toMatchObject({ name: 'orders_snapshot', span: { line: 2, column: 13 } })
  const { sql } = renderTemplate(snapshot?.template ?? parsed(''), scopeOf({}))
  expect(displaySql(sql)).toBe('select * from orders')
})
