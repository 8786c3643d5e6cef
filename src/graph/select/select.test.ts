import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ancestors, descendants } from '../reach.js'
import { dagOf, genericTest, model, names, otherEngine, project, seed, singularTest, source } from '../test/build.js'
import { type SelectionRequest, select } from './select.js'

const users = model('users', { refs: ['stg_users'], tags: ['nightly', 'example:incremental_demo'], folder: 'marts' })
const stgUsers = model('stg_users', {
  sources: [['raw', 'users']],
  tags: ['nightly'],
  folder: 'staging',
  config: { materialized: 'view', group: 'core' },
})
const orders = model('orders', {
  refs: ['users', 'countries'],
  tags: ['hourly'],
  folder: 'marts/sales',
  config: {
    materialized: 'incremental',
    access: 'public',
    meta: { owner: 'me' },
    incremental: {
      uniqueKey: ['order_id', 'day'],
      onSchemaChange: 'fail',
      onNullKeys: 'error',
      duplicateRows: 'drop',
      lateRows: 'merge',
      watermarkSource: 'checked',
      partitionBy: [],
      predicates: [],
      protected: false,
      remembers: [],
      history: {},
    },
  },
})
const score = model('score', { refs: ['orders'], language: 'typescript', folder: 'marts' })
const nodes = [
  users,
  stgUsers,
  orders,
  score,
  seed('countries', { tags: ['static'] }),
  source('raw', 'users'),
  source('raw', 'visits'),
  genericTest(users, { column: 'id', tags: ['slow'] }),
  genericTest(orders, { test: 'relationships', refs: ['users'] }),
  singularTest('no_lost_orders', ['orders']),
]
const left = { disabled: ['old_users'], otherEngines: [otherEngine('pg_stats', 'postgres')] }
const shop = dagOf(project(nodes, left))
const everyTest = ['no_lost_orders', 'not_null_users_id', 'relationships_orders']

/** Models, seeds, sources without their tests, sorted. */
function found(...words: string[]) {
  return ask({ select: [words], indirectSelection: 'empty' })
}

function ask(request: SelectionRequest) {
  const { selected, diagnostics } = select(shop, request)
  const errors = diagnostics.filter((each) => each.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((each) => each.message).join('\n'))
  return names(selected)
    .map((name) => name.replace(/^test\./, '').replace(/\.abcdef0123$/, ''))
    .sort()
}

function faults(...words: string[]) {
  return select(shop, { select: [words] }).diagnostics.map(({ code, message, hint }) => ({ code, message, hint }))
}

describe('select', () => {
  it('selects everything when nothing is asked for, in run order', () => {
    expect(select(shop, {}).selected).toEqual(shop.order)
  })

  it.each([
    ['users', ['users']],
    ['users.ff', ['users']],
    ['shop.marts.users', ['users']],
    ['marts.users', ['users']],
    ['marts', ['orders', 'score', 'users']],
    ['shop.marts.sales', ['orders']],
    ['marts.*', ['orders', 'score', 'users']],
    ['*users', ['stg_users', 'users']],
    ['fqn:stg_*', ['stg_users']],
    ['users.ff.sql', ['users']],
    ['file:users.ff', ['users']],
    ['file:users', ['users']],
    ['countries.csv', ['countries']],
    ['models/marts', ['orders', 'score', 'users']],
    ['./models/marts/', ['orders', 'score', 'users']],
    ['path:models/staging', ['stg_users']],
    ['models/*/users.ff.sql', ['users']],
    ['tag:nightly', ['stg_users', 'users']],
    ['tag:example:incremental_demo', ['users']],
    ['tag:example:*', ['users']],
    ['source:raw', ['raw.users', 'raw.visits']],
    ['source:raw.users', ['raw.users']],
    ['source:shop.raw.users', ['raw.users']],
    ['source:*', ['raw.users', 'raw.visits']],
    ['config.materialized:view', ['stg_users']],
    ['config.unique_key:day', ['orders']],
    ['config.meta.owner:me', ['orders']],
    ['config.on_schema_change:fail', ['orders']],
    ['resource_type:seed', ['countries']],
    ['test_type:singular', ['no_lost_orders']],
    ['test_type:generic', ['not_null_users_id', 'relationships_orders']],
    ['test_type:data', everyTest],
    ['test_name:not_null', ['not_null_users_id']],
    ['package:this', ['countries', 'orders', 'raw.users', 'raw.visits', 'score', 'stg_users', 'users', ...everyTest]],
    ['type:incremental', ['orders']],
    ['kind:ts', ['score']],
    ['kind:sql', ['orders', 'stg_users', 'users']],
    ['group:core', ['stg_users']],
    ['access:public', ['orders']],
    ['tag:slow', ['not_null_users_id']],
    ['no_lost_orders', ['no_lost_orders']],
  ])('finds %s', (word, expected) => {
    expect(found(word)).toEqual([...expected].sort())
  })

  it('follows graph operators', () => {
    expect(found('1+orders')).toEqual(['countries', 'orders', 'users'])
    expect(found('+users')).toEqual(['raw.users', 'stg_users', 'users'])
    expect(found('orders+')).toEqual(['no_lost_orders', 'orders', 'relationships_orders', 'score'])
    expect(found('stg_users+1')).toEqual(['stg_users', 'users'])
    expect(found('@score')).toEqual(['countries', 'orders', 'raw.users', 'score', 'stg_users', 'users'])
    expect(found('+tag:hourly')).toContain('countries')
  })

  it('combines words by "or" and commas by "and"', () => {
    expect(found('users', 'score')).toEqual(['score', 'users'])
    expect(found('tag:nightly,marts')).toEqual(['users'])
  })

  it('combines repeated flags by "and", each with its tests', () => {
    expect(ask({ select: [['tag:nightly'], ['marts']] })).toEqual([
      'not_null_users_id',
      'relationships_orders',
      'users',
    ])
  })

  it('brings along the tests that the mode lets come', () => {
    const tests = (indirectSelection: SelectionRequest['indirectSelection'] & string, ...words: string[]) =>
      ask({ select: [words], indirectSelection, resourceTypes: ['test'] })
    expect(tests('eager', 'orders')).toEqual(['no_lost_orders', 'relationships_orders'])
    expect(tests('cautious', 'orders')).toEqual(['no_lost_orders'])
    expect(tests('buildable', 'orders')).toEqual(['no_lost_orders', 'relationships_orders'])
    expect(tests('buildable', 'users')).toEqual(['not_null_users_id'])
    expect(tests('empty', 'orders')).toEqual([])
    expect(tests('cautious', 'orders', 'users')).toEqual(everyTest)
  })

  it('takes excluded nodes and their tests away, and nothing else', () => {
    expect(ask({ select: [['marts']], exclude: [['users']] })).toEqual(['no_lost_orders', 'orders', 'score'])
    expect(ask({ select: [['marts']], exclude: [['users'], ['score']], indirectSelection: 'cautious' })).toEqual([
      'no_lost_orders',
      'orders',
    ])
  })

  it('keeps only the resource types asked for, and knows what matched before', () => {
    const { selected, matched } = select(shop, { select: [['users']], resourceTypes: ['model'] })
    expect([selected.length, matched.length]).toEqual([1, 3])
  })
})

describe('select, with values that match nothing', () => {
  it.each([
    ['usrs', "did you mean 'users'?"],
    ['tag:nigthly', "did you mean 'tag:nightly'?"],
    ['+tag:nigthly+', "did you mean 'tag:nightly'?"],
    ['hourly', "did you mean 'tag:hourly'?"],
    ['visits', "did you mean 'source:raw.visits'?"],
    ['raw', "did you mean 'source:raw'?"],
    ['staging/stg_users.ff.sql', "did you mean 'models/staging/stg_users.ff.sql'?"],
    ['source:row.users', "did you mean 'source:raw.users'?"],
    ['config.materialized:veiw', "did you mean 'config.materialized:view'?"],
    ['config.materialised:view', "did you mean 'materialized'?"],
    ['type:tabel', "did you mean 'type:table'?"],
    ['resource_type:modle', "did you mean 'resource_type:model'?"],
    ['test_type:unit', 'unit tests run with fft utest'],
    ['kind:sqll', "did you mean 'kind:sql'?"],
  ])('%s: %s', (word, hint) => {
    expect(faults(word)).toMatchObject([{ code: 'selector-no-match', hint }])
  })

  it('says that a model exists for other engines only', () => {
    for (const word of ['pg_stats', 'pg_stats.ff', 'pg_stats.ff.sql', 'models/pg_stats.ff.sql', 'shop.pg_stats']) {
      expect(faults(word)).toMatchObject([
        { code: 'selector-other-engine', message: `'${word}' exists for postgres only` },
      ])
    }
  })

  it('says that a model is disabled', () => {
    expect(faults('old_users')).toMatchObject([{ code: 'selector-disabled', message: "'old_users' is disabled" }])
  })

  it('names the closest method; methods that look at an earlier run need one', () => {
    expect(faults('tags:nightly')).toMatchObject([{ code: 'selector-unknown-method', hint: "did you mean 'tag'?" }])
    expect(faults('state:modified+')).toMatchObject([{ code: 'selector-history' }])
    expect(faults('toString:x')[0]?.code).toBe('selector-unknown-method')
  })

  it('reports every fault of all flags together', () => {
    const { diagnostics, selected } = select(shop, { select: [['usrs', 'a,,b'], ['tag:x']], exclude: [['tags:x']] })
    expect(diagnostics.map((each) => each.code)).toEqual([
      'selector-syntax',
      'selector-no-match',
      'selector-unknown-method',
    ])
    expect(selected).toEqual([])
  })

  it('only warns when an excluded value matches nothing', () => {
    const { diagnostics, selected } = select(shop, { exclude: [['usrs']] })
    expect(diagnostics).toMatchObject([{ code: 'selector-no-match', severity: 'warning' }])
    expect(selected).toEqual(shop.order)
  })

  it('warns that kind:python means kind:ts', () => {
    const { diagnostics, selected } = select(shop, { select: [['kind:python']] })
    expect(diagnostics).toMatchObject([{ code: 'selector-renamed', severity: 'warning' }])
    expect(names(selected)).toEqual(['score'])
  })
})

describe('select, when nothing is left', () => {
  function emptiness(request: SelectionRequest) {
    const { selected, emptiness: why, emptyIsFine } = select(shop, request)
    return { count: selected.length, message: why?.message, emptyIsFine }
  }

  it('names the flags that have no node in common', () => {
    expect(emptiness({ select: [['tag:nightly'], ['score']] })).toEqual({
      count: 0,
      message: "nothing to do: no node is in all of 'tag:nightly' (4), 'score' (1)",
      emptyIsFine: false,
    })
  })

  it('warns about a word whose parts have no node in common', () => {
    const { diagnostics, emptyIsFine } = select(shop, { select: [['tag:nightly,score']] })
    expect(diagnostics).toMatchObject([{ code: 'selector-nothing-in-common', severity: 'warning' }])
    expect(emptyIsFine).toBe(false)
  })

  it('says that the exclusion took everything', () => {
    expect(emptiness({ select: [['users']], exclude: [['users']] }).message).toBe(
      'nothing to do: --exclude takes every selected node away',
    )
  })

  it('says what the selection has when the command works on something else', () => {
    expect(emptiness({ select: [['countries']], resourceTypes: ['model'] })).toEqual({
      count: 0,
      message: 'nothing to do: the selection has no model, only 1 seed',
      emptyIsFine: false,
    })
  })

  it('is fine when nodes match but have no tests, and when nothing was asked for', () => {
    expect(emptiness({ select: [['score']], resourceTypes: ['test'] }).emptyIsFine).toBe(true)
    expect(emptiness({ resourceTypes: ['snapshot'] }).emptyIsFine).toBe(true)
    expect(select(shop, {})).toMatchObject({ emptyIsFine: false })
  })
})

describe('select, on any graph', () => {
  const graphs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 2, maxLength: 14 }).map((edges) =>
    dagOf(
      edges.flatMap((refs, i) => {
        const node = model(`m${i}`, { refs: i === 0 ? [] : refs.map((ref) => `m${ref % i}`), tags: [`t${i % 3}`] })
        return i % 4 === 0 ? [node, genericTest(node, { refs: i === 0 ? [] : ['m0'] })] : [node]
      }),
    ),
  )
  const words = fc
    .tuple(
      fc.constantFrom('', '+', '1+', '@'),
      fc.constantFrom('m0', 'm1', 'tag:t0', 'tag:t1', 'm*'),
      fc.constantFrom('', '+', '+1'),
    )
    .map(([up, name, down]) => (up === '@' ? `@${name}` : `${up}${name}${down}`))
  const idsOf = (...args: Parameters<typeof select>) => new Set(select(...args).selected)

  it('makes unions, intersections and differences of what the parts select', () => {
    fc.assert(
      fc.property(graphs, words, words, (dag, a, b) => {
        const [inA, inB] = [idsOf(dag, { select: [[a]] }), idsOf(dag, { select: [[b]] })]
        const both = dag.order.filter((id) => inA.has(id) && inB.has(id))
        expect(select(dag, { select: [[a, b]] }).selected).toEqual(dag.order.filter((id) => inA.has(id) || inB.has(id)))
        expect(select(dag, { select: [[`${a},${b}`]] }).selected).toEqual(both)
        expect(select(dag, { select: [[a], [b]] }).selected).toEqual(both)
        expect(select(dag, { select: [[a]], exclude: [[b]] }).selected).toEqual(
          dag.order.filter((id) => inA.has(id) && !inB.has(id)),
        )
      }),
    )
  })

  it('takes +x+ for the ancestors of x, x, and its descendants', () => {
    fc.assert(
      fc.property(graphs, (dag) => {
        const x = model('m1').uniqueId
        const expected = new Set([...ancestors(dag, [x]), x, ...descendants(dag, [x])])
        expect(idsOf(dag, { select: [['+m1+']], indirectSelection: 'empty' })).toEqual(expected)
      }),
    )
  })
})
