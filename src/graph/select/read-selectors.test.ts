import { describe, expect, it } from 'vitest'
import type { YamlFile } from '../../config/index.js'
import { dagOf, model, models, names } from '../test/build.js'
import { select } from './select.js'

/** Each fault's place is its path, so that a test can name it. */
function yaml(selectors: unknown): YamlFile {
  return {
    file: 'selectors.yml',
    value: { selectors },
    placeOf: (path) => ({ file: path.join('.'), line: 1, column: 1 }),
    textAt: () => undefined,
    sourceAt: () => undefined,
  }
}

const dag = dagOf([...models('a\nb < a\nc < b\nd < c'), model('e', { tags: ['x'] })])

function selected(definition: unknown, rest: Record<string, unknown> = {}) {
  const { selected: ids, diagnostics } = select(dag, {
    selectors: yaml([
      { name: 's', definition },
      { name: 'other', definition: 'c d' },
    ]),
    selector: 's',
    ...rest,
  })
  return diagnostics.length > 0 ? diagnostics.map((each) => each.message) : names(ids).sort()
}

function faults(entries: unknown) {
  return select(dag, { selectors: yaml(entries) }).diagnostics.map((each) => `${each.span?.file}: ${each.message}`)
}

describe('selectors.yml', () => {
  it.each([
    ['text', 'b+', ['b', 'c', 'd']],
    ['key-value', { tag: 'x' }, ['e']],
    ['full', { method: 'fqn', value: 'b', parents: true, children: true, children_depth: 1 }, ['a', 'b', 'c']],
    ['children’s parents', { method: 'fqn', value: 'c', childrens_parents: true }, ['a', 'b', 'c', 'd']],
    ['full with exclude', { method: 'fqn', value: '*', exclude: ['c', { tag: 'x' }] }, ['a', 'b', 'd']],
    ['union', { union: ['a', { method: 'fqn', value: 'e' }] }, ['a', 'e']],
    ['union with exclude', { union: ['*', { exclude: [{ method: 'selector', value: 'other' }] }] }, ['a', 'b', 'e']],
    ['intersection', { intersection: ['b+', '+c'] }, ['b', 'c']],
    ['nested', { intersection: [{ union: ['a', 'b', 'e'] }, 'b+ e'] }, ['b', 'e']],
    ['list', ['a', 'd'], ['a', 'd']],
  ])('reads the %s form', (_, definition, expected) => {
    expect(selected(definition)).toEqual(expected)
  })

  it('combines a named selector with --select by "and" and subtracts --exclude', () => {
    expect(selected('b+', { select: [['+c']], exclude: [['b']] })).toEqual(['c'])
  })

  it('can be used inside a selector, with graph operators', () => {
    const selectors = yaml([{ name: 'middle', definition: 'b' }])
    expect(names(select(dag, { selectors, select: [['selector:middle+1', 'e']] }).selected).sort()).toEqual([
      'b',
      'c',
      'e',
    ])
  })

  it('uses the default when nothing is asked for', () => {
    const selectors = yaml([{ name: 'daily', default: true, definition: 'a' }])
    expect(names(select(dag, { selectors }).selected)).toEqual(['a'])
    expect(names(select(dag, { selectors, select: [['e']] }).selected)).toEqual(['e'])
    expect(select(dag, { selectors, exclude: [['e']] }).selected).toHaveLength(4)
  })

  it('names the closest selector', () => {
    const { diagnostics } = select(dag, { selectors: yaml([{ name: 'daily', definition: 'a' }]), selector: 'dialy' })
    expect(diagnostics).toMatchObject([{ code: 'selector-unknown', hint: "did you mean 'daily'?" }])
  })

  it('names the ring of selectors that use each other', () => {
    const selectors = yaml([
      { name: 'p', definition: 'selector:q' },
      { name: 'q', definition: { method: 'selector', value: 'p' } },
    ])
    expect(select(dag, { selectors, selector: 'p' }).diagnostics).toMatchObject([
      { code: 'selector-loop', message: 'selectors refer to each other in a ring: p -> q -> p' },
    ])
  })

  it('places each fault', () => {
    expect(
      faults([
        { name: 'a', definition: 'x,,y' },
        { name: 'b', definition: { method: 'tag', valeu: 'x' } },
        { name: 'c', defintion: 'x' },
        { name: 'a', definition: 'x', default: 'yes' },
        { name: 'd', definition: { union: [{ exclude: ['x'] }, { exclude: ['y'] }] } },
        { name: 'e', definition: { method: 'tag', value: 'x', indirect_selection: 'eagre', parents_depth: 1 } },
      ]),
    ).toEqual([
      'selectors.0.definition: a condition is missing beside the comma\n  x,,y\n    ^',
      "selectors.1.definition.valeu: unknown key 'valeu'",
      'selectors.1.definition.value: tag needs a value',
      "selectors.2.defintion: unknown key 'defintion'",
      "selectors.2: selector 'c' has no definition",
      "selectors.3.name: selector 'a' is defined twice",
      'selectors.4.definition.union.1: only one exclude is possible here',
      'selectors.4.definition.union: union has nothing to select',
      "selectors.5.definition.indirect_selection: indirect_selection: 'eagre' is not known",
    ])
  })

  it('warns when a named exclusion matches nothing, and fails when a named selection does', () => {
    const warned = select(dag, {
      selectors: yaml([{ name: 's', definition: { union: ['a', { exclude: ['zzz'] }] } }]),
      selector: 's',
    })
    expect([names(warned.selected), warned.diagnostics[0]?.severity]).toEqual([['a'], 'warning'])
    const failed = select(dag, { selectors: yaml([{ name: 's', definition: 'zzz' }]), selector: 's' })
    expect(failed.diagnostics).toMatchObject([{ severity: 'error', span: { file: 'selectors.0.definition' } }])
  })
})
