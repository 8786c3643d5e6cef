import { describe, expect, it } from 'vitest'
import { dagOf, genericTest, model, seed, source } from '../test/build.js'
import { toDot } from './dot.js'
import { toMermaid } from './mermaid.js'
import { toTerminalTree } from './terminal-tree.js'

const stg = model('stg_users', { sources: [['raw', 'users']], config: { materialized: 'view' } })
const users = model('users', { refs: ['stg_users'] })
const orders = model('orders', { refs: ['users', 'countries'], config: { materialized: 'incremental' } })
const dag = dagOf([source('raw', 'users'), seed('countries'), stg, users, orders, genericTest(users)])
const withoutMiddle = dag.order.filter((id) => id !== users.uniqueId)

describe('toMermaid', () => {
  it('draws nodes and arrows without tests', () => {
    expect(toMermaid(dag, dag.order).split('\n').slice(0, 10)).toEqual([
      'flowchart LR',
      '  n0[/"countries"/]:::seed',
      '  n1[("raw.users")]:::source',
      '  n2["stg_users"]:::view',
      '  n3["users"]:::table',
      '  n4["orders"]:::incremental',
      '  n1 --> n2',
      '  n2 --> n3',
      '  n3 --> n4',
      '  n0 --> n4',
    ])
  })

  it('draws a dashed arrow over nodes that are not shown', () => {
    expect(toMermaid(dag, withoutMiddle)).toContain('  n2 -.-> n3\n')
  })
})

describe('toDot', () => {
  it('draws nodes and arrows', () => {
    const text = toDot(dag, dag.order)
    expect(text).toMatch(/^digraph "shop" \{\n {2}rankdir=LR\n/)
    expect(text).toContain('  "model.shop.users" [label="users"]\n')
    expect(text).toContain('  "model.shop.stg_users" -> "model.shop.users"\n')
    expect(toDot(dag, withoutMiddle)).toContain('"model.shop.stg_users" -> "model.shop.orders" [style=dashed]')
  })
})

describe('toTerminalTree', () => {
  it('shows each node once, below the parent that is built last', () => {
    expect(toTerminalTree(dag, dag.order, { color: false, width: 80 })).toBe(
      [
        'countries        seed         → orders',
        'raw.users        source',
        '╰─ stg_users     view',
        '   ╰─ users      table',
        '      ╰─ orders  incremental  + countries',
        '',
      ].join('\n'),
    )
  })

  it('keeps to the width', () => {
    const chain = Array.from({ length: 60 }, (_, i) =>
      model(`model_number_${i}`, { refs: i === 0 ? [] : [`model_number_${i - 1}`, 'model_number_0'] }),
    )
    const deep = dagOf(chain)
    const lines = toTerminalTree(deep, deep.order, { color: false, width: 60 }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
    expect(lines).toHaveLength(61)
  })

  it('paints kinds only when colour is on', () => {
    expect(toTerminalTree(dag, dag.order, { color: true, width: 80 })).toContain('\u001b[35mincremental')
    expect(toTerminalTree(dag, dag.order, { color: false, width: 80 })).not.toContain('\u001b')
  })
})
