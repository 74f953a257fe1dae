import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';
import { clientSide } from './apps/psk.mjs';
import { Sidecar, SECRET, all, enter, header, mirror } from './sidecar.mjs';

const LIMIT = { timeout: 40_000 };
const GET = path => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
const bodyOf = text => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4).replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, ''));
const say = expression => `console.log(JSON.stringify({ said: ${expression} }));`;
const ECHO = `import net from 'node:net'; net.createServer(s => s.end([s.remoteAddress, s.remotePort, s.localPort].join())).listen(4000, function () { ${say('this.address()')} });`;
const closed = socket => new Promise(done => socket.on('close', done).resume());

for (const [platform, args] of Object.entries({ Express: [], Fastify: ['fastify', '0.0.0.0'], 'Fastify on localhost': ['fastify', 'localhost'] })) {
  test(`Nest on ${platform} is moved, and shows the port and the peers that it would have without a mesh`, LIMIT, async t => {
    const sidecar = await Sidecar.start(t, { inbound: [{ port: 3000, protocol: 'http' }] });
    const app = sidecar.run('nest-http.mjs', { args });
    assert.match(await app.says('url'), /^http:\/\/(\[::1\]|127\.0\.0\.1|0\.0\.0\.0):3000$/);
    assert.equal((await app.says('address')).port, 3000);
    const actual = await sidecar.listening(3000);
    assert.equal(actual.host, '127.0.0.1');
    assert.notEqual(actual.port, 3000);
    const text = await all(enter(actual, Buffer.concat([header({ port: 3000 }), Buffer.from(GET('/ip'))])));
    assert.deepEqual(bodyOf(text), { ip: '10.9.8.7', port: 5555, local: 3000 });
  });
}

test('Nest TCP is moved and sees the real peer', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [{ port: 4000, protocol: 'nest-tcp' }] });
  sidecar.services.catalog = mirror();
  sidecar.run('nest-tcp.mjs');
  const packet = JSON.stringify({ pattern: 'sum', data: [1, 2], id: 'é' });
  const socket = enter(await sidecar.listening(4000), Buffer.concat([header(), Buffer.from(`${packet.length}#${packet}`)]));
  const [reply] = await once(socket, 'data');
  const { response } = JSON.parse(String(reply).replace(/^\d+#/, ''));
  assert.equal(response.sum, 3);
  assert.equal(response.remote, '10.9.8.7');
});

test('a gRPC server is moved, and reports the port that it asked for', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [5000] });
  sidecar.services.catalog = mirror();
  const app = sidecar.run('grpc-server.cjs');
  assert.equal(await app.says('port'), 5000);
  await sidecar.listening(5000);
  sidecar.lead('payment', 5000);
  const client = sidecar.run('grpc-client.cjs', { args: ['one'] });
  const [{ receipt }] = await client.says('receipts');
  assert.equal(receipt.id, 'one');
  assert.equal(receipt.peer, '10.9.8.7:5555');
});

test('HTTP/2 and WebSocket servers are moved', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [6001, 6002] });
  sidecar.run(`import http2 from 'node:http2'; import { WebSocketServer } from 'ws';
    http2.createServer((q, r) => r.end(q.socket.remoteAddress)).listen({ port: 6001, host: '0.0.0.0' });
    new WebSocketServer({ port: 6002 }).on('connection', (w, q) => w.send(q.socket.remoteAddress));`);
  const two = await sidecar.listening(6001);
  const session = http2.connect('http://x', { createConnection: () => enter(two, header()) });
  t.after(() => session.destroy());
  assert.equal(await all(session.request({ ':path': '/' })), '10.9.8.7');
  const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  const ws = enter(await sidecar.listening(6002), Buffer.concat([header(), Buffer.from(upgrade)]));
  let seen = '';
  for await (const chunk of ws) if ((seen += chunk).includes('10.9.8.7')) break;
  assert.match(seen, /^HTTP\/1\.1 101 /);
});

test('a TLS server is moved, and sees the real peer under its TLS; from its own process too', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [6443] });
  const app = sidecar.run('https.mjs');
  assert.equal(await app.says('own'), '127.0.0.1 6443');
  const socket = tls.connect({ socket: enter(await sidecar.listening(6443), header({ port: 6443 })), ...clientSide });
  socket.write(GET('/'));
  assert.match(await all(socket), /10\.9\.8\.7 6443/);
});

test('an HTTP/2 preface in the same segment as the header is not lost', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [6001] });
  sidecar.run(`import http2 from 'node:http2'; http2.createServer().listen(6001);`);
  const ping = Buffer.from('0000080600000000000102030405060708', 'hex');
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
  const socket = enter(await sidecar.listening(6001), Buffer.concat([header(), preface, ping]));
  let seen = Buffer.alloc(0);
  for await (const chunk of socket) if ((seen = Buffer.concat([seen, chunk])).includes(Buffer.from('0000080601000000000102030405060708', 'hex'))) break;
  assert.equal(seen[3], 4, 'its first frame is SETTINGS, and the ping was acknowledged');
});

for (const [form, listen] of Object.entries({
  'port and callback': 'listen(4000, up)',
  'port, host, backlog, callback': 'listen(4000, "0.0.0.0", 5, up)',
  'port as text': 'listen("4000", up)',
  'port and backlog': 'listen(4000, 5, up)',
  'an object': 'listen({ port: 4000, host: "::", backlog: 3 }, up)',
  'no callback': 'on("listening", up).listen(4000)',
})) {
  test(`listen() is understood with ${form}`, LIMIT, async t => {
    const sidecar = await Sidecar.start(t, { inbound: [4000] });
    const app = sidecar.run(`import net from 'node:net'; const s = net.createServer(c => c.end('in')); const up = () => { ${say('s.address().port')} }; s.${listen};`);
    assert.equal(await app.says('said'), 4000);
    assert.equal(await all(enter(await sidecar.listening(4000), header())), 'in');
  });
}

test('undeclared ports, port 0, pipes and the inspector are untouched', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  const app = sidecar.run(`import net from 'node:net'; import inspector from 'node:inspector'; inspector.open(0, '127.0.0.1');
    const a = net.createServer(s => s.end('plain')).listen(0, '127.0.0.1', () => { net.createServer().listen(process.env.PIPE, function () {
      ${say('[a.address().port, this.address(), new URL(inspector.url()).hostname]')} }) });`, { env: { PIPE: join(sidecar.dir, 'p') } });
  const [port, pipe, host] = await app.says('said');
  assert.equal(pipe, join(sidecar.dir, 'p'));
  assert.equal(host, '127.0.0.1');
  assert.equal(await all(net.connect(port, '127.0.0.1')), 'plain');
  assert.deepEqual(sidecar.listens, []);
});

test('the header may come byte by byte, and the application loses no byte after it', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  sidecar.run(`import net from 'node:net'; net.createServer({ allowHalfOpen: true }, s => { let t = ''; s.on('data', d => t += d).on('end', () => s.end(s.remoteAddress + ' ' + t)); }).listen(4000);`);
  const socket = net.connect(await sidecar.listening(4000)).setNoDelay();
  for (const byte of header({ source: 'fd00:0:0:0:0:0:0:9', destination: '0:0:0:0:0:0:0:1' })) await new Promise(sent => socket.write(Buffer.from([byte]), sent));
  socket.end('payload');
  assert.equal(await all(socket), 'fd00::9 payload');
});

test('who asks hears that the application has the connection, before anything that it says', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  sidecar.run(ECHO);
  const actual = await sidecar.listening(4000);
  assert.equal(await all(enter(actual, header({ asks: true }))), '\u000610.9.8.7,5555,4000');
  assert.equal(await all(enter(actual, header())), '10.9.8.7,5555,4000');
});

for (const [what, bytes, why] of [
  ['no header', Buffer.from(GET('/')), /does not begin with a PROXY v2 header/],
  ['no secret', header({ secret: '' }), /lacks the secret/],
  ['a wrong secret', header({ secret: SECRET.replace(/5$/, '6') }), /lacks the secret/],
  ['a short secret', header({ secret: 'a5' }), /lacks the secret/],
  ['the command LOCAL', header({ command: 0x20 }), /command PROXY/],
  ['a header of more than 512 bytes', header({ padding: 480 }), /claims \d+ bytes/],
]) {
  test(`a connection with ${what} is destroyed, and a good one passes after it`, LIMIT, async t => {
    const sidecar = await Sidecar.start(t, { inbound: [4000] });
    const app = sidecar.run(ECHO);
    const actual = await sidecar.listening(4000);
    assert.equal(await all(enter(actual, bytes)).catch(error => error.code === 'ECONNRESET' && ''), '');
    await app.complains(why);
    assert.match(app.errors, /TUL2105/);
    assert.equal(await all(enter(actual, header())), '10.9.8.7,5555,4000');
  });
}

test('a header that is not whole after five seconds, or never will be, ends its connection', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  const app = sidecar.run(ECHO);
  const actual = await sidecar.listening(4000);
  enter(actual, header().subarray(0, 20)).end();
  await app.complains(/closed before/);
  await closed(enter(actual, header().subarray(0, 20)));
  await app.complains(/longer than 5 s/);
  assert.equal(await all(enter(actual, header())), '10.9.8.7,5555,4000');
});

test('a process that was busy or stopped for longer than that finds the headers that came meanwhile', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  const app = sidecar.run(`import net from 'node:net'; import fs from 'node:fs'; let busy = false;
    net.createServer(s => {
      if (!busy) { busy = true; fs.writeSync(1, JSON.stringify({ busy }) + '\\n'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_500); }
      s.end('served');
    }).listen(4000);`);
  const actual = await sidecar.listening(4000);
  const early = enter(actual, Buffer.alloc(0)); // accepted first, since it is first in the kernel's queue
  await once(early, 'connect');
  const first = enter(actual, header());
  await app.says('busy');
  early.write(header());
  assert.equal(await all(first), 'served');
  assert.equal(await all(early), 'served');
  assert.doesNotMatch(app.errors, /TUL2105/);
});

test('a connection that closes before it has said anything is nobody and nothing is said of it', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  const app = sidecar.run(ECHO);
  const actual = await sidecar.listening(4000);
  const nobody = enter(actual, Buffer.alloc(0));
  await once(nobody, 'connect');
  nobody.resetAndDestroy();
  await closed(enter(actual, Buffer.alloc(0)).end());
  assert.equal(await all(enter(actual, header())), '10.9.8.7,5555,4000');
  assert.doesNotMatch(app.errors, /TUL2105/);
});

test('the workers of a cluster share one moved socket for each port', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000, 4001] });
  sidecar.run('cluster.mjs');
  const first = await sidecar.listening(4000, 2);
  const second = await sidecar.listening(4001, 2);
  assert.equal(new Set(sidecar.listens.map(({ actual }) => `${actual.host}:${actual.port}`)).size, 2);
  assert.equal(await all(enter(first, header())), '4000 10.9.8.7');
  assert.equal(await all(enter(second, header())), '4001 10.9.8.7');
});

test('a worker thread is in the mesh too', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  sidecar.run('worker.mjs');
  assert.equal(await all(enter(await sidecar.listening(4000), header())), '10.9.8.7');
  assert.equal(sidecar.hellos[0].thread, 1);
});

const LAUNCHERS = {
  npm: ['npm', 'start', '--silent'],
  'node --watch': [process.execPath, '--watch', 'app.mjs'],
  'node --watch under npm': ['npm', 'run', 'dev', '--silent'],
};
for (const [what, command] of Object.entries(LAUNCHERS)) {
  test(`an application that ${what} starts is in the mesh, and nothing above it is`, LIMIT, async t => {
    const sidecar = await Sidecar.start(t, { inbound: [4000] });
    writeFileSync(join(sidecar.dir, 'package.json'), JSON.stringify({ scripts: { start: 'node app.mjs', dev: 'node --watch app.mjs' } }));
    writeFileSync(join(sidecar.dir, 'app.mjs'), ECHO);
    sidecar.run('', { command: ['/bin/sh', '-c', 'cd "$0" && exec "$@"', sidecar.dir, ...command] });
    assert.equal(await all(enter(await sidecar.listening(4000), header())), '10.9.8.7,5555,4000');
    assert.equal(sidecar.listens.length, 1);
  });
}

test('its own declared port on loopback leads to the application itself, from the same process', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  const app = sidecar.run(`import net from 'node:net'; const s = net.createServer(c => c.end(c.remoteAddress + ' ' + (c.remotePort > 0))).listen(4000, () => {
    const c = net.connect(4000, 'localhost'); c.on('data', d => { ${say('[String(d), c.remotePort]')} }); });`);
  assert.deepEqual(await app.says('said'), ['127.0.0.1 true', 4000]);
  assert.deepEqual(sidecar.arrivals, []);
});

test('its own declared port from another process goes to the sidecar without a name', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  sidecar.run(ECHO);
  sidecar.lead('', 4000);
  const check = sidecar.run(`import net from 'node:net'; net.connect(4000).on('data', d => { ${say('String(d)')} });`);
  assert.equal(await check.says('said'), '10.9.8.7,5555,4000');
  assert.equal(sidecar.arrivals[0].authority, undefined);
  assert.equal(sidecar.arrivals[0].destination, '127.0.0.1');
});

test('close() is told at once, and the same server may listen again', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  const app = sidecar.run(`import net from 'node:net'; import readline from 'node:readline';
    const s = net.createServer(c => c.write('held')).listen(4000);
    let held; s.on('connection', c => held = c);
    for await (const line of readline.createInterface({ input: process.stdin })) {
      if (line === 'close') s.close(() => s.listen(4000)); else held.destroy(); }`);
  const held = enter(await sidecar.listening(4000), header());
  await once(held, 'data');
  app.tell('close');
  await sidecar.told(() => sidecar.listens.length === 0);
  app.tell('let go');
  await sidecar.listening(4000);
  const again = enter(await sidecar.listening(4000), header());
  assert.equal(String((await once(again, 'data'))[0]), 'held');
});

test('after the sidecar came back the hook repeats what is open', LIMIT, async t => {
  const sidecar = await Sidecar.start(t, { inbound: [4000] });
  sidecar.run(ECHO);
  const before = await sidecar.listening(4000);
  await sidecar.dropControl();
  await sidecar.told(() => sidecar.listens.length === 0);
  await sidecar.openControl();
  assert.deepEqual(await sidecar.listening(4000), before);
});
