import { detailsScript } from './details-script.js'
import { viewScript } from './view-script.js'

/** The script of the graph page: plain JavaScript, one scope. Search and keys are here, the rest in its own files. */
export const pageScript = `'use strict';
const nodes = JSON.parse(document.getElementById('nodes').textContent);
const byId = id => document.getElementById(id);
const graph = byId('graph'), scene = byId('scene'), details = byId('details');
const search = byId('search'), results = byId('results');
const cards = nodes.map((_, i) => byId('n' + i));
const edges = [...scene.querySelectorAll('.edges path')].map(path => ({ path, from: +path.dataset.from, to: +path.dataset.to }));
const feeds = nodes.map(() => []);
nodes.forEach((node, i) => node.reads.forEach(parent => feeds[parent].push(i)));
const box = i => { const m = cards[i].transform.baseVal[0].matrix, r = cards[i].firstChild; return { x: m.e, y: m.f, width: r.width.baseVal.value, height: r.height.baseVal.value } };
${viewScript}
${detailsScript}
let found = [], active = 0;
function lookFor(text) {
  const words = text.toLowerCase().split(/\\s+/).filter(Boolean);
  const fields = node => [node.label, node.path, node.what, ...node.tags].join(' ').toLowerCase();
  const rank = i => { const at = nodes[i].label.toLowerCase().indexOf(words[0]); return at < 0 ? 1e6 : at * 1000 + nodes[i].label.length };
  found = words.length === 0 ? [] : nodes.map((_, i) => i).filter(i => words.every(word => fields(nodes[i]).includes(word)));
  found.sort((a, b) => rank(a) - rank(b));
  const all = new Set(found);
  scene.classList.toggle('searching', words.length > 0);
  cards.forEach((card, i) => card.classList.toggle('found', all.has(i)));
  active = 0;
  showResults(words.length > 0);
}
function showResults(isOpen) {
  results.hidden = !isOpen;
  search.setAttribute('aria-expanded', String(isOpen));
  results.replaceChildren();
  if (!isOpen) return;
  found.slice(0, 10).forEach((i, row) => {
    const item = element('li', { role: 'option', id: 'r' + row, className: nodes[i].kind }, element('i'), nodes[i].label, element('span', {}, nodes[i].what));
    item.setAttribute('aria-selected', String(row === active));
    item.addEventListener('pointerdown', event => { event.preventDefault(); take(i) });
    results.append(item);
  });
  if (found.length === 0) results.append(element('li', { className: 'none' }, 'No node matches'));
  if (found.length > 10) results.append(element('li', { className: 'none' }, (found.length - 10) + ' more'));
  search.setAttribute('aria-activedescendant', found.length > 0 ? 'r' + active : '');
}
function take(i) {
  search.value = '';
  lookFor('');
  choose(i);
  center(i);
  focusCard(i);
}
search.addEventListener('input', () => lookFor(search.value));
search.addEventListener('blur', () => showResults(false));
search.addEventListener('focus', () => { if (search.value) lookFor(search.value) });
search.addEventListener('keydown', event => {
  const shown = Math.min(found.length, 10);
  if (event.key === 'Escape') { search.value = ''; lookFor(''); graph.focus(); focusCard(current) }
  else if (event.key === 'Enter' && shown > 0) take(found[active]);
  else if (event.key === 'ArrowDown' && shown > 0) { active = (active + 1) % shown; showResults(true) }
  else if (event.key === 'ArrowUp' && shown > 0) { active = (active + shown - 1) % shown; showResults(true) }
  else return;
  event.preventDefault();
  event.stopPropagation();
});
let current = 0;
function focusCard(i) {
  if (cards.length === 0) return;
  cards[current].tabIndex = -1;
  current = i;
  cards[i].tabIndex = 0;
  cards[i].focus({ preventScroll: true });
}
function nearest(list, i) {
  const y = box(i).y;
  return [...list].sort((a, b) => Math.abs(box(a).y - y) - Math.abs(box(b).y - y))[0];
}
function neighbour(i, way) {
  const here = box(i);
  const column = nodes.map((_, n) => n).filter(n => n !== i && Math.abs(box(n).x - here.x) < 1 && (box(n).y - here.y) * way > 0);
  return nearest(column, i);
}
const moves = {
  ArrowRight: i => nearest(feeds[i], i),
  ArrowLeft: i => nearest(nodes[i].reads, i),
  ArrowDown: i => neighbour(i, 1),
  ArrowUp: i => neighbour(i, -1),
};
const keys = {
  '/': () => { search.focus(); search.select() },
  '+': () => zoom(1.25), '=': () => zoom(1.25), '-': () => zoom(0.8), '0': () => fit(),
  Escape: () => choose(undefined),
};
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
  const on = event.target.closest ? event.target.closest('.node') : null;
  if (on && moves[event.key]) {
    const next = moves[event.key](current);
    if (next !== undefined) { focusCard(next); reveal(next); if (chosen !== undefined) choose(next) }
  } else if (on && (event.key === 'Enter' || event.key === ' ')) choose(current);
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});
byId('zoom-in').addEventListener('click', () => zoom(1.25));
byId('zoom-out').addEventListener('click', () => zoom(0.8));
byId('fit').addEventListener('click', () => fit());
byId('theme').addEventListener('click', () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
});
function fromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  const i = nodes.findIndex(node => node.id === id);
  if (i < 0 || i === chosen) return;
  choose(i);
  fit();
  if (view.scale < 0.6) center(i);
}
addEventListener('hashchange', fromAddress);
if (cards.length > 0) cards[0].tabIndex = 0;
fit();
fromAddress();
`
