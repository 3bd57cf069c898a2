// The page stands without this. Here is what a reader with a script has besides: a cell shows its failing cases alone, and a heat map reads out its elements.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const filter = document.getElementById('filter'), tip = document.getElementById('tip');

function open(id) {
  const target = document.getElementById(id);
  if (!target) return;
  for (let node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true;
  target.scrollIntoView();
}
function only(cell) {
  const op = cell?.closest('.row').dataset.op, aspect = cell?.dataset.aspect;
  let shown = 0;
  for (const item of all('.case')) {
    const fits = !cell || item.dataset.op === op && (aspect === 'all' || item.dataset.aspects.split(' ').includes(aspect));
    item.hidden = !fits;
    shown += fits;
  }
  for (const other of all('.cell[aria-current]')) other.removeAttribute('aria-current');
  cell?.setAttribute('aria-current', 'true');
  if (!filter) return;
  filter.hidden = !cell;
  if (cell) filter.querySelector('span').textContent = `${op}, ${aspect}: ${shown} of ${all('.case').length}`;
}
const target = () => decodeURIComponent(location.hash.slice(1));
document.addEventListener('click', event => {
  const cell = event.target.closest('.cell');
  if (cell) {
    only(cell.classList.contains('fail') ? cell : null);
    open(decodeURIComponent(cell.hash.slice(1))); // also where the place is the one of before, which changes no hash
  } else if (event.target.closest('#filter button')) only(null);
});
addEventListener('hashchange', () => {
  if (document.getElementById(target())?.closest('[hidden]')) only(null);
  open(target());
});
if (location.hash) open(target());

// One element at a time is pointed at in all three pictures of a plane, by mouse or by the arrow keys.
let at = 0, current;
const numbers = svg => svg.dataset.values.split(' ');
function point(maps, i, box) {
  const pictures = all('.heat', maps), columns = +maps.dataset.columns, count = numbers(pictures[0]).length;
  current = maps;
  at = Math.max(0, Math.min(count - 1, i));
  const row = Math.floor(at / columns), column = at % columns, place = maps.dataset.at;
  leave();
  for (const svg of pictures) {
    const mark = document.createElementNS('http://www.w3.org/2000/svg', 'rect'), size = svg.viewBox.baseVal.width / columns;
    for (const [name, value] of Object.entries({ class: 'cursor', x: column * size, y: row * size, width: size, height: size })) mark.setAttribute(name, value);
    svg.append(mark);
  }
  const index = place === 'scalar' ? '' : `[${place === 'vector' ? '' : place + (row + +maps.dataset.top) + ','}${column + +maps.dataset.left}] `;
  const [expected, got, difference] = pictures.map(svg => numbers(svg)[at]);
  tip.textContent = `${index}expected ${expected}, got ${got}${difference === '0' ? '' : `, difference ${difference}`}`;
  tip.hidden = false;
  const x = box.left + (column + .5) * box.width / columns, y = box.top + (row + 1) * box.width / columns + 8;
  tip.style.left = Math.max(4, Math.min(innerWidth - tip.offsetWidth - 4, x - tip.offsetWidth / 2)) + 'px';
  tip.style.top = Math.max(4, Math.min(innerHeight - tip.offsetHeight - 4, y)) + 'px';
}
function leave() {
  for (const mark of all('.cursor')) mark.remove();
  tip.hidden = true;
}
document.addEventListener('pointermove', event => {
  const svg = event.target.closest('.heat');
  if (!svg) { if (!tip.hidden) leave(); return; }
  const maps = svg.closest('.maps'), box = svg.getBoundingClientRect(), columns = +maps.dataset.columns, size = box.width / columns;
  point(maps, Math.floor((event.clientY - box.top) / size) * columns + Math.min(columns - 1, Math.floor((event.clientX - box.left) / size)), box);
});
document.addEventListener('keydown', event => {
  const maps = event.target.closest('.maps'), columns = maps && +maps.dataset.columns;
  const step = maps && { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  if (!step) return;
  event.preventDefault();
  point(maps, maps === current ? at + step : 0, maps.querySelector('.heat').getBoundingClientRect());
});
document.addEventListener('scroll', leave, { passive: true });
document.addEventListener('focusout', leave);
