import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { dagOf, genericTest, model, seed } from '../../test/build.js'
import { pageScript } from './page-script.js'
import { toHtml } from './to-html.js'

const evil = '</script><script>alert(1)</script>'
const users = { ...model('users', { refs: ['countries'], tags: [evil], columns: ['id'] }), description: evil }
const dag = dagOf([seed('countries'), users, genericTest(users, { column: 'id' })])

describe('toHtml', () => {
  it('needs nothing but itself', () => {
    expect(toHtml(dag, dag.order, { title: 'shop' })).not.toMatch(/(src|href)="|https?:|@import|url\(/)
  })

  it('draws every node and edge and carries the facts of the panel', () => {
    const html = toHtml(dag, dag.order, { title: 'shop' })
    const json = /id="nodes">(.*)<\/script>/.exec(html)?.[1] ?? ''
    expect(JSON.parse(json)).toMatchObject([
      { id: 'seed.shop.countries', what: 'seed', reads: [] },
      {
        id: 'model.shop.users',
        what: 'table model',
        reads: [0],
        tests: ['not_null_users_id'],
        columns: [{ name: 'id' }],
      },
    ])
    expect(html).toContain('aria-label="users, table"')
    expect(html).toContain('data-from="0" data-to="1"')
  })

  it('keeps the project’s texts out of the markup', () => {
    const html = toHtml(dag, dag.order, { title: evil })
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('<title>&lt;/script&gt;')
  })

  it('carries a script that is valid JavaScript', () => {
    expect(() => new Script(pageScript)).not.toThrow()
  })

  it('draws an empty graph', () => {
    expect(toHtml(dag, [], { title: 'shop' })).toContain('0 nodes, 0 edges')
  })
})
