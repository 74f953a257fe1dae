// The page: asks for a picture every two seconds and shows it; says so when no answer comes, and since when.

import { h, morph } from './dom.js';
import { heard, missed, news, refused, UNKNOWN } from './link.js';
import { map } from './map.js';
import { doors, namer, only, totals } from './shape.js';
import { doorLink, edgeTable, omitted, problemList, proxyTable } from './tables.js';
import { clock, count, lasting, perSecond, share } from './words.js';

const PAUSE = 2000;
const PATIENCE = 4000;
const NARROW = matchMedia('(max-width: 700px)');

let link = UNKNOWN;

async function ask() {
  const before = link;
  link = await answer();
  const said = news(before, link);
  if (said) document.getElementById('said').textContent = said;
  show();
}

async function answer() {
  try {
    const response = await fetch('/mesh/overview', { signal: AbortSignal.timeout(PATIENCE), cache: 'no-store' });
    const body = await response.json();
    return response.ok ? heard(body, Date.now()) : refused(link, Date.now(), body.message ?? `status ${response.status}`);
  } catch {
    return missed(link, Date.now());
  }
}

/** One question at a time; none while nobody looks. */
async function follow() {
  if (!document.hidden) await ask();
  setTimeout(follow, PAUSE);
}

function show() {
  const chosen = decodeURIComponent(location.hash.slice(1));
  morph(document.getElementById('page'), h('div', { id: 'page', class: `link-${link.status}` }, page(chosen)));
  document.title = title();
}

function title() {
  if (link.status === 'away') return 'away · Tulle';
  return link.picture ? `${link.picture.mesh} · Tulle` : 'Tulle';
}

function page(chosen) {
  const picture = link.picture;
  return [
    header(picture),
    banner(),
    h('main', { id: 'main', tabindex: '-1' }, picture ? content(picture, chosen) : nothingYet()),
    picture && h('footer', {}, `Tulle ${picture.version}. The same in a terminal: `, h('code', {}, command('ps'))),
  ];
}

function header(picture) {
  return h(
    'header',
    {},
    h('img', { src: '/dashboard/icon.svg', alt: '', width: 28, height: 28 }),
    h('h1', {}, 'Tulle', picture && h('span', { class: 'mesh' }, picture.mesh)),
    h('p', { class: 'live' }, liveness(picture)),
  );
}

function liveness(picture) {
  switch (link.status) {
    case 'there':
      return `live · revision ${picture.revision} · up ${lasting(Date.parse(picture.time) - Date.parse(picture.started))}`;
    case 'away':
      return 'control plane away';
    case 'refused':
      return 'control plane refuses';
    default:
      return 'asking…';
  }
}

/** The last picture is greyed below it. */
function banner() {
  if (link.status === 'refused') {
    return h('div', { class: 'banner', role: 'alert' }, h('p', {}, h('strong', {}, 'The control plane refuses: '), link.reason));
  }
  if (link.status !== 'away') return [];
  const since = `since ${clock(link.since)} (${lasting(Date.now() - link.since)})`;
  return h(
    'div',
    { class: 'banner' },
    h('p', {}, h('strong', {}, `The control plane has not answered ${since}.`), link.picture ? ' Below is the last picture.' : ''),
    h('p', {}, 'Sidecars go on with what they were told: calls still pass, changes and new instances wait. Start it again with ', h('code', {}, command('control')), '.'),
  );
}

const nothingYet = () => h('p', { class: 'empty' }, link.status === 'away' ? 'There is no picture yet.' : 'Asking the control plane…');

function command(verb) {
  const mesh = link.picture?.mesh ?? 'default';
  return mesh === 'default' ? `tulle ${verb}` : `tulle ${verb} --mesh ${mesh}`;
}

function content(whole, id) {
  const { picture, chosen } = only(whole, id);
  const name = namer(whole);
  if (whole.parties.length === 0) return nobody();
  return [
    tiles(whole),
    whole.problems.length > 0 &&
      h('section', {}, h('h2', {}, count(whole.problems.length, 'problem'), ' in the configuration'), problemList(whole)),
    h(
      'section',
      { 'aria-label': 'Edges' },
      h('h2', {}, 'Who calls whom'),
      chosen && h('p', { class: 'chosen' }, `Only what has to do with ${name(chosen.id)}. `, h('a', { href: '#' }, 'Show all')),
      h('div', { class: 'scroll', tabindex: '-1' }, map(whole, name, chosen?.id, NARROW.matches) ?? tooMany(whole)),
      picture.edges.length > 0 ? h('div', { class: 'scroll' }, edgeTable(picture, name)) : noCalls(whole),
      omitted(whole),
    ),
    h('section', { 'aria-label': 'Proxies' }, h('h2', {}, 'Proxies'), h('div', { class: 'scroll' }, proxyTable(picture, name))),
  ];
}

const tooMany = (picture) => h('p', { class: 'empty' }, `${count(picture.parties.length, 'party', 'parties')}: too many for a map. The table has them all.`);

function tiles(picture) {
  const all = totals(picture);
  const tile = (label, value, note, isBad) =>
    h('div', { 'data-key': label, class: isBad ? 'tile bad' : 'tile' }, h('dt', {}, label), h('dd', {}, h('b', {}, value), ' ', h('span', {}, note)));
  return h(
    'dl',
    { class: 'tiles', 'aria-label': 'At a glance' },
    tile('Services', all.services, count(all.instances, 'instance') + (all.live < all.instances ? `, ${all.live} live` : ''), all.live < all.instances),
    tile('Proxies in sync', `${all.inSync} of ${all.instances}`, all.inSync === all.instances ? 'all hold what they should' : 'see below', all.inSync < all.instances),
    tile('Requests', perSecond(all.requests), 'all edges, last 10 s'),
    tile('Failed', share(all.failed, all.requests), all.denied > 0 ? `${share(all.denied, all.requests)} denied` : 'last 10 s', all.failed > 0),
    tile('Mutual TLS', `${all.mutual} of ${all.edges}`, all.open > 0 ? `${all.open} in plaintext` : 'edges between services', all.open > 0),
  );
}

function nobody() {
  return h(
    'div',
    { class: 'empty' },
    h('h2', {}, 'Nobody is in the mesh yet'),
    h('p', {}, 'Put a service in, and this page shows it within two seconds:'),
    h('pre', {}, h('code', {}, `${command('run')} web --expose 3000/http --publish 3000 -- node web.js`)),
    h('p', {}, 'Or all services of a Compose file at once:'),
    h('pre', {}, h('code', {}, `${command('up')} -f compose.yaml`)),
  );
}

function noCalls(picture) {
  const open = doors(picture);
  const where = open.length > 0 ? ['Open ', open.map((door, i) => [i > 0 && ' or ', doorLink(door)]), ', and'] : 'Call one service from another, and';
  return h('div', { class: 'empty' }, h('p', {}, 'No call has passed yet. ', where, ' the edges appear here within some seconds: who called whom, how often, how fast, and whether both proved who they are.'));
}

addEventListener('hashchange', show);
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && location.hash) location.hash = '';
});
document.addEventListener('visibilitychange', () => document.hidden || ask());
NARROW.addEventListener('change', show);
follow();
