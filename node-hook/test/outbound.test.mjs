import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { Sidecar, TABLE, httpService } from './sidecar.mjs';

const LIMIT = { timeout: 30_000 };
const say = expression => `console.log(JSON.stringify({ said: ${expression} }));`;

async function ask(t, script, { services = { catalog: httpService() }, ...options } = {}) {
  const sidecar = await Sidecar.start(t, options);
  Object.assign(sidecar.services, services);
  const app = sidecar.run(script);
  return { said: await app.says('said'), sidecar, app };
}

for (const [client, script] of Object.entries({
  'http.get': `import http from 'node:http'; http.get('http://catalog:3000/x', async r => { let s=''; for await (const c of r) s+=c; ${say('s')} });`,
  'a named import': `import { get } from 'node:http'; get('http://catalog:3000/x', async r => { let s=''; for await (const c of r) s+=c; ${say('s')} });`,
  fetch: `const s = await (await fetch('http://catalog:3000/x')).text(); ${say('s')}`,
  'undici of its own': `import { request } from 'undici'; const { body } = await request('http://catalog:3000/x'); const s = await body.text(); ${say('s')}`,
  axios: `import axios from 'axios'; const { data } = await axios.get('http://catalog:3000/x'); ${say('data')}`,
})) {
  test(`${client} reaches a service by its name`, LIMIT, async t => {
    const { said, sidecar } = await ask(t, `${script}`);
    assert.equal(said, 'hello catalog:3000/x');
    const [arrival] = await sidecar.arrived(1);
    assert.equal(arrival.authority, 'catalog');
    assert.equal(arrival.port, 3000);
    assert.match(arrival.destination, /^240\.0\.0\.\d+$/);
    assert.equal(arrival.source, '127.0.0.1');
    assert.ok(arrival.signed);
  });
}

const rawGet = options => `import net from 'node:net';
  const s = net.connect(${options}); s.on('error', e => { ${say('e.message')} });
  s.on('connect', () => { ${say('[s.remoteAddress, s.remotePort, s.remoteFamily, s.localAddress]')} });`;

for (const [what, options, authority, destination, port] of [
  ['localhost and a port of one service', '3000, "localhost"', 'catalog.shop.tulle', '127.0.0.1', 3000],
  ['a port alone', '3000', 'catalog.shop.tulle', '127.0.0.1', 3000],
  ['127.0.0.1', '{ port: "3000", host: "127.0.0.1" }', 'catalog.shop.tulle', '127.0.0.1', 3000],
  ['::1', '{ port: 3000, host: "::1" }', 'catalog.shop.tulle', `${'0'.repeat(31)}1`, 3000],
  ['a v4-mapped loopback', '3000, "::ffff:127.0.0.1"', 'catalog.shop.tulle', '127.0.0.1', 3000],
  ['a known address', '5432, "10.1.2.3"', 'db.shop.tulle', '10.1.2.3', 5432],
  ['a known IPv6 address', '5432, "FD00::0:5"', 'db6.shop.tulle', 'fd000000000000000000000000000005', 5432],
  ['a name in other letters and with a dot', '3000, "Catalog.SHOP."', 'Catalog.SHOP.', '240.0.0.1', 3000],
  ['a name and a port that nobody declared', '9, "cart"', 'cart', '240.0.0.1', 9],
]) {
  test(`net.connect to ${what} goes to the sidecar`, LIMIT, async t => {
    const { said, sidecar } = await ask(t, rawGet(options), { services: { [authority]: () => {} } });
    const [arrival] = await sidecar.arrived(1);
    assert.deepEqual([arrival.authority, arrival.destination, arrival.port], [authority, destination, port]);
    assert.equal(said[1], port);
    assert.equal(said[2], arrival.v6 ? 'IPv6' : 'IPv4');
    assert.equal(said[3], arrival.v6 ? '::1' : '127.0.0.1');
  });
}

test('an address that a lookup gave out leads to its name, with or without happy eyeballs', LIMIT, async t => {
  const script = `import net from 'node:net'; import dns from 'node:dns'; import { lookup } from 'node:dns/promises'; import { promisify } from 'node:util';
    const found = {
      all: await lookup('catalog', { all: true }), one: await promisify(dns.lookup)('catalog'), six: await lookup('catalog', { family: 6 }),
      r4: await dns.promises.resolve4('catalog'), r6: await new dns.promises.Resolver().resolve6('catalog'), txt: await dns.promises.resolveTxt('catalog').catch(e => e.code),
      cb: await new Promise(ok => dns.resolve('catalog', (e, list) => ok(list))), ttl: await promisify(new dns.Resolver().resolve4.bind(new dns.Resolver()))('catalog', { ttl: true }) };
    const hop = (address, autoSelectFamily) => new Promise(ok => { const s = net.connect({ host: address, port: 3000, autoSelectFamily }, () => ok(s.remoteAddress)); s.on('error', ok); });
    const custom = (name, options, done) => options.all ? done(null, found.all) : done(null, found.one.address, 4);
    found.hops = [await hop(found.one.address), await hop(found.six.address, true), await hop('catalog', true)];
    ${say('found')}`;
  const { said, sidecar } = await ask(t, script, { services: { catalog: () => {} } });
  assert.deepEqual(said, {
    all: [{ address: '240.0.0.1', family: 4 }], one: { address: '240.0.0.1', family: 4 }, six: { address: '::ffff:240.0.0.1', family: 6 },
    r4: ['240.0.0.1'], r6: ['::ffff:240.0.0.1'], txt: 'ENODATA', cb: ['240.0.0.1'], ttl: [{ address: '240.0.0.1', ttl: 0 }],
    hops: ['240.0.0.1', '240.0.0.1', '240.0.0.1'],
  });
  assert.deepEqual((await sidecar.arrived(3)).map(({ authority }) => authority), ['catalog', 'catalog', 'catalog']);
});

test('the first bytes of an application come after the header, however early they are written', LIMIT, async t => {
  const script = `import net from 'node:net'; const s = new net.Socket(); s.prependListener('connect', () => s.write('early ')); s.connect(4000, 'cart'); s.write('first ');
    s.once('ready', () => s.end('third')); s.on('data', d => { ${say('String(d)')} });`;
  const echo = from => { let text = ''; from.on('data', d => (text += d)).on('end', () => from.end(text)).resume(); };
  const { said } = await ask(t, script, { services: { cart: echo } });
  assert.equal([...said.split(' ')].sort().join(), 'early,first,third');
});

test('a WebSocket reaches a service by its name', LIMIT, async t => {
  const server = http.createServer();
  new WebSocketServer({ server }).on('connection', socket => socket.on('message', text => socket.send(`echo ${text}`)));
  const catalog = socket => { server.emit('connection', socket); socket.resume(); };
  const { said } = await ask(t, `import WebSocket from 'ws'; const w = new WebSocket('ws://catalog:3000/'); w.on('open', () => w.send('hi')); w.on('message', m => { ${say('String(m)')} });`, { services: { catalog } });
  assert.equal(said, 'echo hi');
});

test('HTTP/2 in clear text reaches a service by its name', LIMIT, async t => {
  const server = http2.createServer((request, response) => response.end(`two ${request.url}`));
  const script = `import http2 from 'node:http2'; const c = http2.connect('http://catalog:3000'); const r = c.request({ ':path': '/y' }); let s=''; r.on('data', d => s+=d).on('end', () => { ${say('s')} });`;
  const { said } = await ask(t, script, { services: { catalog: socket => { server.emit('connection', socket); setImmediate(() => socket.resume()); } } });
  assert.equal(said, 'two /y');
});

for (const [client, script] of Object.entries({
  'tls.connect': `import { connect } from 'node:tls'; const s = connect(3000, 'catalog', { servername: 'catalog.shop', rejectUnauthorized: false, timeout: 9000 }); s.on('error', () => { ${say('[s.remoteAddress, s.remotePort]')} });`,
  'https.get': `import https from 'node:https'; https.get('https://catalog:3000/').on('error', () => { ${say('["240.0.0.1", 3000]')} });`,
  fetch: `await fetch('https://catalog:3000/').catch(() => { ${say('["240.0.0.1", 3000]')} });`,
})) {
  test(`TLS of ${client} rides through as bytes, behind the header`, LIMIT, async t => {
    let hello;
    const catalog = async socket => {
      socket.resume();
      [hello] = await once(socket, 'data');
      socket.end(Buffer.from('15030300020228', 'hex')); // a fatal alert: handshake_failure
    };
    const { said } = await ask(t, script, { services: { catalog } });
    assert.deepEqual(said, ['240.0.0.1', 3000]);
    assert.deepEqual([hello[0], hello[1]], [22, 3]);
    assert.ok(hello.includes('catalog'), 'the server name is in the ClientHello');
  });
}

test('what is not in the mesh is untouched', LIMIT, async t => {
  const server = net.createServer(socket => socket.end('plain')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address();
  const { said, sidecar } = await ask(t, `import net from 'node:net'; const s = net.connect(${port}, 'localhost'); s.on('data', d => { ${say('[String(d), s.remotePort]')} });`);
  assert.deepEqual(said, ['plain', port]);
  assert.deepEqual(sidecar.arrivals, []);
});

test('a port that several services declare is left alone, and said once', LIMIT, async t => {
  const script = `import net from 'node:net'; import { once } from 'node:events'; const codes = [];
    for (const host of ['localhost', '127.0.0.1']) { const s = net.connect({ port: 7070, host, family: 4 }); const [e] = await once(s, 'error').catch(e => [e]); codes.push(e.message); } ${say('codes')}`;
  const { said, app } = await ask(t, script);
  assert.deepEqual(said, Array(2).fill('connect ECONNREFUSED 127.0.0.1:7070'));
  await app.closed;
  assert.equal(app.errors.match(/TUL2102/g).length, 1);
  assert.match(app.errors, /one\.shop\.tulle or two\.shop\.tulle/);
});

for (const [client, script] of Object.entries({
  'net.connect': `import net from 'node:net'; net.connect(3000, 'catalog').on('error', e => { ${say('[e.code, e.message, e.address, e.port]')} });`,
  'tls.connect': `import tls from 'node:tls'; tls.connect(3000, 'catalog').on('error', e => { ${say('[e.code, e.message, e.address, e.port]')} });`,
  fetch: `await fetch('http://catalog:3000').catch(({ cause: e }) => { ${say('[e.code, e.message, e.address, e.port]')} });`,
})) {
  test(`with the sidecar away ${client} is refused, with the reason`, LIMIT, async t => {
    const sidecar = await Sidecar.start(t);
    sidecar.outbound.close();
    rmSync(sidecar.paths.outbound, { force: true });
    const [code, message, address, port] = await sidecar.run(script).says('said');
    assert.deepEqual([code, address, port], ['ECONNREFUSED', '240.0.0.1', 3000]);
    assert.match(message, /^connect ECONNREFUSED 240\.0\.0\.1:3000 \(TUL2101: the sidecar of cart-1 is away/);
  });
}

test('while the queue of the sidecar is full connects wait, and go through once it accepts', LIMIT, async t => {
  const sidecar = await Sidecar.start(t);
  sidecar.outbound.close();
  rmSync(sidecar.paths.outbound, { force: true });
  const slow = sidecar.run(`import net from 'node:net'; net.createServer(s => { s.resume(); s.on('end', () => s.end()); }).listen({ path: process.env.DOOR, backlog: 3 }, () => {
    console.log(JSON.stringify({ up: 1 })); process.kill(process.pid, 'SIGSTOP'); });`, { env: { DOOR: sidecar.paths.outbound, TULLE_HOOK: '' } });
  await slow.says('up');
  const app = sidecar.run(`import net from 'node:net'; let left = 40; const errors = []; let soon = 0;
    for (let i = 0; i < 40; i++) net.connect(4000, 'cart', function () { if (++soon === 3) console.log(JSON.stringify({ some: 1 })); this.end('x'); if (--left === 0) { ${say('errors')} } })
      .on('error', e => { errors.push(e.message); if (--left === 0) { ${say('errors')} } }).resume();`);
  await app.says('some');
  process.kill(slow.child.pid, 'SIGCONT');
  assert.deepEqual(await app.says('said'), []);
});

test('a name that joins the mesh later is known as soon as the sidecar tells', LIMIT, async t => {
  const sidecar = await Sidecar.start(t);
  sidecar.services.late = httpService();
  const app = sidecar.run(`import readline from 'node:readline'; import dns from 'node:dns'; await dns.promises.lookup('catalog'); ${say('1')}
    for await (const line of readline.createInterface({ input: process.stdin })) { console.log(JSON.stringify({ late: await (await fetch('http://late:3001/')).text().catch(String) })); process.exit(); }`);
  await app.says('said');
  await sidecar.told(() => sidecar.hellos.length > 0);
  sidecar.push({ table: { ...TABLE, revision: '2', names: { late: 'late.shop.tulle' } } });
  app.tell('go');
  assert.equal(await app.says('late'), 'hello late:3001/');
});

test('a socket may be used again, for the mesh and for what is not in it', LIMIT, async t => {
  const server = net.createServer(socket => socket.end('plain')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const script = `import net from 'node:net'; import { once } from 'node:events'; const s = new net.Socket(); const seen = [];
    for (const to of [[4000, 'cart'], [${server.address().port}, '127.0.0.1'], [4000, 'cart']]) {
      s.connect(...to); const [d] = await once(s, 'data'); seen.push(String(d), s.remoteAddress, s.localPort > 0); await once(s, 'close'); }
    ${say('seen')}`;
  const { said } = await ask(t, script, { services: { cart: socket => socket.end('meshed') } });
  assert.deepEqual(said, ['meshed', '240.0.0.1', false, 'plain', '127.0.0.1', true, 'meshed', '240.0.0.1', false]);
});

test('an aborted or reset connection ends quietly, over TLS too', LIMIT, async t => {
  const script = `import net from 'node:net'; import tls from 'node:tls'; import { once } from 'node:events'; const codes = [];
    for (const dial of [net.connect, tls.connect]) { const c = new AbortController(); const s = dial({ port: 4000, host: 'cart', signal: c.signal }); setImmediate(() => c.abort()); codes.push((await once(s, 'error'))[0].code); if (!s.closed) await once(s, 'close'); }
    const s = net.connect(4000, 'cart'); await once(s, 'connect'); s.resetAndDestroy(); await once(s, 'close'); ${say('codes')}`;
  const { said, app } = await ask(t, script, { services: { cart: () => {} } });
  assert.deepEqual(said, ['ABORT_ERR', 'ABORT_ERR']);
  assert.equal(await app.closed, 0);
  assert.equal(app.errors, '');
});

test('a wrong port is refused by Node itself, as ever', LIMIT, async t => {
  const { said } = await ask(t, `import net from 'node:net'; try { net.connect(70000, 'catalog'); } catch (e) { ${say('e.code')} }`);
  assert.equal(said, 'ERR_SOCKET_BAD_PORT');
});

test('a process keeps its exit: the conversation with the sidecar holds nobody back', LIMIT, async t => {
  const sidecar = await Sidecar.start(t);
  const app = sidecar.run(`import dns from 'node:dns'; dns.lookup('catalog', () => {}); process.exitCode = 7;`);
  assert.equal(await app.closed, 7);
  assert.equal(app.errors, '');
});

test('without TULLE_HOOK nothing is patched', LIMIT, async t => {
  const sidecar = await Sidecar.start(t);
  const app = sidecar.run(`import dns from 'node:dns'; dns.lookup('catalog', e => { ${say('e?.code ?? "found"')} });`, { env: { TULLE_HOOK: '' } });
  assert.notEqual(await app.says('said'), 'found');
  assert.deepEqual(sidecar.hellos, []);
});

test('a refusal by the sidecar is told once, with its own code', LIMIT, async t => {
  const refuse = { code: 'TUL2190', reason: 'version 0.1.0 of the hook is too old', fix: 'Restart it.' };
  const sidecar = await Sidecar.start(t, { refuse });
  const app = sidecar.run(`import dns from 'node:dns'; dns.lookup('catalog', () => {}); setInterval(() => dns.lookup('catalog', () => {}), 20);`);
  await app.complains(/tulle hook: TUL2190 the sidecar refused this process: version 0\.1\.0 of the hook is too old\. Restart it\.\n/);
  assert.equal(sidecar.hellos.length, 1);
});

test('an add-on that connects by itself is named once it is loaded, and one that could not be loaded is not', LIMIT, async t => {
  const sidecar = await Sidecar.start(t);
  const [stub, client, hash] = ['stub.cjs', 'client.node', 'hash.node'].map(name => join(sidecar.dir, name));
  // In the place of machine code: what the hook sees is that a load came to its end.
  writeFileSync(stub, `process.dlopen = (module, file) => { if (file.includes('broken')) throw new Error('no'); module.exports = 'loaded'; };`);
  writeFileSync(client, '\x7fELF\0connect\0');
  writeFileSync(join(sidecar.dir, 'broken.node'), '\x7fELF\0connect\0');
  writeFileSync(hash, '\x7fELF\0malloc\0');
  const quoted = path => `--require "${path.replace(/["\\]/g, '\\$&')}"`;
  const app = sidecar.run(
    `import { createRequire } from 'node:module';
    const require = createRequire('${sidecar.dir}/');
    try { require('./broken.node'); } catch {}
    require('./hash.node');
    ${say(`require('./client.node')`)}`,
    { env: { NODE_OPTIONS: `${quoted(stub)} ${quoted(sidecar.hook)}` } },
  );
  assert.equal(await app.says('said'), 'loaded');
  assert.equal(await app.closed, 0);
  assert.equal(app.errors.match(/TUL2106/g)?.length, 1, app.errors);
  assert.match(app.errors, /tulle hook: TUL2106 .*client\.node opens connections in machine code/);
});
