import assert from 'node:assert/strict';
import test from 'node:test';
import { lasting, millis, security, share, short } from '../main/words.js';

test('numbers keep the digits that matter', () => {
  const wanted = { 0: '0', 0.001: '<0.01', 0.254: '0.25', 0.5: '0.5', 1: '1', 3.44: '3.4', 9.96: '10', 17.4: '17', 999.6: '1k', 1234: '1.2k', 45_600: '46k', 2_500_000: '2.5M' };
  for (const [number, text] of Object.entries(wanted)) assert.equal(short(Number(number)), text);
});

test('a share is never rounded to none or all', () => {
  assert.equal(share(0, 10), '0 %');
  assert.equal(share(1, 1000), '<1 %');
  assert.equal(share(999, 1000), '>99 %');
  assert.equal(share(10, 10), '100 %');
  assert.equal(share(1, 3), '33 %');
  assert.equal(share(1, 0), '0 %');
});

test('durations are short', () => {
  assert.deepEqual([undefined, 0.3, 3.21, 42, 1234].map(millis), ['–', '<1 ms', '3.2 ms', '42 ms', '1.2 s']);
  assert.deepEqual([-5, 8000, 125_000, 7_200_000, 200_000_000].map(lasting), ['0 s', '8 s', '2 min', '2 h', '2 d']);
});

test('plaintext is told apart by where it goes', () => {
  assert.equal(security({ from: 'outside', to: 'shop/web', security: 'plaintext' }), 'from outside');
  assert.equal(security({ from: 'shop/web', to: 'external/redis', security: 'plaintext' }), 'leaves the mesh');
  assert.equal(security({ from: 'shop/web', to: 'shop/cart', security: 'plaintext' }), 'plaintext');
  assert.equal(security({ from: 'shop/web', to: 'shop/cart', security: 'mutual' }), 'mutual TLS');
});
