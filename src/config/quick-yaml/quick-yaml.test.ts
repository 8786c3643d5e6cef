import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { readYaml } from '../yaml-file.js'
import { quickYaml } from './index.js'

/** What the reader with places says; the directive keeps the quick one out. */
function slowly(text: string): { readonly value: unknown } | undefined {
  const { yaml, diagnostics } = readYaml('f.yml', `%YAML 1.2\n---\n${text}`)
  return yaml === undefined || diagnostics.length > 0 ? undefined : { value: yaml.value }
}

function agrees(text: string): void {
  const quick = quickYaml(text)
  if (quick !== undefined) expect(quick, JSON.stringify(text)).toEqual(slowly(text))
}

const piece = fc.constantFrom(
  ...['a', 'b', 'name', 'x y', '1', '0', '-1', '1_000', '010', '0x1F', '0o7', '1.5', '.5', '1.', '1e3', '.inf', '.nan'],
  ...[
    'true',
    'False',
    'yes',
    'no',
    'null',
    '~',
    '2024-01-01',
    '1:30',
    "it's",
    'a#b',
    'a:b',
    '@x',
    '12345678901234567890',
  ],
  ...[
    '"q"',
    "'s'",
    '"a: b"',
    "'it''s'",
    '"\\t\\x41"',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    '[]',
    '{}',
    '[a, b]',
    '{a: 1, b}',
    "ref('x')",
    '{to: ',
    '[{',
  ],
  ...[': ', ':', ', ', ',', '- ', '-', ' ', '  ', '\n', '\n  ', '\n    ', '\n- ', '\n  - ', '\r\n', '\n\n'],
  ...[
    '|',
    '>',
    '|-',
    '>+',
    '|2',
    '# c',
    ' # c',
    '&x ',
    '*x',
    '!',
    '? ',
    '<<: ',
    '%',
    '---\n',
    '...\n',
    'é',
    '😀',
    '\\',
    '`',
  ],
)

it('gives what the reader with places gives, for texts of all kinds', () => {
  const soup = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
  fc.assert(fc.property(soup, agrees), { numRuns: 3000 })
})

it('gives what the reader with places gives, for lines of keys, items and values', () => {
  const value = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
  const key = fc.constantFrom('a: ', 'b: ', 'c:\n', '- ', '- a: ', '- ', '"k": ', '', '# ')
  const line = fc.tuple(fc.constantFrom('', '  ', '    '), key, value).map((parts) => parts.join(''))
  const text = fc.array(line, { maxLength: 7 }).map((lines) => lines.join('\n'))
  fc.assert(fc.property(text, agrees), { numRuns: 3000 })
})

it('gives every value that is written as YAML', () => {
  const data = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
  const options = fc.record({
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 20, 80),
    collectionStyle: fc.constantFrom('any', 'block', 'flow'),
  } as const)
  fc.assert(
    fc.property(data, options, (value, style) => agrees(stringify(value, style))),
    { numRuns: 500 },
  )
})

it('reads the files of the examples quickly and right', () => {
  const root = fileURLToPath(new URL('../../../examples', import.meta.url))
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file))
  const texts = files.map((file) => readFileSync(`${root}/${file}`, 'utf8'))
  texts.forEach(agrees)
  expect(texts.filter((text) => quickYaml(text) !== undefined).length).toBeGreaterThan(texts.length * 0.8)
})

it.each(['a: 1\na: 2', 'a: [1', 'path: {{ x }}', 'a:\n\tb: 1', '<<: {a: 1}', '? a', '!!str 1', 'null: 1', ': 1'])(
  'leaves %j to the reader with places',
  (text) => expect(quickYaml(text)).toBeUndefined(),
)
