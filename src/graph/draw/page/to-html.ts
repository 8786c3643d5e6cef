import type { UniqueId } from '../../../core/index.js'
import type { Dag } from '../../types.js'
import { drawnGraph } from '../drawn-graph.js'
import { drawing } from './drawing.js'
import { escapeHtml } from './escape.js'
import { pageData } from './page-data.js'
import { pageScript } from './page-script.js'
import { pageStyle } from './page-style.js'

export interface PageOptions {
  readonly title: string
}

/** The graph as one HTML file that needs nothing else: pan, zoom, search, and details of each node. */
export function toHtml(dag: Dag, ids: Iterable<UniqueId>, options: PageOptions): string {
  const graph = drawnGraph(dag, ids)
  const nodes = pageData(dag, graph)
  const title = escapeHtml(options.title)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
${pageStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="count">${countOf(nodes.length, 'node')}, ${countOf(graph.edges.length, 'edge')}</p>
<div class="search" role="search">
<input id="search" type="search" placeholder="Search by name, tag or path" aria-label="Search nodes" autocomplete="off" spellcheck="false" role="combobox" aria-expanded="false" aria-controls="results">
<kbd>/</kbd>
<ul id="results" role="listbox" aria-label="Matching nodes" hidden></ul>
</div>
<div class="tools">
<button type="button" id="zoom-out" aria-label="Zoom out" title="Zoom out (-)"><svg viewBox="0 0 16 16"><path d="M3 8h10"/></svg></button>
<button type="button" id="zoom-in" aria-label="Zoom in" title="Zoom in (+)"><svg viewBox="0 0 16 16"><path d="M3 8h10M8 3v10"/></svg></button>
<button type="button" id="fit" aria-label="Show the whole graph" title="Show the whole graph (0)"><svg viewBox="0 0 16 16"><path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"/></svg></button>
<button type="button" id="theme" aria-label="Switch between light and dark" title="Light or dark"><svg viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5"/><path class="half" d="M8 2.5a5.5 5.5 0 0 1 0 11z"/></svg></button>
</div>
</header>
<main>
${drawing(graph)}
<aside id="details" aria-label="Details of the chosen node" hidden></aside>
</main>
<script type="application/json" id="nodes">${JSON.stringify(nodes).replaceAll('<', '\\u003c')}</script>
<script>
${pageScript}</script>
</body>
</html>
`
}

function countOf(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
