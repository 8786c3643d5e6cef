import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxHeight, layOut } from './lay-out.js'

const graphs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 40 }).map((lists) => ({
  widths: lists.map((_, i) => 60 + (i % 5) * 20),
  edges: lists.flatMap((list, to) => {
    const parents = to === 0 ? [] : [...new Set(list.map((parent) => parent % to))]
    return parents.map((from) => [from, to] as const)
  }),
}))

describe('layOut', () => {
  it('never lets two boxes overlap, and keeps all of them inside the drawing', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, width, height } = layOut(graph)
        expect(boxes.length).toBe(graph.widths.length)
        for (const [i, a] of boxes.entries()) {
          expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(-0.01)
          expect(a.x + a.width).toBeLessThanOrEqual(width + 0.01)
          expect(a.y + boxHeight).toBeLessThanOrEqual(height + 0.01)
          for (const b of boxes.slice(i + 1)) {
            const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= boxHeight - 0.01
            expect(apart).toBe(true)
          }
        }
      }),
    )
  })

  it('puts children to the right of their parents', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, paths } = layOut(graph)
        expect(paths.length).toBe(graph.edges.length)
        for (const [from, to] of graph.edges) {
          const [parent, child] = [boxes[from], boxes[to]]
          expect((parent?.x ?? 0) + (parent?.width ?? 0)).toBeLessThan(child?.x ?? 0)
        }
      }),
    )
  })

  it('draws a chain as a straight line', () => {
    const { boxes } = layOut({
      widths: [80, 80, 80],
      edges: [
        [0, 1],
        [1, 2],
      ],
    })
    expect(boxes.map((box) => box.y)).toEqual([0, 0, 0])
  })

  it('uncrosses what can be uncrossed', () => {
    const { boxes } = layOut({
      widths: [80, 80, 80, 80, 80],
      edges: [
        [0, 3],
        [1, 2],
        [2, 4],
        [3, 4],
      ],
    })
    const isAbove = (a: number, b: number) => (boxes[a]?.y ?? 0) < (boxes[b]?.y ?? 0)
    expect(isAbove(0, 1)).toBe(isAbove(3, 2))
  })

  it('has room for nothing', () => {
    expect(layOut({ widths: [], edges: [] })).toEqual({ boxes: [], paths: [], width: 0, height: 0 })
  })
})
