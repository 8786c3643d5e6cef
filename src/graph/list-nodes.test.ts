import { describe, expect, it } from 'vitest'
import { checkListKeys, listNodes } from './list-nodes.js'
import { select } from './select/select.js'
import { dagOf, genericTest, model, seed, singularTest, source } from './test/build.js'

const users = model('users', {
  sources: [['raw', 'users']],
  folder: 'staging',
  tags: ['nightly'],
  config: { materialized: 'view', alias: 'people' },
})
const dag = dagOf([
  seed('countries'),
  users,
  source('raw', 'users'),
  genericTest(users),
  singularTest('no_gaps', ['users']),
])

describe('listNodes', () => {
  it('lists dotted names, sorted by unique id', () => {
    expect(listNodes(dag, dag.order, { output: 'selector' })).toEqual([
      'shop.staging.users',
      'shop.countries',
      'source:shop.raw.users',
      'shop.no_gaps',
      'shop.not_null_users',
    ])
  })

  it('lists what can be selected again', () => {
    for (const id of dag.order) {
      const words = [...listNodes(dag, [id], { output: 'selector' })]
      expect(select(dag, { select: [words], indirectSelection: 'empty' }).selected).toEqual([id])
    }
  })

  it('lists names and paths', () => {
    expect(listNodes(dag, [users.uniqueId], { output: 'path' })).toEqual(['models/staging/users.ff.sql'])
    expect(listNodes(dag, dag.order, { output: 'name' })).toEqual([
      'users',
      'countries',
      'raw.users',
      'no_gaps',
      'not_null_users',
    ])
  })

  it('lists one JSON object a line', () => {
    const [line = ''] = listNodes(dag, [users.uniqueId], { output: 'json' })
    expect(JSON.parse(line)).toMatchObject({
      unique_id: 'model.shop.users',
      name: 'users',
      resource_type: 'model',
      package_name: 'shop',
      original_file_path: 'models/staging/users.ff.sql',
      alias: 'people',
      tags: ['nightly'],
      config: { materialized: 'view', enabled: true },
      depends_on: { nodes: ['source.shop.raw.users'] },
    })
  })

  it('lists only the keys asked for', () => {
    expect(listNodes(dag, [users.uniqueId], { output: 'json', keys: ['alias', 'name'] })).toEqual([
      '{"name":"users","alias":"people"}',
    ])
    expect(checkListKeys(['name', 'aliass'])).toMatchObject([
      { code: 'unknown-output-key', hint: "did you mean 'alias'?" },
    ])
  })
})
