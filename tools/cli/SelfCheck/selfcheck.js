// The page stands without this. Here is what a reader with a script has besides: a filter, and the name of each cell.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const filter = document.getElementById('filter'), tip = document.getElementById('tip');
const sections = all('.map').map(section => ({
  section, op: section.dataset.op,
  cases: all('.cases li', section).map(item => item.textContent),
  rows: all('.row', section).map(row => ({ row, text: (row.id + ' ' + row.querySelector('dd').textContent).toLowerCase() })),
}));
const meaning = Object.fromEntries(all('.legend li').map(item => [item.dataset.cell, item.textContent]));

function show() {
  const wanted = new FormData(filter), words = wanted.get('text').toLowerCase().split(' ');
  let shown = 0, of = 0;
  for (const { section, op, rows } of sections) {
    let here = 0;
    for (const { row, text } of rows) {
      const fits = [op, ''].includes(wanted.get('op')) && [row.dataset.class, ''].includes(wanted.get('class'))
        && !(wanted.get('unnamed') && row.dataset.naming === 'Named') && words.every(word => text.includes(word));
      row.hidden = !fits;
      here += fits;
    }
    section.hidden = !here;
    shown += here;
    of += rows.length;
  }
  document.getElementById('shown').textContent = `${shown} of ${of} mistakes`;
  document.getElementById('none').hidden = shown > 0;
}
filter.addEventListener('input', show);
filter.addEventListener('submit', event => event.preventDefault());
filter.hidden = false;
show();

// One cell at a time is pointed at, by mouse or by the arrow keys of a row in focus.
const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
for (const [name, value] of [['class', 'cursor'], ['width', 1], ['height', 1]]) cursor.setAttribute(name, value);
let at = 0;

function textOf(strip, i) {
  const { cases } = sections.find(({ section }) => section.contains(strip));
  return `${cases[i]}: ${meaning[strip.dataset.cells[i]]}`;
}
function point(strip, i) {
  const count = strip.dataset.cells.length, box = strip.getBoundingClientRect();
  at = Math.max(0, Math.min(count - 1, i));
  cursor.setAttribute('x', at);
  strip.append(cursor);
  tip.textContent = textOf(strip, at);
  tip.hidden = false;
  const x = box.left + (at + .5) * box.width / count, below = box.bottom + 6, height = tip.offsetHeight;
  tip.style.left = Math.max(4, Math.min(innerWidth - tip.offsetWidth - 4, x - tip.offsetWidth / 2)) + 'px';
  tip.style.top = (below + height > innerHeight ? box.top - height - 6 : below) + 'px';
}
function leave() { cursor.remove(); tip.hidden = true; }
function tell(row, strip, i) {
  const body = row.querySelector('.body');
  const line = body.querySelector('.cell') ?? body.insertBefore(Object.assign(document.createElement('p'), { className: 'cell' }), body.querySelector('pre'));
  line.textContent = `The cell: ${textOf(strip, i)}`;
}
const column = (strip, event) => {
  const box = strip.getBoundingClientRect();
  return Math.floor((event.clientX - box.left) / box.width * strip.dataset.cells.length);
};

document.addEventListener('pointermove', event => {
  const strip = event.target.closest('.strip');
  if (strip) point(strip, column(strip, event)); else if (!tip.hidden) leave();
});
document.addEventListener('scroll', leave, { passive: true });
document.addEventListener('focusout', leave);
document.addEventListener('click', event => {
  const strip = event.target.closest('.strip');
  if (!strip) return;
  const row = strip.closest('.row');
  tell(row, strip, Math.max(0, Math.min(strip.dataset.cells.length - 1, column(strip, event))));
  if (row.open) event.preventDefault(); // an open row stays open while its cells are read
});
document.addEventListener('keydown', event => {
  const row = event.target.closest('.row'), step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!row || event.target.tagName !== 'SUMMARY' || !step) return;
  event.preventDefault();
  const strip = row.querySelector('.strip');
  point(strip, tip.hidden ? at : at + step);
  tell(row, strip, at);
});

// A link to a mistake opens its row.
const open = () => { const row = document.getElementById(decodeURIComponent(location.hash.slice(1))); if (row?.matches('.row')) { row.open = true; row.scrollIntoView(); } };
addEventListener('hashchange', open);
open();
