import { credentials, loadPackageDefinition, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask, Fleet, freePort } from './fleet.mjs';

const proto = loadSync(fileURLToPath(new URL('../proto/payment.proto', import.meta.url)));
const { Payments } = loadPackageDefinition(proto).shop.payment;

describe('payment, over gRPC', () => {
  const fleet = new Fleet();
  let payments, ledger;
  before(async () => {
    ledger = await fleet.service('ledger', { LEDGER_STORE: 'memory' });
    const { address } = await fleet.service('payment', { INSTANCE: 'payment-7', LEDGER_URL: ledger.url });
    payments = new Payments(address, credentials.createInsecure());
  });
  after(async () => {
    payments.close();
    await fleet.end();
  });

  /** One call whose answer is one message: rejects with the error, which carries status and trailers. */
  const unary = (method, request) =>
    new Promise((resolve, reject) => payments[method](request, (error, said) => (error ? reject(error) : resolve(said))));

  /** Everything that a call streams back, and how it ended. */
  async function all(call) {
    const messages = [];
    call.on('data', (message) => messages.push(message));
    const [end] = await once(call, 'status');
    return { messages, code: end.code, trailers: end.metadata.getMap() };
  }

  test('books a charge that belongs to an order', async () => {
    const receipt = await unary('Charge', { order: 'o-1', amount: 1300, note: '2 × Crème brûlée 🍮' });
    assert.equal(receipt.instance, 'payment-7');
    assert.equal(receipt.note, '2 × Crème brûlée 🍮');
    await unary('Charge', { amount: 1 }); // checks the card, books nothing
    const { said } = await ask(`${ledger.url}/book`);
    assert.deepEqual(said.entries, [{ order: 'o-1', amount: 1300, note: '2 × Crème brûlée 🍮' }]);
  });

  test('declines with a status and trailers', async () => {
    const error = await unary('Charge', { order: 'o-2', amount: 2_000_000 }).catch((error) => error);
    assert.equal(error.code, status.FAILED_PRECONDITION);
    assert.equal(error.details, 'the card was declined');
    assert.deepEqual(error.metadata.get('decline-reason'), ['limit']);
  });

  test('streams five steps in order, then trailers', async () => {
    const { messages, code, trailers } = await all(payments.Progress({ order: 'o-1' }));
    assert.deepEqual(messages.map(({ number }) => number), [1, 2, 3, 4, 5]);
    assert.deepEqual(messages.map(({ name }) => name), ['received', 'checked', 'reserved', 'captured', 'booked']);
    assert.equal(code, status.OK);
    assert.deepEqual(trailers, { instance: 'payment-7', steps: '5' });
  });

  test('answers each charge of a stream as it comes', async () => {
    const call = payments.ChargeEach();
    for (const amount of [10, 20, 30]) {
      call.write({ amount });
      const [receipt] = await once(call, 'data');
      assert.equal(receipt.amount, amount);
    }
    call.end();
    assert.equal((await all(call)).code, status.OK);
  });

  test('sums up a stream of charges', async () => {
    const total = await new Promise((resolve, reject) => {
      const call = payments.Quote((error, said) => (error ? reject(error) : resolve(said)));
      for (const amount of [10, 20, 30]) call.write({ amount });
      call.end();
    });
    assert.deepEqual(total, { charges: 3, amount: 60, instance: 'payment-7' });
  });

  test('counts its calls', async () => {
    const report = await unary('Stats', {});
    assert.equal(report.instance, 'payment-7');
    const { counts } = JSON.parse(report.json);
    assert.equal(counts.Progress.requests, 1);
    assert.equal(counts.ChargeEach.requests, 1);
  });

  test('says that the ledger could not be asked', async () => {
    const lonely = await fleet.service('payment', { LEDGER_URL: `http://127.0.0.1:${await freePort()}` });
    const client = new Payments(lonely.address, credentials.createInsecure());
    const error = await new Promise((resolve) => client.Charge({ order: 'o-3', amount: 1 }, resolve));
    client.close();
    assert.equal(error.code, status.UNAVAILABLE);
    assert.match(error.details, /the ledger could not be asked: .*ECONNREFUSED/);
  });
});
