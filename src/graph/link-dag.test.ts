import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkDag } from './link-dag.js'
import {
  dagOf,
  genericTest,
  model,
  models,
  names,
  otherEngine,
  project,
  seed,
  singularTest,
  source,
} from './test/build.js'

function faults(...args: Parameters<typeof project>) {
  return linkDag(project(...args)).diagnostics.map(({ code, message, hint, span, related }) => {
    const place = span === undefined ? '' : `${span.file}:${span.line}`
    return { code, message, hint, place, related: related?.map((each) => `${each.span.file}: ${each.message}`) }
  })
}

describe('linkDag', () => {
  it('puts parents first and breaks ties by unique id', () => {
    const dag = dagOf(models('z\nb < z\na < b\nc'))
    expect(names(dag.order)).toEqual(['c', 'z', 'b', 'a'])
  })

  it('resolves models, seeds, snapshots and sources', () => {
    const dag = dagOf([
      seed('countries'),
      source('raw', 'users'),
      model('history', { type: 'snapshot', sources: [['raw', 'users']] }),
      model('users', { refs: ['countries', 'history', 'countries'] }),
    ])
    expect(dag.parents.get(model('users').uniqueId)).toEqual(['seed.shop.countries', 'snapshot.shop.history'])
    expect(dag.resolveRef(model('users').uniqueId, 'countries.ff')).toBe('seed.shop.countries')
    expect(dag.resolveSource('raw', 'users')).toBe('source.shop.raw.users')
  })

  it('looks in the caller’s package first, then in the project, then elsewhere', () => {
    const dag = dagOf([
      model('x'),
      model('x', { packageName: 'lib' }),
      model('only_lib', { packageName: 'lib', refs: ['x'] }),
      model('y', { refs: ['x', 'only_lib', 'lib.x'] }),
    ])
    expect(dag.parents.get(model('y').uniqueId)).toEqual(['model.shop.x', 'model.lib.only_lib', 'model.lib.x'])
    expect(dag.parents.get(model('only_lib', { packageName: 'lib' }).uniqueId)).toEqual(['model.lib.x'])
  })

  it('names the closest model for a reference to nothing, at the reference', () => {
    expect(faults([model('stg_orders'), model('orders', { refs: ['stg_orders', 'stg_order'] })])).toMatchObject([
      {
        code: 'ref-not-found',
        message: "ref('stg_order') names no model, seed or snapshot",
        hint: "did you mean 'stg_orders'?",
        place: 'models/orders.ff.sql:3',
      },
    ])
  })

  it('says that a model exists for other engines only', () => {
    const left = { otherEngines: [otherEngine('pg_stats', 'postgres')] }
    expect(faults([model('a', { refs: ['pg_stats'] })], left)[0]?.message).toBe(
      "ref('pg_stats') names a model that exists for postgres only",
    )
  })

  it('says that a model is disabled', () => {
    expect(faults([model('a', { refs: ['off'] })], { disabled: ['off'] })[0]).toMatchObject({
      code: 'ref-disabled',
      message: "ref('off') names a model that is disabled",
    })
  })

  it('leaves out the tests on models that are out of the graph', () => {
    expect(names(dagOf([genericTest(model('off')), model('on')]).order)).toEqual(['on'])
  })

  it('leaves a test out, with a warning, that reads a disabled model', () => {
    const parsed = project([model('on'), singularTest('both', ['on', 'off'])], { disabled: ['off'] })
    const { dag, diagnostics } = linkDag(parsed)
    expect(names(dag?.order ?? [])).toEqual(['on'])
    expect(diagnostics).toMatchObject([
      { severity: 'warning', message: "test 'both' is left out: 'off', which it reads, is disabled" },
    ])
  })

  it('reports the references of tests', () => {
    expect(faults([model('a'), genericTest(model('a'), { test: 'relationships', refs: ['bb'] })])[0]?.code).toBe(
      'ref-not-found',
    )
  })

  it('names the package that has the model, and a package that does not exist', () => {
    const lib = model('x', { packageName: 'lib' })
    expect(faults([lib, model('a', { refs: ['lbi.z', 'shop.x'] })]).map((each) => each.hint)).toEqual([
      "there is no package 'lbi'; did you mean 'lib'?",
      "package 'lib' has it: ref('lib', 'x')",
    ])
  })

  it('names the closest source, then the closest table', () => {
    const calls = [
      ['rwa', 'users'],
      ['raw', 'user'],
    ] as const
    expect(faults([source('raw', 'users'), model('a', { sources: calls })])).toMatchObject([
      {
        message: "source('rwa', 'users'): there is no source 'rwa'",
        hint: "did you mean 'raw'?",
        place: 'models/a.ff.sql:2',
      },
      { message: "source('raw', 'user') names no table of source 'raw'", hint: "did you mean 'users'?" },
    ])
  })

  it('names the whole ring at its first reference, with the place of every other one', () => {
    expect(faults(models('a < b\nb < c\nc < x a\nx\ndown < c'))).toMatchObject([
      {
        code: 'cycle',
        message: 'models refer to each other in a ring: a -> b -> c -> a',
        place: 'models/a.ff.sql:2',
        related: ['models/b.ff.sql: b refers to c', 'models/c.ff.sql: c refers to a'],
      },
    ])
  })

  it('reports every ring', () => {
    const rings = faults(models('a < b\nb < a\nc < d a\nd < c\ne < f\nf < e'))
    expect(rings.map((each) => each.message.split(': ')[1])).toEqual(['a -> b -> a', 'c -> d -> c', 'e -> f -> e'])
  })

  it('tells a model that refers to itself about this', () => {
    expect(faults(models('a < a'))).toMatchObject([{ code: 'self-ref', message: "'a' refers to itself: a -> a" }])
  })

  it('makes a source on the relation of a seed depend on that seed', () => {
    const dag = dagOf([seed('users'), source('raw', 'users'), model('a', { sources: [['raw', 'users']] })], {
      sourceOfSeed: (node) => (node.name === 'users' ? seed('users').uniqueId : undefined),
    })
    expect(dag.order).toEqual(['seed.shop.users', 'source.shop.raw.users', 'model.shop.a'])
  })

  it('orders every acyclic graph so that parents come first', () => {
    const graph = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(graph, (edges) => {
        const dag = dagOf(
          edges.map((refs, i) => model(`m${i}`, { refs: refs.filter(() => i > 0).map((ref) => `m${ref % i}`) })),
        )
        const at = new Map(dag.order.map((id, i) => [id, i]))
        expect(at.size).toBe(edges.length)
        for (const [id, parents] of dag.parents) {
          for (const parent of parents) expect(at.get(parent)).toBeLessThan(at.get(id) ?? -1)
        }
      }),
    )
  })

  it('finds a ring in exactly the graphs that have one', () => {
    const graph = fc.array(fc.array(fc.nat({ max: 11 }), { maxLength: 2 }), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(graph, (edges) => {
        const nodes = edges.map((refs, i) => {
          const others = refs.map((ref) => ref % edges.length).filter((ref) => ref !== i)
          return model(`m${i}`, { refs: others.map((ref) => `m${ref}`) })
        })
        const { dag, diagnostics } = linkDag(project(nodes))
        expect(dag === undefined).toBe(diagnostics.length > 0)
        if (dag !== undefined) expect(dag.order.length).toBe(nodes.length)
      }),
    )
  })
})
