// The map: who calls whom. Parties are links, so that the keyboard reaches them; all that lines tell is in the table too.

import { s } from './dom.js';
import { layout, sizes } from './layout.js';
import { isInSync, links, mood } from './shape.js';
import { count, perSecond, short } from './words.js';

const MARGIN = 6;

/** Room for the line of a service that calls itself, and its label. */
const LOOP = 70;

/** Above this a drawing says less than the table. */
const MOST = 150;

/** @param chosen the id of the party that was chosen, if any */
export function map(picture, name, chosen, isDown) {
  if (picture.parties.length > MOST) return undefined;
  const edges = links(picture);
  const ids = picture.parties.map((party) => party.id);
  const drawn = layout(ids, edges, isDown);
  const parties = new Map(picture.parties.map((party) => [party.id, party]));
  const loops = edges.some((edge) => edge.from === edge.to) ? LOOP : 0;
  const [width, height] = [drawn.width + 2 * MARGIN + loops, drawn.height + 2 * MARGIN];
  return s(
    'svg',
    {
      class: 'map',
      viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`,
      width,
      height,
      role: 'group',
      'aria-label': 'Map of who calls whom; the table of edges below tells the same',
    },
    s('defs', {}, ['busy', 'idle', 'failing', 'denied'].map(arrow)),
    drawn.paths.map(({ link, points }) => line(link, points, isDown, chosen)),
    [...drawn.places].map(([id, spot]) => node(parties.get(id), spot, name(id), edges, chosen, isDown)),
    drawn.paths.map(({ link, points }) => label(link, points, { isDown, chosen, rank: rankOf(link, drawn.paths) })),
  );
}

function arrow(of) {
  const tip = s('path', { d: 'M0 0L8 4L0 8z', class: `tip ${of}` });
  const size = { markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: 'auto', markerUnits: 'userSpaceOnUse' };
  return s('marker', { id: `tip-${of}`, ...size }, tip);
}

const isDim = (link, chosen) => chosen !== undefined && link.from !== chosen && link.to !== chosen;

function line(link, points, isDown, chosen) {
  const kind = mood(link);
  return s('path', {
    'data-key': `${link.from} ${link.to}`,
    class: `line ${kind}${isDim(link, chosen) ? ' dim' : ''}`,
    d: curve(points, isDown),
    'stroke-width': (1.25 + Math.min(4, Math.log10(1 + link.requests + link.opened))).toFixed(2),
    'marker-end': `url(#tip-${kind})`,
    'aria-hidden': 'true',
  });
}

function curve(points, isDown) {
  const at = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (points.length === 2 && points[0].x === points[1].x && points[0].y === points[1].y) {
    const { x, y } = points[0]; // a service that calls itself
    return `M${x} ${y - 9}c34 -18 34 36 0 18`;
  }
  let path = `M${at(points[0])}`;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const bend = isDown
      ? [{ x: a.x, y: (a.y + b.y) / 2 }, { x: b.x, y: (a.y + b.y) / 2 }]
      : [{ x: (a.x + b.x) / 2, y: a.y }, { x: (a.x + b.x) / 2, y: b.y }];
    path += `C${at(bend[0])} ${at(bend[1])} ${at(b)}`;
  }
  return path;
}

/** Lines to one callee come together: each label stands further back than the one before. */
const rankOf = (link, paths) => paths.filter((path) => path.link.to === link.to).findIndex((path) => path.link === link);

/** The rate, and a lock where both ends proved who they are. */
function label(link, points, { isDown, chosen, rank }) {
  const [a, b] = link.from === link.to ? points.map(({ x, y }) => ({ x: x + 36, y })) : points.slice(-2);
  const share = Math.max(0.25, 0.64 - 0.2 * rank);
  const flat = ease(share);
  const spot = isDown
    ? { x: a.x + (b.x - a.x) * flat, y: a.y + (b.y - a.y) * share }
    : { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * flat };
  const text = link.requests > 0 || link.opened === 0 ? perSecond(link.requests) : perSecond(link.opened);
  const words = link.open > 0 && link.requests === 0 ? `${short(link.open)} open` : text;
  const kind = mood(link);
  if (kind === 'idle' && link.open === 0 && !link.isMutual) return [];
  const width = words.length * 6.1 + (link.isMutual ? 22 : 12);
  return s(
    'g',
    {
      'data-key': `label ${link.from} ${link.to}`,
      class: `label ${kind}${isDim(link, chosen) ? ' dim' : ''}`,
      transform: `translate(${spot.x.toFixed(1)} ${spot.y.toFixed(1)})`,
      'aria-hidden': 'true',
    },
    s('rect', { x: -width / 2, y: -9, width, height: 18, rx: 9 }),
    link.isMutual && s('path', { class: 'lock', transform: `translate(${-width / 2 + 6} -5)`, d: LOCK }),
    s('text', { x: link.isMutual ? 5 : 0, y: 4, 'text-anchor': 'middle' }, words),
  );
}

const LOCK = 'M0 4.5h8v5.5h-8zM1.7 4.5v-1.7a2.3 2.3 0 0 1 4.6 0v1.7h-1.2v-1.6a1.1 1.1 0 0 0 -2.2 0v1.6z';

/** How far a curve of ours is across when it is so far along. */
const ease = (t) => 3 * t * t * (1 - t) + t * t * t;

function node(party, { x, y }, name, edges, chosen, isDown) {
  const { width, height } = sizes(isDown);
  const state = health(party);
  const received = edges.filter((edge) => edge.to === party.id).reduce((sum, edge) => sum + edge.requests, 0);
  const below = party.kind === 'service' ? running(party) : WORDS[party.kind];
  return s(
    'a',
    {
      'data-key': `party ${party.id}`,
      href: `#${party.id}`,
      class: `party ${party.kind} ${state}${party.id === chosen ? ' chosen' : ''}`,
      transform: `translate(${(x - width / 2).toFixed(1)} ${(y - height / 2).toFixed(1)})`,
      'aria-label': `${name}, ${below}, receives ${perSecond(received)}`,
      'aria-current': party.id === chosen ? 'true' : undefined,
    },
    s('rect', { width, height, rx: 9 }),
    s('circle', { class: 'state', cx: 14, cy: 17, r: 4 }),
    s('text', { class: 'name', x: 25, y: 21 }, fitting(name, isDown ? 9 : 14)),
    s('text', { class: 'below', x: 14, y: 37 }, below),
  );
}

const WORDS = { outside: 'callers', external: 'dependency', others: 'not told apart' };

function running(party) {
  const all = party.instances.length;
  if (all === 0) return 'nobody runs';
  const bad = party.instances.filter((instance) => !isInSync(instance)).length;
  return bad === 0 ? count(all, 'instance') : `${all - bad} of ${all} in sync`;
}

/** The worst that is true of a party's instances. */
export function health(party) {
  if (party.kind !== 'service') return 'none';
  if (party.instances.length === 0) return 'empty';
  return party.instances.every((each) => isInSync(each) && each.state === 'live') ? 'well' : 'unwell';
}

const fitting = (name, most) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
