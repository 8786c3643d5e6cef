/** One node of the documentation. */
export interface DocumentedNode {
  readonly id: string
  readonly name: string
  /** `model`, `seed`, `snapshot`, `source`. */
  readonly type: string
  readonly relation: string | undefined
  readonly path: string
  readonly description: string
  readonly tags: readonly string[]
  readonly color: string | undefined
  readonly parents: readonly string[]
  readonly children: readonly string[]
  readonly tests: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[]
  readonly code: string
}

const style = `
:root { color-scheme: light dark; --line: #8883; --dim: #888 }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem 1.5rem }
input { font: inherit; width: 100%; padding: .4rem .6rem; box-sizing: border-box }
section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: .5rem }
h2 { margin: .5rem 0 0; font-size: 1.15rem } small, .dim { color: var(--dim) }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top }
tr + tr td { border-top: 1px solid var(--line) } pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line) }
[hidden] { display: none }`

const filter = `
const box = document.querySelector('input'), all = [...document.querySelectorAll('section')]
box.addEventListener('input', () => { const word = box.value.toLowerCase()
  for (const each of all) each.hidden = !each.textContent.toLowerCase().includes(word) })`

/** The documentation as one HTML page that needs nothing else; nodes link to each other. */
export function buildDocsPage(title: string, nodes: readonly DocumentedNode[]): string {
  const known = new Map(nodes.map((node) => [node.id, node.name]))
  const sections = nodes.map((node) => section(node, known)).join('\n')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(title)}</h1>
<p><input type="search" placeholder="name, column, description …" aria-label="filter"></p>
${sections}
<script>${filter}</script></body></html>
`
}

function section(node: DocumentedNode, known: ReadonlyMap<string, string>): string {
  const color =
    node.color === undefined ? '' : ` style="border-left: 6px solid ${escapeHtml(node.color)}; padding-left: .8rem"`
  const facts = [node.relation, node.path, ...node.tags.map((tag) => `#${tag}`)].filter((each) => each !== undefined)
  return `<section id="${escapeHtml(node.id)}"${color}>
<h2>${escapeHtml(node.name)} <small>${escapeHtml(node.type)}</small></h2>
<p class="dim">${facts.map(escapeHtml).join(' · ')}</p>
${paragraphs(node.description)}
${links('reads', node.parents, known)}${links('is read by', node.children, known)}
${node.tests.length === 0 ? '' : `<p><span class="dim">tests</span> ${node.tests.map(escapeHtml).join(', ')}</p>`}
${columnTable(node)}
${node.code === '' ? '' : `<details><summary>code</summary><pre>${escapeHtml(node.code)}</pre></details>`}
</section>`
}

function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .filter((each) => each.trim() !== '')
    .map((each) => `<p>${escapeHtml(each.trim())}</p>`)
    .join('\n')
}

function links(word: string, ids: readonly string[], known: ReadonlyMap<string, string>): string {
  const shown = ids.flatMap((id) => {
    const name = known.get(id)
    return name === undefined ? [] : [`<a href="#${escapeHtml(id)}">${escapeHtml(name)}</a>`]
  })
  return shown.length === 0 ? '' : `<p><span class="dim">${word}</span> ${shown.join(', ')}</p>`
}

function columnTable({ columns }: DocumentedNode): string {
  if (columns.length === 0) return ''
  const rows = columns.map(
    ({ name, type, description }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td class="dim">${escapeHtml(type)}</td><td>${escapeHtml(description)}</td></tr>`,
  )
  return `<table>${rows.join('')}</table>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
