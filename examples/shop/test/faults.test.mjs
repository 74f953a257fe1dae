import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Coin } from '../dist/catalog/coin.js';
import { ask, Fleet } from './fleet.mjs';

const tosses = (coin, n) => Array.from({ length: n }, () => coin.next());

describe('the coin', () => {
  test('falls the same way for the same seed, and another way for another', () => {
    assert.deepEqual(tosses(new Coin(0.3, 7), 100), tosses(new Coin(0.3, 7), 100));
    assert.notDeepEqual(tosses(new Coin(0.3, 7), 100), tosses(new Coin(0.3, 8), 100));
  });

  test('is as likely as it says', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const failed = tosses(new Coin(0.3, seed), 2000).filter(Boolean).length;
      assert.ok(failed > 500 && failed < 700, `seed ${seed}: ${failed} of 2000`);
    }
    assert.ok(tosses(new Coin(0, 1), 1000).every((failed) => !failed));
    assert.ok(tosses(new Coin(1, 1), 1000).every((failed) => failed));
  });
});

describe('the catalog as it misbehaves', () => {
  const fleet = new Fleet();
  let catalog;
  before(async () => {
    catalog = (await fleet.service('catalog', { FAIL_RATE: '0.3', FAIL_SEED: '7' })).url;
  });
  after(() => fleet.end());

  const flaky = async (method, id) => {
    const { status } = await ask(`${catalog}/flaky`, { method, headers: { 'x-request-id': id } });
    return status === 503;
  };
  const mode = (body) => ask(`${catalog}/mode`, { method: 'POST', body });

  test('fails as the coin of its environment falls', async () => {
    const failed = [];
    for (let i = 0; i < 40; i++) failed.push(await flaky('GET', `g-${i}`));
    assert.deepEqual(failed, tosses(new Coin(0.3, 7), 40));
  });

  test('takes a new mode at run time, and counts first attempts apart', async () => {
    assert.equal((await mode({ failRate: 1, failSeed: 3 })).status, 200);
    assert.ok(await flaky('POST', 'p-1'));
    assert.ok(await flaky('POST', 'p-1'));
    assert.ok(await flaky('GET', 'g-1'));
    const { said } = await ask(`${catalog}/flaky/stats`);
    assert.equal(said.failRate, 1);
    assert.deepEqual(said.POST, {
      requests: 2,
      failed: 2,
      firstAttempts: 1,
      firstAttemptsFailed: 1,
      requestIds: ['p-1', 'p-1'],
    });
    assert.deepEqual(said.GET.requestIds, ['g-1']);
    assert.equal((await mode({ failRate: 2 })).status, 400);
  });

  test('answers any status, and late', async () => {
    assert.equal((await ask(`${catalog}/status/418`)).status, 418);
    assert.equal((await ask(`${catalog}/status/99`)).status, 400);
    const begun = performance.now();
    assert.deepEqual((await ask(`${catalog}/slow?ms=50`)).status, 200);
    assert.ok(performance.now() - begun >= 45);
  });

  test('holds requests until they are released', async () => {
    const held = [ask(`${catalog}/hold`), ask(`${catalog}/hold`)];
    let waiting;
    do waiting = (await ask(`${catalog}/held`)).said.held;
    while (waiting < 2);
    assert.equal((await ask(`${catalog}/release`, { method: 'POST', body: {} })).said.released, 2);
    assert.deepEqual((await Promise.all(held)).map(({ status }) => status), [200, 200]);
  });
});
