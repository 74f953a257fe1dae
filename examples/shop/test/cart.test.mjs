import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { firstValueFrom, toArray } from 'rxjs';
import { Fleet } from './fleet.mjs';

describe('the cart, over Nest TCP', () => {
  const fleet = new Fleet();
  let cart;
  before(async () => {
    const { port } = await fleet.service('cart', { INSTANCE: 'cart-7' });
    cart = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
  });
  after(async () => {
    cart.close();
    await fleet.end();
  });
  const send = (pattern, data = {}) => firstValueFrom(cart.send(pattern, data));
  const soup = { product: 'soup', name: 'Żurek 🍲', price: 500, quantity: 2 };

  test('adds lines and sums them', async () => {
    const { lines } = await send({ cmd: 'add' }, { line: soup });
    const cart = await send({ cmd: 'add' }, { lines, line: { ...soup, quantity: 1 } });
    assert.deepEqual(cart, { lines: [{ ...soup, quantity: 3 }], total: 1500, instance: 'cart-7' });
    assert.deepEqual(await send({ cmd: 'get' }, { lines }), { lines: [soup], total: 1000, instance: 'cart-7' });
    assert.deepEqual((await send({ cmd: 'admin.clear' })).lines, []);
  });

  test('answers a request without waiting for a slower one', async () => {
    const answers = [];
    const slow = send({ cmd: 'slow' }, { ms: 300 }).then(() => answers.push('slow'));
    await send('ping').then(() => answers.push('ping'));
    await slow;
    assert.deepEqual(answers, ['ping', 'slow']);
  });

  test('sends several replies to one request, in order', async () => {
    const replies = await firstValueFrom(cart.send({ cmd: 'watch' }, { lines: [soup], count: 4, ms: 1 }).pipe(toArray()));
    assert.deepEqual(replies.map(({ tick, total }) => [tick, total]), [0, 1, 2, 3].map((tick) => [tick, 1000]));
  });

  test('refuses with words', async () => {
    await assert.rejects(send({ cmd: 'add' }, { line: { ...soup, quantity: 0 } }), { message: 'a quantity of one or more' });
    await assert.rejects(send({ cmd: 'unknown' }), (error) => /no matching message handler/.test(error));
  });

  test('counts requests and events', async () => {
    await firstValueFrom(cart.emit('cart.viewed', { cart: 'ann' }), { defaultValue: undefined });
    await send('ping'); // behind the event on the same connection
    const { views, counts, service } = await send({ cmd: 'stats' });
    assert.equal(service, 'cart');
    assert.equal(views, 1);
    assert.equal(counts['cart.viewed'].requests, 1);
    assert.equal(counts.watch.requests, 1);
  });
});
