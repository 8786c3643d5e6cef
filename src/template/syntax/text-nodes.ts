import { followsAt } from '../places.js'
import type { At, TemplateNode } from '../tree.js'

/**
 * Text of a template that stands inside another file, cut where its letters do not follow each other there: at the
 * indentation of a YAML block, at folded lines, at escapes. So each node's place can be counted on.
 */
export function textNodes(text: string, start: number, at: (offset: number) => At): TemplateNode[] {
  const nodes: TemplateNode[] = []
  let from = 0
  for (let index = 1; index <= text.length; index++) {
    const isCut = index === text.length || !followsAt(at(start + index - 1), text.charAt(index - 1), at(start + index))
    if (!isCut) continue
    nodes.push({ k: 'text', at: at(start + from), v: text.slice(from, index) })
    from = index
  }
  return nodes
}
