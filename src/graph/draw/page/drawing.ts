import { type DrawnGraph, type DrawnNode, kindOf, labelOf } from '../drawn-graph.js'
import { type Box, boxHeight, layOut } from '../layout/lay-out.js'
import { escapeHtml } from './escape.js'

const longestLabel = 36
/** A character of the page's monospace font at 12.5 pixels. */
const characterWidth = 7.53
const labelStart = 22
const labelEnd = 12

/** Kinds in the order of the legend. */
const kinds = ['source', 'seed', 'view', 'table', 'incremental', 'snapshot', 'ephemeral']

/** The graph as an SVG and its legend; the page's script finds edges by `data-from` and `data-to`. */
export function drawing(graph: DrawnGraph): string {
  const numberOf = new Map(graph.nodes.map((node, i) => [node.uniqueId, i]))
  const ends = graph.edges.map(({ from, to }) => [numberOf.get(from) ?? 0, numberOf.get(to) ?? 0] as const)
  const { boxes, paths, width, height } = layOut({ widths: graph.nodes.map(widthOf), edges: ends })
  const edges = graph.edges.map(({ isIndirect }, i) => {
    const [from, to] = ends[i] ?? [0, 0]
    return `<path d="${paths[i] ?? ''}" data-from="${from}" data-to="${to}"${isIndirect ? ' class="indirect"' : ''}/>`
  })
  const nodes = graph.nodes.map((node, i) => card(node, i, boxes[i] ?? { x: 0, y: 0, width: 0 }))
  return `<svg id="graph" role="application" aria-label="Dependencies, from left to right" data-width="${width}" data-height="${height}">
<g id="scene">
<g class="edges">
${edges.join('\n')}
</g>
<g class="nodes">
${nodes.join('\n')}
</g>
</g>
</svg>
${legend(graph)}`
}

function widthOf(node: DrawnNode): number {
  return Math.ceil(labelStart + labelEnd + [...shortLabel(node)].length * characterWidth)
}

function shortLabel(node: DrawnNode): string {
  const characters = [...labelOf(node)]
  if (characters.length <= longestLabel) return characters.join('')
  return `${characters.slice(0, longestLabel - 9).join('')}…${characters.slice(-8).join('')}`
}

function card(node: DrawnNode, number: number, box: Box): string {
  const kind = kindOf(node)
  const label = escapeHtml(labelOf(node))
  const place = `translate(${Math.round(box.x * 10) / 10} ${Math.round(box.y * 10) / 10})`
  return (
    `<g class="node ${kind}" id="n${number}" transform="${place}" tabindex="-1" role="button" aria-label="${label}, ${kind}">` +
    `<rect width="${box.width}" height="${boxHeight}" rx="6"/><circle cx="12" cy="${boxHeight / 2}" r="3.5"/>` +
    `<text x="${labelStart}" y="${boxHeight / 2}">${escapeHtml(shortLabel(node))}</text></g>`
  )
}

function legend(graph: DrawnGraph): string {
  const present = new Set(graph.nodes.map(kindOf))
  const items = kinds.filter((kind) => present.has(kind)).map((kind) => `<li class="${kind}"><i></i>${kind}</li>`)
  return `<ul class="legend" aria-label="Colours">${items.join('')}</ul>`
}
