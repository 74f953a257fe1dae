import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, Fleet, openShop, stop } from './fleet.mjs';

describe('at the end', () => {
  const fleet = new Fleet();
  let shop;
  before(async () => {
    shop = await openShop(fleet);
  });
  after(() => fleet.end());

  test('an answer that is under way is given, and streams do not keep a service alive', async () => {
    const web = shop.web.url;
    const stream = await fetch(`${web}/api/orders/none/events`);
    const slow = ask(`${web}/api/cart-slow?ms=300`);
    let counts;
    do counts = (await ask(`${web}/stats`)).said.counts;
    while (!counts['GET /api/cart-slow']);

    assert.equal(await stop(shop.web.child), 'SIGTERM');
    assert.deepEqual((await slow).said, { calls: 1, byInstance: { 'cart-1': 1 }, errors: {} });
    await stream.text();
  });

  test('every service ends when it is asked to', async () => {
    const { v1, v2, cart, notify, payment, ledger } = shop;
    for (const { child } of [v1, v2, cart, notify, payment]) assert.equal(await stop(child), 'SIGTERM');
    assert.equal(await stop(ledger.child), 143);
  });
});
