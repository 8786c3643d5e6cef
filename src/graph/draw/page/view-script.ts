/** Pan and zoom of the graph page. */
export const viewScript = `const size = { width: +graph.dataset.width, height: +graph.dataset.height };
const view = { x: 0, y: 0, scale: 1 };
const margin = 40;
function draw() {
  scene.setAttribute('transform', 'translate(' + view.x + ' ' + view.y + ') scale(' + view.scale + ')');
  scene.classList.toggle('far', view.scale < 0.42);
  scene.classList.toggle('farther', view.scale < 0.15);
}
function fit() {
  const { clientWidth: width, clientHeight: height } = graph;
  const free = height - 24;
  const scale = Math.min((width - 2 * margin) / Math.max(1, size.width), (free - 2 * margin) / Math.max(1, size.height), 1.15);
  view.scale = Math.max(0.05, scale);
  view.x = (width - size.width * view.scale) / 2;
  view.y = (free - size.height * view.scale) / 2;
  draw();
}
function zoom(factor, x = graph.clientWidth / 2, y = graph.clientHeight / 2) {
  const scale = Math.min(3, Math.max(0.05, view.scale * factor));
  view.x = x - (x - view.x) * scale / view.scale;
  view.y = y - (y - view.y) * scale / view.scale;
  view.scale = scale;
  draw();
}
function center(i) {
  const b = box(i);
  view.scale = Math.max(view.scale, 0.75);
  view.x = graph.clientWidth / 2 - (b.x + b.width / 2) * view.scale;
  view.y = graph.clientHeight / 2 - (b.y + b.height / 2) * view.scale;
  draw();
}
function reveal(i) {
  const b = box(i);
  const x = view.x + b.x * view.scale, y = view.y + b.y * view.scale;
  const right = x + b.width * view.scale, bottom = y + b.height * view.scale;
  if (x < margin) view.x += margin - x;
  else if (right > graph.clientWidth - margin) view.x -= right - graph.clientWidth + margin;
  if (y < margin) view.y += margin - y;
  else if (bottom > graph.clientHeight - margin) view.y -= bottom - graph.clientHeight + margin;
  draw();
}
graph.addEventListener('wheel', event => {
  event.preventDefault();
  const r = graph.getBoundingClientRect();
  const step = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
  zoom(Math.exp(-Math.max(-120, Math.min(120, step)) * (event.ctrlKey ? 0.01 : 0.0022)), event.clientX - r.left, event.clientY - r.top);
}, { passive: false });
const touches = new Map();
let moved = 0;
graph.addEventListener('pointerdown', event => {
  if (event.button !== 0) return;
  touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
  moved = 0;
});
graph.addEventListener('pointermove', event => {
  const before = touches.get(event.pointerId);
  if (!before) return;
  const dx = event.clientX - before.x, dy = event.clientY - before.y;
  const others = [...touches].filter(([id]) => id !== event.pointerId).map(([, touch]) => touch);
  moved += Math.abs(dx) + Math.abs(dy);
  if (moved > 4 && !graph.hasPointerCapture(event.pointerId)) { graph.setPointerCapture(event.pointerId); graph.classList.add('moving') }
  if (others.length === 1) {
    const r = graph.getBoundingClientRect(), other = others[0];
    const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) || 1;
    zoom(far({ x: event.clientX, y: event.clientY }, other) / far(before, other), other.x - r.left, other.y - r.top);
  } else { view.x += dx; view.y += dy; draw() }
  touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
});
const letGo = event => { touches.delete(event.pointerId); graph.classList.remove('moving') };
graph.addEventListener('pointerup', letGo);
graph.addEventListener('pointercancel', letGo);
graph.addEventListener('click', event => {
  if (moved > 4) return;
  const card = event.target.closest('.node');
  if (!card) return choose(undefined);
  const i = +card.id.slice(1);
  focusCard(i);
  choose(i);
});
addEventListener('resize', draw);`
