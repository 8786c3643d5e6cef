/** Choosing a node on the graph page: what is highlighted and what the panel says. */
export const detailsScript = `let chosen;
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) key === 'role' ? made.setAttribute(key, value) : made[key] = value;
  made.append(...children.filter(child => child !== undefined));
  return made;
}
function reach(start, next) {
  const reached = new Set(), todo = [start];
  while (todo.length > 0) for (const i of next(todo.pop())) if (!reached.has(i)) { reached.add(i); todo.push(i) }
  return reached;
}
function choose(i) {
  const up = i === undefined ? new Set() : reach(i, n => nodes[n].reads);
  const down = i === undefined ? new Set() : reach(i, n => feeds[n]);
  const wasOpen = !details.hidden;
  chosen = i;
  scene.classList.toggle('chosen', i !== undefined);
  cards.forEach((card, n) => {
    card.classList.toggle('on', n === i);
    card.classList.toggle('up', up.has(n));
    card.classList.toggle('down', down.has(n));
    card.setAttribute('aria-pressed', String(n === i));
  });
  for (const { path, from, to } of edges) {
    const isUp = up.has(from) && (up.has(to) || to === i), isDown = down.has(to) && (down.has(from) || from === i);
    path.classList.toggle('up', isUp);
    path.classList.toggle('down', isDown);
    if (isUp || isDown) path.parentNode.append(path);
  }
  details.hidden = i === undefined;
  if (i !== undefined) describe(i, up.size, down.size);
  if (i !== undefined && !wasOpen) reveal(i);
  history.replaceState(null, '', i === undefined ? location.pathname + location.search : '#' + nodes[i].id);
}
function section(title, count, items) {
  if (items.length === 0) return [];
  return [element('h3', {}, title, element('b', {}, String(count))), element('ul', {}, ...items)];
}
function link(i) {
  const made = element('a', { href: '#' + nodes[i].id, className: nodes[i].kind }, element('i'), nodes[i].label);
  made.addEventListener('click', event => { event.preventDefault(); choose(i); reveal(i); focusCard(i) });
  return element('li', {}, made);
}
function columnItem(column) {
  const type = column.type && element('small', {}, ' ' + column.type);
  const about = column.description && element('small', { className: 'text' }, column.description);
  return element('li', {}, column.name, ...[type, about].filter(Boolean));
}
const plural = (count, what) => count + ' ' + what + (count === 1 ? '' : 's');
function describe(i, above, below) {
  const node = nodes[i];
  const close = element('button', { type: 'button', className: 'close', title: 'Close (Esc)', ariaLabel: 'Close' }, '\\u00d7');
  close.addEventListener('click', () => { choose(undefined); focusCard(i) });
  details.replaceChildren(
    close,
    element('h2', {}, node.label),
    element('p', { className: 'what ' + node.kind }, element('i'), node.what),
    element('p', { className: 'path' }, node.path),
    ...(node.description ? [element('p', { className: 'about' }, node.description)] : []),
    ...(node.tags.length ? [element('ul', { className: 'tags' }, ...node.tags.map(tag => element('li', {}, tag)))] : []),
    ...section('Reads', above > node.reads.length ? node.reads.length + ' of ' + plural(above, 'ancestor') : node.reads.length, node.reads.map(link)),
    ...section('Read by', below > feeds[i].length ? feeds[i].length + ' of ' + plural(below, 'descendant') : feeds[i].length, feeds[i].map(link)),
    ...section('Columns', node.columns.length, node.columns.map(columnItem)),
    ...section('Tests', node.tests.length, node.tests.map(test => element('li', {}, test))),
  );
  details.scrollTop = 0;
}`
