/** The style of the graph page. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --back: light-dark(#f7f8fa, #101216);
  --bar: light-dark(#ffffff, #16191f);
  --card: light-dark(#ffffff, #1b1f26);
  --card-over: light-dark(#f3f5f8, #232830);
  --line: light-dark(#dfe3e9, #2b313b);
  --edge: light-dark(#c3cad4, #3d4552);
  --text: light-dark(#1c222b, #e4e7ec);
  --soft: light-dark(#66707f, #929cab);
  --accent: light-dark(#2563eb, #7aa7ff);
  --up: light-dark(#2563eb, #7aa7ff);
  --down: light-dark(#c2570c, #f0a35c);
  --source: light-dark(#2f855a, #5fbf8c);
  --seed: light-dark(#b7791f, #e0b050);
  --view: light-dark(#2f76d6, #6aa9f7);
  --table: light-dark(#5b6779, #a3aebd);
  --incremental: light-dark(#7c4fc9, #b292f0);
  --snapshot: light-dark(#14868a, #4fc3c7);
  --ephemeral: light-dark(#9aa3b0, #6b7482);
  --mono: ui-monospace, SFMono-Regular, Menlo, "Cascadia Mono", "DejaVu Sans Mono", monospace;
}
:root[data-theme=light] { color-scheme: light }
:root[data-theme=dark] { color-scheme: dark }
* { box-sizing: border-box }
[hidden] { display: none !important }
html, body { height: 100%; margin: 0 }
body {
  display: flex; flex-direction: column; overflow: hidden;
  background: var(--back); color: var(--text);
  font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
header {
  display: flex; align-items: center; gap: 12px; flex: none;
  height: 52px; padding: 0 16px; z-index: 2;
  background: var(--bar); border-bottom: 1px solid var(--line);
}
h1 { margin: 0; font-size: 14px; font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.count { margin: 1px 0 0; color: var(--soft); white-space: nowrap; font-size: 12px }
.search { position: relative; flex: 0 1 320px; margin-left: auto }
.search input {
  width: 100%; height: 32px; padding: 0 34px 0 12px;
  color: inherit; font: inherit; background: var(--back);
  border: 1px solid var(--line); border-radius: 7px; outline: none; appearance: none;
}
.search input::-webkit-search-cancel-button { display: none }
.search input::placeholder { color: var(--soft) }
.search input:focus { border-color: var(--accent); box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 20%, transparent) }
.search kbd {
  position: absolute; right: 8px; top: 7px; width: 18px; height: 18px;
  display: grid; place-items: center; pointer-events: none;
  color: var(--soft); font: 11px/1 var(--mono); border: 1px solid var(--line); border-radius: 4px;
}
.search input:focus + kbd { display: none }
#results {
  position: absolute; inset: 38px 0 auto; margin: 0; padding: 4px; list-style: none;
  background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  box-shadow: 0 8px 24px rgb(0 0 0 / 14%); max-height: 60vh; overflow: auto;
}
#results li { display: flex; align-items: center; gap: 8px; padding: 5px 8px; border-radius: 5px; cursor: pointer; font: 12px/1.5 var(--mono) }
#results li[aria-selected=true] { background: var(--card-over) }
#results .none { color: var(--soft); font-family: inherit; cursor: default }
#results span { margin-left: auto; color: var(--soft); font: 11px/1.5 system-ui, sans-serif }
.tools { display: flex; gap: 2px }
.tools button {
  width: 32px; height: 32px; padding: 0; display: grid; place-items: center;
  color: var(--soft); background: none; border: 0; border-radius: 7px; cursor: pointer;
}
.tools button:hover { background: var(--card-over); color: var(--text) }
button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
.tools svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round }
.tools .half { fill: currentColor; stroke: none }
main { position: relative; flex: 1; min-height: 0; display: flex }
#graph {
  flex: 1; min-width: 0; height: 100%; display: block; cursor: grab; touch-action: none; outline: none; user-select: none;
}
#graph.moving { cursor: grabbing }
.edges path { fill: none; stroke: var(--edge); stroke-width: 1.4; transition: opacity .12s }
.edges .indirect { stroke-dasharray: 5 4 }
.node { cursor: pointer; outline: none; transition: opacity .12s }
.node rect { fill: var(--card); stroke: var(--line); stroke-width: 1 }
.node:hover rect { fill: var(--card-over); stroke: var(--edge) }
.node text { fill: var(--text); font: 12.5px var(--mono); dominant-baseline: central }
.node circle { fill: var(--kind) }
.node:focus-visible rect { stroke: var(--accent); stroke-width: 2 }
.source { --kind: var(--source) } .seed { --kind: var(--seed) } .view { --kind: var(--view) }
.table { --kind: var(--table) } .incremental { --kind: var(--incremental) } .snapshot { --kind: var(--snapshot) }
.ephemeral { --kind: var(--ephemeral) }
.ephemeral rect { stroke-dasharray: 4 3 }
.chosen .node:not(.on, .up, .down), .searching .node:not(.found) { opacity: .22 }
.chosen .edges path:not(.up, .down), .searching .edges path:not(.up, .down) { opacity: .25 }
.chosen .edges .up { stroke: var(--up); opacity: 1 }
.chosen .edges .down { stroke: var(--down); opacity: 1 }
.chosen .up rect { stroke: color-mix(in srgb, var(--up) 55%, var(--card)) }
.chosen .down rect { stroke: color-mix(in srgb, var(--down) 55%, var(--card)) }
.node.on rect { stroke: var(--text); stroke-width: 1.6 }
.node.found rect { stroke: var(--accent) }
.far .node text, .far .node circle { display: none }
.far .node rect { fill: color-mix(in srgb, var(--kind) 62%, var(--card)); stroke: none }
.far .node.found rect { stroke: var(--accent); stroke-width: 5 }
.far .node.on rect { stroke: var(--text); stroke-width: 6 }
.far .edges path { vector-effect: non-scaling-stroke; stroke-width: .8 }
.farther .edges path { stroke-width: .5; opacity: .5 }
.far .edges .up, .far .edges .down { stroke-width: 1.4 }
.legend {
  position: absolute; left: 16px; bottom: 14px; display: flex; flex-wrap: wrap; gap: 4px 14px;
  margin: 0; padding: 6px 12px; list-style: none; color: var(--soft); font-size: 12px;
  background: color-mix(in srgb, var(--bar) 88%, transparent); border: 1px solid var(--line); border-radius: 8px;
}
.legend li { display: flex; align-items: center; gap: 6px }
i { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--kind) }
aside {
  flex: none; width: 340px; max-width: 80vw; height: 100%; padding: 18px 20px 28px; overflow-y: auto;
  background: var(--bar); border-left: 1px solid var(--line);
}
aside h2 { margin: 0 28px 2px 0; font: 600 14px/1.4 var(--mono); overflow-wrap: anywhere }
aside .what { display: flex; align-items: center; gap: 7px; margin: 0; color: var(--soft) }
aside .path { margin: 10px 0 0; font: 12px/1.5 var(--mono); color: var(--soft); overflow-wrap: anywhere }
aside .about { margin: 12px 0 0; white-space: pre-line }
aside h3 { margin: 20px 0 6px; font-size: 12px; font-weight: 600; color: var(--soft) }
aside h3 b { font-weight: 400; margin-left: 4px }
aside ul { margin: 0; padding: 0; list-style: none }
aside li { padding: 2px 0; font: 12px/1.5 var(--mono); overflow-wrap: anywhere }
aside li small { font: 12px/1.4 system-ui, sans-serif; color: var(--soft) }
aside li small.text { display: block; padding-bottom: 3px }
aside a { display: flex; align-items: center; gap: 8px; color: inherit; text-decoration: none; border-radius: 5px; padding: 2px 6px; margin: -2px -6px }
aside a:hover { background: var(--card-over) }
.tags { display: flex; flex-wrap: wrap; gap: 5px; margin-top: 12px !important }
.tags li { padding: 1px 8px; font: 12px/1.5 system-ui, sans-serif; color: var(--soft); border: 1px solid var(--line); border-radius: 20px }
.close { position: absolute; right: 12px; top: 14px; width: 28px; height: 28px; border: 0; border-radius: 6px; background: none; color: var(--soft); font-size: 18px; line-height: 1; cursor: pointer }
.close:hover { background: var(--card-over); color: var(--text) }
@media (max-width: 720px) {
  .count, .search kbd { display: none }
  aside { position: absolute; right: 0; z-index: 1 }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important } }
`
