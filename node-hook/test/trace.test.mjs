import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { Sidecar, all, enter, header, mirror } from './sidecar.mjs';

const LIMIT = { timeout: 40_000 };
const traceOf = n => `00-${String(n).repeat(32)}-00f067aa0ba902b7-01`;
const TRACED = { traceparent: traceOf(1), tracestate: 'a=b', b3: '0', 'x-b3-traceid': 'f', 'x-request-id': 'r-1' };

async function gateway(t, env) {
  const sidecar = await Sidecar.start(t, { inbound: [3001, { port: 4000, protocol: 'nest-tcp' }, 5000] });
  sidecar.services.catalog = mirror();
  sidecar.run('gateway.mjs', { env });
  const actual = await sidecar.listening(3001);
  const ask = (client, headers, { together = 1, body } = {}) => new Promise((done, failed) => {
    const createConnection = () => enter(actual, header({ port: 3001 }));
    const path = `/${encodeURIComponent(client)}?together=${together}`;
    http.request({ createConnection, path, headers, method: body ? 'POST' : 'GET' }, async response => done(JSON.parse(await all(response)))).on('error', failed).end(body);
  });
  return { sidecar, ask };
}

const traceHeaders = headers => Object.fromEntries(Object.keys(TRACED).filter(name => name in headers).map(name => [name, headers[name]]));

/** Three at once on a cold connection, then one more without a trace. */
async function threeAtOnce(ask, client, tracesOf) {
  const answers = await Promise.all([1, 2, 3].map(n => ask(client, { traceparent: traceOf(n) }, { together: 3 })));
  answers.forEach((answer, i) => assert.deepEqual(tracesOf(answer), tracesOf(answer).map(() => traceOf(i + 1)), JSON.stringify(answer)));
  const none = tracesOf(await ask(client, {}));
  assert.deepEqual(none, none.map(() => undefined));
}

for (const client of ['fetch', 'axios', 'http', 'http with headers as a list', 'http over one connection', 'undici']) {
  test(`${client} carries the context of the request that it is made for`, LIMIT, async t => {
    const { ask } = await gateway(t);
    const seen = await ask(client, TRACED);
    assert.deepEqual(traceHeaders(seen), TRACED);
    await threeAtOnce(ask, client, answer => [answer.traceparent]);
  });
}

test('the context outlives the body of a request', LIMIT, async t => {
  const { ask } = await gateway(t);
  const seen = await ask('body', TRACED, { body: 'text' });
  assert.equal(seen.text, 'text');
  assert.deepEqual(traceHeaders(seen), TRACED);
});

test('an application that sets its own trace and request id keeps them', LIMIT, async t => {
  const { ask } = await gateway(t);
  assert.deepEqual(traceHeaders(await ask('own trace', TRACED)), { traceparent: 'mine', 'x-request-id': 'mine' });
});

test('nothing is added to a call that leaves the mesh', LIMIT, async t => {
  const server = http.createServer((request, response) => response.end(JSON.stringify(request.headers))).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { ask } = await gateway(t, { ELSEWHERE: `http://localhost:${server.address().port}/` });
  assert.deepEqual(traceHeaders(await ask('elsewhere', TRACED)), {});
});

/** A Nest server of few words: it answers each packet with its metadata, as soon as `together` packets are here, all in one segment. */
function cartThatWaits(packets) {
  return socket => {
    let text = '';
    let waiting = [];
    socket.setEncoding('utf8');
    socket.on('data', chunk => {
      text += chunk;
      for (let frame; (frame = /^(\d+)#/.exec(text)) && text.length >= frame[0].length + Number(frame[1]); text = text.slice(frame[0].length + Number(frame[1]))) {
        const packet = JSON.parse(text.slice(frame[0].length, frame[0].length + Number(frame[1])));
        packets.push(packet);
        waiting.push(JSON.stringify({ response: packet.metadata ?? {}, isDisposed: true, id: packet.id }));
      }
      if (waiting.length < (packets.length > 3 ? 1 : 3)) return;
      socket.write(waiting.reverse().map(json => `${json.length}#${json}`).join(''));
      waiting = [];
    });
    socket.resume();
  };
}

test('Nest TCP frames carry the context of their caller, and each reply comes back into it', LIMIT, async t => {
  const { sidecar, ask } = await gateway(t);
  const packets = [];
  sidecar.services.cart = cartThatWaits(packets);
  await threeAtOnce(ask, 'nest', ({ sent, after }) => [sent.traceparent, after.traceparent]);
  assert.equal(packets[0].data, 'é');
  assert.equal(packets[0].pattern, 'sum');
  const { sent } = await ask('nest, own metadata', TRACED);
  assert.deepEqual(sent, TRACED);
  assert.equal(packets.at(-1).data, '"metadata"');
});

test('grpc-js calls carry the context of their caller through a cold channel, and the server hands it on', LIMIT, async t => {
  const { sidecar, ask } = await gateway(t);
  sidecar.run('grpc-server.cjs');
  sidecar.lead('payment', 5000);
  await sidecar.listening(5000);
  await threeAtOnce(ask, 'grpc', ({ receipt, after }) => [receipt.trace || undefined, after.traceparent]);
});

test('two Nest TCP frames in one segment are served each in its own context', LIMIT, async t => {
  const { sidecar } = await gateway(t);
  sidecar.run('nest-tcp.mjs');
  const frame = (id, metadata) => {
    const json = JSON.stringify({ pattern: 'sum', data: [Number(id)], metadata, id });
    return `${json.length}#${json}`;
  };
  const frames = frame('1', { traceparent: traceOf(1) }) + frame('2', { traceparent: traceOf(2) }) + frame('3');
  const socket = enter(await sidecar.listening(4000), Buffer.concat([header(), Buffer.from(frames)]));
  const traces = {};
  let text = '';
  for await (const chunk of socket) {
    text += chunk;
    for (const [, json] of text.matchAll(/\d+#(\{.*?\})(?=\d+#|$)/g)) {
      const { response, id } = JSON.parse(json);
      traces[id] = response.out.traceparent;
    }
    if (Object.keys(traces).length === 3) break;
  }
  assert.deepEqual(traces, { 1: traceOf(1), 2: traceOf(2), 3: undefined });
});
