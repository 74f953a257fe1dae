import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { ask, eventsUntil, Fleet, openShop } from './fleet.mjs';

describe('the shop', () => {
  const fleet = new Fleet();
  let shop, web;
  before(async () => {
    shop = await openShop(fleet);
    web = shop.web.url;
  });
  after(() => fleet.end());

  const fill = (cart, product, quantity) =>
    ask(`${web}/api/carts/${cart}/items`, { method: 'POST', body: { product, quantity } });
  const order = (cart) => ask(`${web}/api/orders`, { method: 'POST', body: { cart } });

  test('shows its page', async () => {
    const { status, said } = await ask(`${web}/`);
    assert.equal(status, 200);
    assert.match(said, /Café Tulle/);
  });

  test('has two catalogs that can be told apart', async () => {
    const v1 = await ask(`${web}/api/products`);
    assert.equal(v1.headers.get('x-catalog-version'), 'v1');
    assert.equal(v1.said.version, 'v1');
    assert.equal(v1.said.products[0].rating, undefined);

    const v2 = await ask(`${shop.v2.url}/products/brulee`);
    assert.equal(v2.headers.get('x-catalog-version'), 'v2');
    const brulee = { id: 'brulee', name: 'Crème brûlée', picture: '🍮', price: 650, rating: 4.9 };
    assert.deepEqual(v2.said, { version: 'v2', ...brulee });
  });

  test('passes on what the catalog says of an unknown product', async () => {
    assert.equal((await ask(`${web}/api/products/none`)).status, 404);
    assert.equal((await fill('stranger', 'none', 1)).status, 404);
  });

  test('keeps a cart for each visitor', async () => {
    await fill('ann', 'cafe', 1);
    await fill('ann', 'pierogi', 2);
    const { said } = await fill('ann', 'cafe', 2);
    assert.equal(said.total, 3 * 320 + 2 * 740);
    assert.deepEqual(said.lines.map(({ product, quantity }) => [product, quantity]), [['cafe', 3], ['pierogi', 2]]);
    assert.equal(said.instance, 'cart-1');
    assert.deepEqual((await ask(`${web}/api/carts/bob`)).said.lines, []);

    const cleared = await ask(`${web}/api/carts/ann`, { method: 'DELETE' });
    assert.deepEqual(cleared.said.lines, []);
    assert.deepEqual((await ask(`${web}/api/carts/ann`)).said.lines, []);
  });

  test('says in the words of the cart why it refuses', async () => {
    const { status, said } = await fill('glutton', 'jalapeno', 21);
    assert.equal(status, 502);
    assert.equal(said.message, 'at most 20 × Jalapeño poppers');
  });

  test('takes an order through cart, payment and ledger, and tells of it', async () => {
    await fill('carl', 'brulee', 2);
    await fill('carl', 'matcha', 1);
    const { status, said } = await order('carl');
    assert.equal(status, 201);
    assert.equal(said.total, 2 * 650 + 450);
    assert.deepEqual(said.served, { cart: 'cart-1', payment: 'payment-1' });

    const { type, events } = await eventsUntil(`${web}/api/orders/${said.order}/events`, ({ status }) => status === 'ready');
    assert.equal(type, 'text/event-stream');
    assert.deepEqual(events.map(({ status }) => status), ['placed', 'paid', 'ready']);
    assert.equal(events[0].text, '2 × Crème brûlée, 1 × 抹茶ラテ');

    const { said: book } = await ask(`${web}/api/book`);
    assert.equal(book.store, 'memory');
    const entry = book.entries.find((entry) => entry.order === said.order);
    assert.deepEqual(entry, { order: said.order, amount: 1750, note: '2 × Crème brûlée, 1 × 抹茶ラテ' });
    assert.deepEqual((await ask(`${web}/api/carts/carl`)).said.lines, []);
  });

  test('tells those who watch over a WebSocket, while it happens', async () => {
    const watcher = new WebSocket(`ws://${shop.notify.address}`);
    await once(watcher, 'open');
    watcher.send(JSON.stringify({ event: 'watch', data: { order: 'by-hand' } }));
    watcher.send(JSON.stringify({ event: 'publish', data: { order: 'another', status: 'placed', text: '' } }));
    watcher.send(JSON.stringify({ event: 'publish', data: { order: 'by-hand', status: 'placed', text: 'naïve 🙂' } }));
    const [frame] = await once(watcher, 'message');
    assert.deepEqual(JSON.parse(frame), {
      event: 'update',
      data: { order: 'by-hand', status: 'placed', text: 'naïve 🙂' },
    });
    watcher.close();
    await once(watcher, 'close');
  });

  test('refuses an order of nothing', async () => {
    assert.equal((await order('nobody')).status, 400);
  });

  test('makes its probes over one connection and names who answered', async () => {
    const hundred = (instance) => ({ calls: 100, byInstance: { [instance]: 100 }, errors: {} });
    assert.deepEqual((await ask(`${web}/api/ping-cart?n=100`)).said, hundred('cart-1'));
    assert.deepEqual((await ask(`${web}/api/cart-slow?ms=5&n=100`)).said, hundred('cart-1'));
    assert.deepEqual((await ask(`${web}/api/charge?n=100`)).said, hundred('payment-1'));
    assert.deepEqual((await ask(`${web}/api/cart-watch?count=3`)).said.map(({ tick }) => tick), [0, 1, 2]);
    const { steps, trailers } = (await ask(`${web}/api/progress`)).said;
    assert.deepEqual(steps.map(({ number }) => number), [1, 2, 3, 4, 5]);
    assert.deepEqual(trailers, { instance: 'payment-1', steps: '5' });
  });

  test('counts what arrived, and a repeated request id as one first attempt', async () => {
    const headers = { 'x-request-id': 'the-same' };
    for (let i = 0; i < 3; i++) await ask(`${shop.v2.url}/products?page=${i}`, { headers });
    const { said } = await ask(`${shop.v2.url}/stats`);
    assert.equal(said.service, 'catalog');
    assert.equal(said.version, 'v2');
    assert.deepEqual(said.counts['GET /products'], { requests: 3, firstAttempts: 1 });

    await ask(`${shop.ledger.url}/store`, { headers });
    await ask(`${shop.ledger.url}/store`, { headers });
    const ledger = (await ask(`${shop.ledger.url}/stats`)).said;
    assert.deepEqual(ledger.counts['GET /store'], { requests: 2, firstAttempts: 1 });
  });
});
