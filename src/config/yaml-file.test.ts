import { describe, expect, it } from 'vitest'
import type { ValuePath, YamlFile } from './types.js'
import { readYaml } from './yaml-file.js'

function yamlOf(text: string): YamlFile {
  const { yaml, diagnostics } = readYaml('f.yml', text)
  expect(diagnostics).toEqual([])
  if (yaml === undefined) throw new Error('no YAML')
  return yaml
}

function at(text: string, path: ValuePath, which?: 'key' | 'value'): string {
  const { line, column } = yamlOf(text).placeOf(path, which)
  return `${line}:${column}`
}

function faults(text: string): readonly string[] {
  return readYaml('f.yml', text).diagnostics.map(({ code, span }) => `${span?.line}:${span?.column} ${code}`)
}

describe('values', () => {
  it('reads integers with underscores as numbers', () => {
    expect(yamlOf('a: 5_000_000\nb: -1_0\nc: 010').value).toEqual({ a: 5_000_000, b: -10, c: 10 })
  })

  it('keeps yes, no, on and dates as text', () => {
    expect(yamlOf('a: yes\nb: no\nc: on\nd: 2024-01-01').value).toEqual({ a: 'yes', b: 'no', c: 'on', d: '2024-01-01' })
  })

  it('keeps the digits of integers that a number cannot hold', () => {
    expect(yamlOf('a: 12345678901234567890').value).toEqual({ a: '12345678901234567890' })
  })

  it('gives null for an empty file and for comments alone', () => {
    expect(yamlOf('').value).toBeNull()
    expect(yamlOf('# nothing\n').value).toBeNull()
  })

  it('merges anchored maps', () => {
    expect(yamlOf('base: &b {x: 1}\nown:\n  <<: *b\n  y: 2').value).toMatchObject({ own: { x: 1, y: 2 } })
  })

  it('drops a byte order mark', () => {
    expect(yamlOf('\uFEFFa: 1').value).toEqual({ a: 1 })
    expect(at('\uFEFFa: 1', ['a'], 'key')).toBe('1:1')
  })

  it('gives a scalar as it stands in the file', () => {
    expect(yamlOf('version: 1.10').sourceAt(['version'])).toBe('1.10')
  })
})

describe('places', () => {
  const text = 'models:\n  - name: a\n    tags: [x, "y"]\n'

  it('finds keys, values and list items', () => {
    expect(at(text, ['models', 0, 'name'])).toBe('2:11')
    expect(at(text, ['models', 0, 'tags'], 'key')).toBe('3:5')
    expect(at(text, ['models', 0, 'tags', 1])).toBe('3:15')
  })

  it('gives the nearest enclosing thing of a path that does not exist', () => {
    expect(at(text, ['models', 0, 'columns', 3])).toBe('2:5')
    expect(at('', ['a'])).toBe('1:1')
  })

  it('gives the key of an empty value', () => {
    expect(at('a:\nb: 1', ['a'])).toBe('1:1')
  })

  it('counts columns in code points and CRLF as one line end', () => {
    expect(at('"😀": {é: 1, x: 2}', ['😀', 'x'], 'key')).toBe('1:13')
    expect(at('a: 1\r\nb: 2\r\n', ['b'])).toBe('2:4')
  })

  it('finds values that were merged in, and of two equal keys the last', () => {
    expect(at('base: &b {x: 1}\nown:\n  <<: *b', ['own', 'x'])).toBe('1:14')
    expect(readYaml('f.yml', 'a: 1\na: 2').yaml?.placeOf(['a'])).toMatchObject({ line: 2, column: 4 })
  })

  it('says how long a thing is on its line', () => {
    expect(yamlOf('name: orders').placeOf(['name'])).toMatchObject({ file: 'f.yml', line: 1, column: 7, length: 6 })
  })
})

describe('texts', () => {
  /** Each character that is no space, with the character of the file at its place. */
  function mapped(file: string, path: ValuePath): { text: string; found: string } {
    const placed = yamlOf(file).textAt(path)
    if (placed === undefined) throw new Error('no text')
    const lines = file.split(/\r?\n/)
    const found = [...placed.text].map((unit, offset) => {
      const { line, column } = placed.origin(offset)
      return /\s/.test(unit) ? unit : (lines[line - 1]?.[column - 1] ?? '?')
    })
    return { text: placed.text, found: found.join('') }
  }

  it.each([
    ['a plain scalar', 'sql: select 1 from x'],
    ['a plain scalar over two lines', 'sql: select 1\n  from x\n\n  where y'],
    ['a literal block', '# c\nsql: |\n  select 1\n\n    from x\n  where y\n'],
    ['a literal block with CRLF', 'sql: |\r\n  select 1\r\n    from x\r\n'],
    ['a literal block with a header', 'a:\n  sql: |2-  # c 1\n      select 1\n    from x\n'],
    ['a folded block', 'sql: >-\n  select 1\n  from x\n\n  where y\n'],
    ['a list item', 'sql:\n  - a\n  - |\n    select 1\n'],
    ['single quotes', "sql: 'select\n  1 from x'"],
    ['double quotes', 'sql: "select\\n 1\n  from x"'],
  ])('know their place in %s', (_, file) => {
    const path = file.includes('a:\n  sql') ? ['a', 'sql'] : file.includes('- |') ? ['sql', 1] : ['sql']
    const { text, found } = mapped(file, path)
    expect(text).toContain('1')
    expect(found).toBe(text)
  })

  it('follow escapes', () => {
    const placed = yamlOf('sql: "a\\tb\\x41c"').textAt(['sql'])
    expect(placed?.text).toBe('a\tbAc')
    expect([0, 1, 2, 3, 4].map((offset) => placed?.origin(offset).column)).toEqual([7, 8, 10, 11, 15])
    const doubled = yamlOf("sql: 'it''s'").textAt(['sql'])
    expect([2, 3].map((offset) => doubled?.origin(offset).column)).toEqual([9, 11])
  })

  it('are texts only', () => {
    expect(yamlOf('a: 1\nb: {}').textAt(['a'])).toBeUndefined()
    expect(yamlOf('a: 1\nb: {}').textAt(['c'])).toBeUndefined()
  })
})

describe('faults', () => {
  it('reports syntax errors at their place and gives no values', () => {
    expect(faults('a: 1\n\tb: 2')).toEqual(['2:1 yaml-syntax'])
    expect(faults('a: b: c')).toEqual(['1:4 yaml-syntax'])
    expect(faults('a: @x')).toEqual(['1:4 yaml-syntax'])
    expect(readYaml('f.yml', 'a: [1').yaml).toBeUndefined()
  })

  it('points at the quote or bracket that is not closed, and at the end as second place', () => {
    const places = (text: string) => {
      const [fault] = readYaml('f.yml', text).diagnostics
      return [fault?.span, fault?.related?.[0]?.span].map((span) => `${span?.line}:${span?.column}`)
    }
    expect(places('a: 1\nb: "x\nc: 2\n')).toEqual(['2:4', '4:1'])
    expect(places('a: [1, {x: 2}\nb: 3\n')).toEqual(['1:4', '2:1'])
  })

  it('says what to do about tabs and unquoted templates', () => {
    const hint = (text: string) => readYaml('f.yml', text).diagnostics[0]?.hint
    expect(hint('a:\n\tb: 2')).toBe('indent with spaces')
    expect(hint('path: {{ env("X") }}')).toContain('quotes')
    expect(hint('path: {{ env("X", "y") }}/x')).toContain('quotes')
  })

  it('warns of a key that stands twice, with both places, and takes the last', () => {
    const { yaml, diagnostics } = readYaml('f.yml', 'a: 1\nb:\n  - c: 1\n    c: 2\na: 3\n')
    expect(yaml?.value).toEqual({ a: 3, b: [{ c: 2 }] })
    expect(diagnostics.map(({ severity, span, related }) => [severity, span?.line, related?.[0]?.span.line])).toEqual([
      ['warning', 5, 1],
      ['warning', 4, 3],
    ])
  })
})
