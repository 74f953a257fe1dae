import assert from 'node:assert/strict';
import test from 'node:test';
import { links, mood, namer, only, totals } from '../main/shape.js';
import { other, service, shop } from './picture.js';

test('the totals count mutual TLS where it can be expected: between services', () => {
  const all = totals(shop());
  assert.deepEqual([all.services, all.instances, all.inSync], [5, 6, 5]);
  assert.deepEqual([all.mutual, all.open, all.edges], [5, 1, 6]);
  assert.deepEqual([all.requests, all.failed, all.denied], [61, 1, 2]);
});

test('the map has one line a pair, with the worst that is true of it', () => {
  const line = links(shop()).find(({ from, to }) => from === 'shop/web' && to === 'shop/cart');
  assert.deepEqual(line.protocols, ['nest-tcp', 'http']);
  assert.equal(line.isMutual, false);
  assert.equal(mood(line), 'denied');
  assert.equal(links(shop()).length, 7);
});

test('a chosen party leaves itself and its neighbours', () => {
  const { picture, chosen } = only(shop(), 'shop/ledger');
  assert.equal(chosen.name, 'ledger');
  assert.deepEqual(picture.parties.map(({ id }) => id), ['external/redis.shop.tulle', 'shop/ledger', 'shop/payment', 'shop/web']);
  assert.equal(picture.edges.length, 3);
});

test('a party that is not there chooses nothing', () => {
  const { picture, chosen } = only(shop(), 'shop/<b>');
  assert.equal(chosen, undefined);
  assert.equal(picture.edges.length, 8);
});

test('names are short where that is clear', () => {
  const one = namer(shop());
  assert.equal(one('shop/cart'), 'cart');
  assert.equal(one('external/redis.shop.tulle'), 'redis');
  const two = shop();
  two.parties.push({ ...service('cart'), id: 'bank/cart', namespace: 'bank' }, other('external', 'api.example.com'));
  assert.equal(namer(two)('bank/cart'), 'bank/cart');
  assert.equal(namer(two)('external/api.example.com'), 'api.example.com');
});
