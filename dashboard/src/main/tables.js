// What the map tells, in rows; and the proxies.

import { h } from './dom.js';
import { isInSync, instancesOf, mood } from './shape.js';
import { count, millis, perSecond, protocol, security, share } from './words.js';

// The roles are said again since a narrow page lays rows out as cards, by which browsers forget that it is a table.
function table(caption, heads, rows) {
  const head = heads.map((title) => h('th', { scope: 'col', role: 'columnheader' }, title));
  return h(
    'table',
    { role: 'table' },
    h('caption', {}, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
    h('tbody', { role: 'rowgroup' }, rows),
  );
}

function row(key, kind, heads, cells) {
  return h(
    'tr',
    { 'data-key': key, role: 'row', class: kind },
    cells.map((cell, i) =>
      h(
        i === 0 ? 'th' : 'td',
        { role: i === 0 ? 'rowheader' : 'cell', scope: i === 0 && 'row', 'data-head': heads[i] },
        cell,
      ),
    ),
  );
}

const partyLink = (id, name) => h('a', { href: `#${id}` }, name(id));

const EDGE_HEADS = ['from', 'to', 'protocol', 'last 10 s', 'last minute', 'failed', 'p50', 'p99', 'security'];

export function edgeTable(picture, name) {
  const rows = picture.edges.map((edge) => {
    const { tenSeconds, minute } = edge.rates;
    return row(`${edge.from} ${edge.to} ${edge.protocol}`, mood(minute), EDGE_HEADS, [
      partyLink(edge.from, name),
      partyLink(edge.to, name),
      protocol(edge.protocol),
      carried(edge, tenSeconds),
      carried(edge, minute),
      edge.protocol === 'tcp' ? '–' : wrong(minute),
      millis(minute.p50Millis),
      millis(minute.p99Millis),
      secured(edge),
    ]);
  });
  return table('Edges: who calls whom', EDGE_HEADS, rows);
}

function carried(edge, rate) {
  if (edge.protocol !== 'tcp') return rate.requests > 0 ? perSecond(rate.requests) : idle();
  const open = edge.open > 0 ? `${edge.open} open` : '';
  if (rate.opened > 0) return `${perSecond(rate.opened)} opened${open && `, ${open}`}`;
  return open || idle();
}

const idle = () => h('span', { class: 'quiet' }, 'idle');

function wrong(rate) {
  const denied = rate.denied > 0 && h('span', { class: 'tag denied' }, `${share(rate.denied, rate.requests)} denied`);
  if (rate.failed > 0) return [h('span', { class: 'tag failing' }, share(rate.failed, rate.requests)), ' ', denied];
  return denied || h('span', { class: 'quiet' }, '0 %');
}

function secured(edge) {
  const kind = { mutual: 'good', mixed: 'failing', plaintext: 'plain', unknown: 'plain' }[edge.security] ?? 'plain';
  const isOdd = kind === 'plain' && security(edge) === 'plaintext';
  return h('span', { class: `tag ${isOdd ? 'failing' : kind}` }, security(edge));
}

const PROXY_HEADS = ['instance', 'service', 'state', 'proxy', 'labels', 'door'];

export function proxyTable(picture, name) {
  const rows = instancesOf(picture).map((instance) => {
    const well = isInSync(instance) && instance.state === 'live';
    return row(instance.id, well ? 'well' : 'unwell', PROXY_HEADS, [
      instance.id,
      partyLink(instance.party.id, name),
      h('span', { class: `tag ${instance.state === 'live' ? 'good' : 'failing'}` }, instance.state),
      h('span', { class: `tag ${isInSync(instance) ? 'good' : 'failing'}` }, instance.proxy),
      labels(instance),
      instance.doors.length === 0 ? '–' : instance.doors.map((door, i) => [i > 0 && ', ', doorLink(door)]),
    ]);
  });
  return table('Proxies: who runs, and does each hold what it should', PROXY_HEADS, rows);
}

/** Without the one that repeats the service's name, and what the launch says to itself. */
function labels(instance) {
  const told = Object.entries(instance.labels).filter(
    ([key, value]) => !key.startsWith('tulle.') && !(key === 'app' && value === instance.party.name),
  );
  return told.length === 0 ? '–' : told.map(([key, value]) => `${key}=${value}`).join(', ');
}

/** A door may speak something else than HTTP; then the browser says so. */
export function doorLink(door) {
  const host = door.replace(/^(0\.0\.0\.0|\[?::\]?):(\d+)$/, '127.0.0.1:$2');
  return h('a', { href: `http://${host}/`, rel: 'noreferrer', target: '_blank' }, door);
}

export function problemList(picture) {
  return h(
    'ul',
    { class: 'problems' },
    picture.problems.map((problem) =>
      h(
        'li',
        { 'data-key': `${problem.code} ${problem.message}` },
        h('p', {}, h('code', {}, problem.code), ' ', problem.message),
        problem.fix && h('p', { class: 'quiet' }, `fix: ${problem.fix}`),
      ),
    ),
  );
}

export const omitted = (picture) =>
  picture.omittedEdges > 0 &&
  h('p', { class: 'quiet' }, `${count(picture.omittedEdges, 'more edge')} of the least busy are not shown.`);
