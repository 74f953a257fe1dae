// Where the parties of the map stand: callers before callees, in layers, with few crossings. Pure, and the same for the
// same mesh, so that nothing jumps when numbers change. Sugiyama's way, each step in its simplest form.

/** In pixels: a party's size, and the room between; `along` is the way of the calls. Downwards is for narrow windows. */
const RIGHTWARDS = { width: 128, height: 46, along: 88, across: 22, dot: 8 };
const DOWNWARDS = { width: 98, height: 46, along: 60, across: 10, dot: 8 };

export const sizes = (isDown) => (isDown ? DOWNWARDS : RIGHTWARDS);

/**
 * @param ids of the parties, sorted
 * @param links `{from, to}` between them
 * @param isDown whether layers follow one another downwards, else to the right
 * @return `{width, height, places: Map(id -> {x, y}), paths: [{link, points}]}`; places are centres
 */
export function layout(ids, links, isDown) {
  const layers = layered(ids, links);
  const { rows, chains } = withWaypoints(ids, links, layers);
  for (let sweep = 0; sweep < 4; sweep++) settle(rows, chains, sweep % 2 === 0);
  return placed(rows, chains, links, isDown);
}

/** Layer of each party: one further than the furthest of its callers; calls that close a circle do not count. */
function layered(ids, links) {
  const callees = new Map(ids.map((id) => [id, []]));
  for (const { from, to } of links) if (from !== to) callees.get(from)?.push(to);
  const order = [];
  const state = new Map();
  const back = new Set();
  const visit = (id) => {
    state.set(id, 'open');
    for (const to of callees.get(id)) {
      if (state.get(to) === 'open') back.add(`${id} ${to}`);
      else if (!state.has(to)) visit(to);
    }
    state.set(id, 'done');
    order.unshift(id);
  };
  const called = new Set(links.filter(({ from, to }) => from !== to).map(({ to }) => to));
  for (const id of ids) if (!called.has(id) && !state.has(id)) visit(id); // those whom nobody calls come first
  for (const id of ids) if (!state.has(id)) visit(id);
  const layers = new Map(ids.map((id) => [id, 0]));
  for (const id of order) {
    for (const to of callees.get(id)) {
      if (!back.has(`${id} ${to}`)) layers.set(to, Math.max(layers.get(to), layers.get(id) + 1));
    }
  }
  return layers;
}

/** A call over several layers gets a waypoint in each, which takes part in the ordering and keeps its line clear. */
function withWaypoints(ids, links, layers) {
  const rows = Array.from({ length: Math.max(0, ...layers.values()) + 1 }, () => []);
  for (const id of ids) rows[layers.get(id)].push({ id });
  const nodes = new Map(rows.flat().map((node) => [node.id, node]));
  const chains = links
    .filter(({ from, to }) => nodes.has(from) && nodes.has(to))
    .map((link) => {
      const [start, end] = [layers.get(link.from), layers.get(link.to)];
      const step = Math.sign(end - start);
      const between = [];
      for (let layer = start + step; step !== 0 && layer !== end; layer += step) {
        const waypoint = { id: undefined };
        rows[layer].push(waypoint);
        between.push(waypoint);
      }
      return { link, nodes: [nodes.get(link.from), ...between, nodes.get(link.to)] };
    });
  return { rows, chains };
}

/** Each node goes to the middle of its neighbours in the layer before (or after), which unties most crossings. */
function settle(rows, chains, isForward) {
  const neighbours = new Map();
  for (const { nodes } of chains) {
    for (let i = 1; i < nodes.length; i++) {
      const [near, far] = isForward ? [nodes[i], nodes[i - 1]] : [nodes[i - 1], nodes[i]];
      neighbours.set(near, [...(neighbours.get(near) ?? []), far]);
    }
  }
  const at = new Map(rows.flatMap((row) => row.map((node, i) => [node, i - (row.length - 1) / 2])));
  const middle = (node) => {
    const all = neighbours.get(node) ?? [];
    return all.length === 0 ? at.get(node) : all.reduce((sum, other) => sum + at.get(other), 0) / all.length;
  };
  for (const row of rows) {
    const wanted = new Map(row.map((node) => [node, middle(node)]));
    row.sort((a, b) => wanted.get(a) - wanted.get(b) || at.get(a) - at.get(b));
  }
}

function placed(rows, chains, links, isDown) {
  const { width, height, along, across, dot } = sizes(isDown);
  const long = isDown ? height : width; // of a party, in the direction of the calls
  const wide = isDown ? width : height;
  const breadth = (node) => (node.id === undefined ? dot : wide);
  const lengths = rows.map((row) => row.reduce((sum, node) => sum + breadth(node) + across, -across));
  const most = Math.max(0, ...lengths);
  const spots = new Map();
  rows.forEach((row, layer) => {
    let side = (most - lengths[layer]) / 2;
    for (const node of row) {
      const [a, b] = [layer * (long + along) + long / 2, side + breadth(node) / 2];
      spots.set(node, isDown ? { x: b, y: a } : { x: a, y: b });
      side += breadth(node) + across;
    }
  });
  const depth = rows.length * long + (rows.length - 1) * along;
  const paths = chains.map(({ link, nodes }) => ({ link, points: trimmed(nodes.map((n) => spots.get(n)), isDown) }));
  return {
    width: isDown ? most : depth,
    height: isDown ? depth : most,
    places: new Map([...spots].filter(([node]) => node.id !== undefined).map(([node, spot]) => [node.id, spot])),
    paths,
  };
}

/** Lines begin and end at a party's rim, on the sides that face the way of the call, and pass straight beside parties. */
function trimmed(points, isDown) {
  const { width, height } = sizes(isDown);
  const [first, last] = [points[0], points.at(-1)];
  const ahead = isDown ? last.y > first.y : last.x > first.x;
  const half = (isDown ? height : width) / 2;
  const shift = (point, by) => (isDown ? { x: point.x, y: point.y + by } : { x: point.x + by, y: point.y });
  if (first === last) return [0, 0].map(() => ({ x: first.x + width / 2, y: first.y })); // it calls itself: at its right side
  const out = ahead ? half : -half;
  const beside = points.slice(1, -1).flatMap((point) => [shift(point, -out), shift(point, out)]);
  return [shift(first, out), ...beside, shift(last, -out)];
}
