// From the control plane's picture to what the page shows. Pure.

/** What an edge or a sum of edges is like at a glance: the worst that is true of it. */
export function mood({ requests, failed, denied, opened }) {
  if (failed > 0) return 'failing';
  if (denied > 0) return 'denied';
  return requests > 0 || opened > 0 ? 'busy' : 'idle';
}

export const isInSync = (instance) => instance.proxy === 'in sync';

export const instancesOf = (picture) =>
  picture.parties.flatMap((party) => party.instances.map((instance) => ({ ...instance, party })));

/** The numbers at the top. Between services alone, mutual TLS can be expected. */
export function totals(picture) {
  const instances = instancesOf(picture);
  const kinds = new Map(picture.parties.map((party) => [party.id, party.kind]));
  const within = picture.edges.filter((edge) => [edge.from, edge.to].every((id) => kinds.get(id) === 'service'));
  return {
    services: picture.parties.filter((party) => party.kind === 'service').length,
    instances: instances.length,
    live: instances.filter((instance) => instance.state === 'live').length,
    inSync: instances.filter(isInSync).length,
    edges: within.length,
    mutual: within.filter((edge) => edge.security === 'mutual').length,
    open: within.filter((edge) => ['plaintext', 'mixed'].includes(edge.security)).length,
    ...sum(picture.edges.map((edge) => edge.rates.tenSeconds)),
  };
}

function sum(rates) {
  const all = { requests: 0, failed: 0, denied: 0, opened: 0 };
  for (const rate of rates) for (const name of Object.keys(all)) all[name] += rate[name];
  return all;
}

/** Edges of the map: one for each pair, whatever the protocols. */
export function links(picture) {
  const pairs = new Map();
  for (const edge of picture.edges) {
    const key = `${edge.from} ${edge.to}`;
    pairs.set(key, [...(pairs.get(key) ?? []), edge]);
  }
  return [...pairs.values()].map((edges) => ({
    from: edges[0].from,
    to: edges[0].to,
    protocols: edges.map((edge) => edge.protocol),
    isMutual: edges.every((edge) => edge.security === 'mutual'),
    open: edges.reduce((all, edge) => all + edge.open, 0),
    ...sum(edges.map((edge) => edge.rates.tenSeconds)),
  }));
}

/** Only what has to do with one party; all of it where there is no such party. */
export function only(picture, id) {
  if (!picture.parties.some((party) => party.id === id)) return { picture, chosen: undefined };
  const edges = picture.edges.filter((edge) => edge.from === id || edge.to === id);
  const near = new Set([id, ...edges.flatMap((edge) => [edge.from, edge.to])]);
  return {
    picture: { ...picture, edges, parties: picture.parties.filter((party) => near.has(party.id)) },
    chosen: picture.parties.find((party) => party.id === id),
  };
}

/** A party's short name; with its namespace where the picture has several. */
export function namer(picture) {
  const spaces = new Set(picture.parties.filter((party) => party.kind === 'service').map((party) => party.namespace));
  const parties = new Map(picture.parties.map((party) => [party.id, party]));
  return (id) => {
    const party = parties.get(id);
    if (!party) return id;
    if (party.kind === 'external') return external(party.name, spaces);
    return party.kind === 'service' && spaces.size > 1 ? `${party.namespace}/${party.name}` : party.name;
  };
}

/** A dependency that was given a name of a namespace goes by the first part of it. */
function external(host, spaces) {
  const [name, space, ...rest] = host.split('.');
  return spaces.has(space) && (rest.length === 0 || rest.join('.') === 'tulle') ? name : host;
}

/** Addresses on this host at which a person can look in. */
export const doors = (picture) => instancesOf(picture).flatMap((instance) => instance.doors);
