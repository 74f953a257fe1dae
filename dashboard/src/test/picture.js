// A small shop, as the control plane would tell it.

const quiet = { requests: 0, failed: 0, denied: 0, opened: 0 };
const rates = (tenSeconds) => ({ tenSeconds: { ...quiet, ...tenSeconds }, minute: { ...quiet, ...tenSeconds } });

export const edge = (from, to, more = {}) => {
  const { protocol = 'http', security = 'mutual', open = 0, ...rate } = more;
  return { from, to, protocol, security, rates: rates(rate), total: 1, open };
};

export const service = (name, ...instances) => ({
  id: `shop/${name}`,
  kind: 'service',
  namespace: 'shop',
  name,
  ports: [],
  received: rates({}),
  instances: instances.map((proxy, i) => ({ id: `${name}-${i + 1}`, state: 'live', proxy, labels: {}, doors: [] })),
});

export const other = (kind, name) => ({
  id: kind === 'external' ? `external/${name}` : name,
  kind,
  namespace: '',
  name,
  ports: [],
  received: rates({}),
  instances: [],
});

export const shop = () => ({
  mesh: 'demo',
  version: '1',
  revision: 3,
  omittedEdges: 0,
  problems: [],
  parties: [
    other('external', 'redis.shop.tulle'),
    other('outside', 'outside'),
    service('cart', 'in sync', 'behind'),
    service('catalog', 'in sync'),
    service('ledger', 'in sync'),
    service('payment', 'in sync'),
    service('web', 'in sync'),
  ],
  edges: [
    edge('outside', 'shop/web', { security: 'plaintext', requests: 10, failed: 1 }),
    edge('shop/ledger', 'external/redis.shop.tulle', { protocol: 'tcp', security: 'plaintext', open: 1 }),
    edge('shop/payment', 'shop/ledger', { requests: 5 }),
    edge('shop/web', 'shop/cart', { protocol: 'nest-tcp', requests: 20, denied: 2 }),
    edge('shop/web', 'shop/cart', { protocol: 'http', security: 'plaintext' }),
    edge('shop/web', 'shop/catalog', { requests: 20 }),
    edge('shop/web', 'shop/ledger', { requests: 1 }),
    edge('shop/web', 'shop/payment', { protocol: 'grpc', requests: 5 }),
  ],
});
