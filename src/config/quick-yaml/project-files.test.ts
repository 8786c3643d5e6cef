import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readYaml } from '../yaml-file.js'
import { quickYaml } from './index.js'

const word = fc.constantFrom('orders', 'id', 'order_id', 'raw', 'status', '+materialized', '+tags', 'x-y', 'a.b', 'v1')
const scalar = fc.oneof(
  word,
  fc.constantFrom('true', 'False', 'null', '~', '', '1', '-7', '5_000_000', '1.50', '010', '1e3', '.5', '2024-01-01'),
  fc.constantFrom("'it''s'", '"a: b"', '"{{ env(\'X\') }}"', '\'{{ ref("a") }}\'', '"\\n"', '"tab\\t"', "''", '""'),
  fc.constantFrom(
    'a b  c',
    'http://x.y/z',
    'tag:stg',
    'a #b',
    'a# b',
    '10:30',
    '@x',
    '%y',
    '3 days',
    'é😀',
    '- ',
    '-x',
  ),
  fc.constantFrom('[a, b]', '[]', '{}', '{a: 1, b: [c, "d e"]}', '[a, b', '{a: decimal(10,3)}', '[1, , 2]', '[a: 1]'),
)
const comment = fc.constantFrom('', '', '', ' # why', '  #', '#no')
const step = fc.constantFrom(2, 2, 2, 4, 3)

interface Block {
  readonly lines: readonly string[]
}

/** A map or list as people write project files, each line by itself so that it can be spoilt. */
const { block } = fc.letrec<{ block: Block; map: Block; list: Block }>((tie) => ({
  block: fc.oneof({ maxDepth: 4, depthSize: 'small' }, tie('map'), tie('list')),
  map: fc
    .array(fc.tuple(word, fc.oneof(scalar, blockText(), tie('block')), comment, step, fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    })
    .map((entries) => ({ lines: entries.flatMap(([key, ...entry]) => entryLines(key, entry)) })),
  list: fc.array(fc.oneof(scalar, tie('map')), { minLength: 1, maxLength: 3 }).map((items) => ({
    lines: items.flatMap((item) => {
      if (typeof item === 'string') return [`- ${item}`]
      const [first = '', ...rest] = item.lines
      return [`- ${first}`, ...shifted(rest, 2)]
    }),
  })),
}))

type Entry = readonly [value: string | Block, note: string, indent: number, isFlush: boolean]

/** A key with its value: on the line, as a text over several lines, or as a block below. */
function entryLines(key: string, [value, note, indent, isFlush]: Entry): readonly string[] {
  if (typeof value === 'string') return [`${key}: ${value}${note}`]
  const [first = '', ...rest] = value.lines
  if (/^[|>]/.test(first)) return [`${key}: ${first}`, ...shifted(rest, indent)]
  return [`${key}:${note}`, ...shifted(value.lines, isFlush && first.startsWith('- ') ? 0 : indent)]
}

function blockText(): fc.Arbitrary<Block> {
  const text = fc.constantFrom(
    'select *',
    '  from x',
    '',
    "where a = '{{ this }}'",
    '# no comment',
    'a: b',
    '- c',
    '    deep',
  )
  return fc
    .tuple(fc.constantFrom('|', '>', '|-', '>-', '|+', '|2'), fc.array(text, { maxLength: 4 }))
    .map(([header, lines]) => ({ lines: [header, ...lines] }))
}

function shifted(lines: readonly string[], by: number): readonly string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(by) + line))
}

/** What is done to a good file: a character more, one less, a line moved, a tab, another line end. */
const damage = fc.record({
  kind: fc.constantFrom('none', 'none', 'insert', 'delete', 'indent', 'outdent', 'swap', 'double', 'crlf'),
  at: fc.nat(),
  what: fc.constantFrom(
    ' ',
    ':',
    '-',
    '#',
    "'",
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    '\n',
    '\t',
    '&a ',
    '*a',
    '!',
    '|',
    '\\',
    '?',
  ),
})

function damaged(text: string, { kind, at, what }: { kind: string; at: number; what: string }): string {
  const place = at % (text.length + 1)
  const lines = text.split('\n')
  const line = at % lines.length
  const [current = '', next = ''] = [lines[line], lines[line + 1]]
  switch (kind) {
    case 'insert':
      return text.slice(0, place) + what + text.slice(place)
    case 'delete':
      return text.slice(0, place) + text.slice(place + 1)
    case 'indent':
      return lines.with(line, ` ${current}`).join('\n')
    case 'outdent':
      return lines.with(line, current.replace(/^ /, '')).join('\n')
    case 'swap':
      return line + 1 < lines.length
        ? lines
            .with(line, next)
            .with(line + 1, current)
            .join('\n')
        : text
    case 'double':
      return lines.toSpliced(line, 0, current).join('\n')
    case 'crlf':
      return lines.join('\r\n')
    default:
      return text
  }
}

it('project files, whole or damaged: when it answers, values, order and places are those of the slow reader', () => {
  let answered = 0
  const file = fc.tuple(block, fc.array(damage, { maxLength: 2 }))
  const runs = { numRuns: Number(process.env['FFT_YAML_RUNS'] ?? 3000) }
  fc.assert(
    fc.property(file, ([{ lines }, damages]) => {
      const text = damages.reduce(damaged, `${lines.join('\n')}\n`)
      const quick = quickYaml(text)
      if (quick === undefined) return
      answered++
      const { yaml, diagnostics } = readYaml('f.yml', `%YAML 1.2\n---\n${text}`)
      expect(diagnostics, JSON.stringify(text)).toEqual([])
      expect(canonical(quick.value), JSON.stringify(text)).toEqual(canonical(yaml?.value))
      keysStandWhereTheyAre(text)
    }),
    runs,
  )
  expect(answered).toBeGreaterThan(runs.numRuns / 10)
})

/** Order of keys, NaN and -0 count too. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).map(([key, item]) => [key, canonical(item)])
  return typeof value === 'number' ? `number ${Object.is(value, -0) ? '-0' : value}` : value
}

/** The text at each key's place is that key. */
function keysStandWhereTheyAre(text: string): void {
  const { yaml } = readYaml('f.yml', text)
  const lines = text.split(/\r?\n/)
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, item] of Object.entries(value)) {
      const below = [...path, Array.isArray(value) ? Number(name) : name]
      if (!Array.isArray(value)) {
        const span = yaml?.placeOf(below, 'key')
        const from = [...(lines[(span?.line ?? 0) - 1] ?? '')].slice((span?.column ?? 0) - 1).join('')
        expect(from.replace(/^["']/, '').startsWith(name), `${JSON.stringify(text)} at ${below.join('.')}`).toBe(true)
      }
      visit(item, below)
    }
  }
  visit(yaml?.value, [])
}
