import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ask, Fleet, freePort, installed, openShop, stop } from './fleet.mjs';

const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) });

describe('the ledger', () => {
  const fleet = new Fleet();
  after(() => fleet.end());

  test('keeps a book in memory only when told to', async () => {
    const { url } = await fleet.service('ledger', { LEDGER_STORE: 'memory' });
    const note = 'a "quoted"\n\\ note & Crème 🍮';
    assert.equal((await fetch(`${url}/entries`, form({ order: 'o-1', amount: '5', note }))).status, 201);
    assert.deepEqual((await ask(`${url}/book`)).said, { store: 'memory', entries: [{ order: 'o-1', amount: 5, note }] });
    assert.deepEqual((await ask(`${url}/store`)).said, { store: 'memory' });
    assert.equal((await ask(`${url}/health`)).said.status, 'ok');
  });

  test('refuses what is no entry', async () => {
    const { url } = await fleet.service('ledger', { LEDGER_STORE: 'memory' });
    for (const fields of [{}, { order: 'o-1' }, { order: 'o-1', amount: '-5' }, { amount: '5' }]) {
      assert.equal((await fetch(`${url}/entries`, form(fields))).status, 400, JSON.stringify(fields));
    }
    const long = form({ order: 'o-1', amount: '5', note: 'x'.repeat(70_000) });
    assert.equal((await fetch(`${url}/entries`, long)).status, 400);
    assert.equal((await fetch(`${url}/other`)).status, 404);
    assert.deepEqual((await ask(`${url}/book`)).said.entries, []);
  });

  test('does not start without its Redis, and says why', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const start = fleet.service('ledger', { LEDGER_STORE: 'redis', REDIS_URL: `redis://:secret@${address}` });
    await assert.rejects(start, (error) => {
      assert.match(error.message, /ended with 1/);
      assert.match(error.message, /no Redis at REDIS_URL .*Connection refused/);
      assert.match(error.message, /LEDGER_STORE=memory/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
});

describe('the ledger with a Redis', { skip: !installed('redis-server') && 'redis-server is not installed' }, () => {
  const fleet = new Fleet();
  after(() => fleet.end());

  const startRedis = async (port) =>
    fleet.start(
      ['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--requirepass', 'pa:ss'],
      {},
      'Ready to accept connections',
    );

  test('keeps the book of the whole shop there, longer than itself', async () => {
    const port = await freePort();
    const redis = await startRedis(port);
    const env = { LEDGER_STORE: 'redis', REDIS_URL: `redis://:pa%3Ass@127.0.0.1:${port}/2` };
    const { web, ledger } = await openShop(fleet, { ledger: env });

    await ask(`${web.url}/api/carts/eve/items`, { method: 'POST', body: { product: 'smorgas', quantity: 2 } });
    const { said: order } = await ask(`${web.url}/api/orders`, { method: 'POST', body: { cart: 'eve' } });
    const entries = [{ order: order.order, amount: 1780, note: '2 × Smörgås med räkor' }];
    assert.deepEqual((await ask(`${web.url}/api/book`)).said, { store: 'redis', entries });

    await stop(ledger.child);
    const again = await fleet.service('ledger', env);
    assert.deepEqual((await ask(`${again.url}/book`)).said, { store: 'redis', entries });

    await stop(redis);
    const { status, said } = await ask(`${again.url}/book`);
    assert.equal(status, 503);
    assert.match(said.error, /the store redis failed/);

    await startRedis(port);
    assert.deepEqual((await ask(`${again.url}/book`)).said, { store: 'redis', entries: [] });
  });

  test('says that the password is wrong', async () => {
    const port = await freePort();
    await startRedis(port);
    const start = fleet.service('ledger', { LEDGER_STORE: 'redis', REDIS_URL: `redis://:wrong@127.0.0.1:${port}` });
    await assert.rejects(start, /WRONGPASS/);
  });
});
