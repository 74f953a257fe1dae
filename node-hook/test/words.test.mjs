import assert from 'node:assert/strict';
import { test } from 'node:test';
import addons from '../src/addons.cjs';
import address from '../src/address.cjs';
import proxyheader from '../src/proxyheader.cjs';
import { Table } from '../src/table.cjs';

test('an address has one spelling, and survives its bytes', () => {
  for (const [text, canonical] of [
    ['10.1.2.3', '10.1.2.3'], ['::1', '::1'], ['[::1]', '::1'], ['0:0:0:0:0:0:0:1', '::1'], ['FD00:0::5', 'fd00::5'], ['fe80::1%eth0', 'fe80::1'], ['::', '::'],
    ['::ffff:240.0.0.1', '240.0.0.1'], ['::FFFF:f000:1', '240.0.0.1'], ['64:ff9b::10.1.2.3', '64:ff9b::a01:203'], ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6'],
  ]) {
    assert.equal(address.canonical(text), canonical, text);
    assert.equal(address.textOf(address.bytesOf(canonical)), canonical, text);
  }
  for (const text of ['catalog', '1.2.3', '', '10.1.2.3.4', '[10.1.2.3', 'fd00::5::1']) assert.equal(address.canonical(text), '', text);
});

test('a header that is written can be read, at every length that is not yet whole it says so, and no broken one passes', () => {
  const secret = Buffer.alloc(32, 7);
  for (const [source, destination] of [['10.0.0.1', '240.0.0.1'], ['::1', 'fd00::5']]) {
    const bytes = proxyheader.encode({ source, sourcePort: 9, destination, destinationPort: 65535, authority: 'cätalog', secret });
    for (let n = 0; n < bytes.length; n++) assert.deepEqual(proxyheader.read(bytes.subarray(0, n), secret), { more: true });
    const expected = { length: bytes.length, source, sourcePort: 9, destination, destinationPort: 65535, asks: false };
    assert.deepEqual(proxyheader.read(Buffer.concat([bytes, Buffer.from('rest')]), secret), expected);
    const asking = Buffer.concat([bytes, Buffer.from([0xe1, 0, 0])]);
    asking.writeUInt16BE(asking.length - 16, 14);
    assert.deepEqual(proxyheader.read(asking, secret), { ...expected, length: asking.length, asks: true });
    // Any one byte of the signature, the fixed part, the secret's TLV or the secret: refused, or waiting for bytes that the length now claims.
    for (const at of [...Array(16).keys(), ...Array.from({ length: 35 }, (_, i) => bytes.length - 35 + i)]) {
      const broken = Buffer.from(bytes);
      broken[at] ^= 1;
      const read = proxyheader.read(broken, secret);
      assert.ok(read.refused || read.more, `byte ${at}`);
    }
  }
});

test('names compare without case and one last dot, addresses by what they mean', () => {
  const table = new Table({ names: { catalog: 'c' }, addresses: { '[FD00:0::5]:5432': 'db', '10.1.2.3:1': 'x' }, services: { c: { ports: [1], local: true, protocols: { 1: 'http' } }, d: { ports: [1], local: false } } });
  assert.equal(table.serviceOf('CATALOG.'), 'c');
  assert.equal(table.serviceOf('catalog..'), undefined);
  assert.equal(table.serviceOf('__proto__'), undefined);
  assert.equal(table.serviceAt('fd00::5', 5432), 'db');
  assert.equal(table.serviceAt('10.1.2.3', 2), undefined);
  assert.deepEqual(table.localServices(1), ['c']);
  assert.deepEqual([table.protocolOf('c', 1), table.protocolOf('c', 2), table.protocolOf('none', 1)], ['http', '', '']);
});

test('an address means what the narrowest block around it means, at its port', () => {
  const table = new Table({
    addresses: {
      '10.0.0.0/8:5432': 'wide', '10.77.0.0/16:5432': 'narrow', '10.77.1.2:5432': 'one', '10.77.0.0/16:80': 'web', '192.0.2.128/25:1': 'half',
      '0.0.0.0/0:9': 'all', '[fd00:0::1/64]:5432': 'six', '[fd00::/8]:5432': 'sixes', '10.9.9.9/32:7': 'whole', '[::ffff:10.1.0.0/112]:8': 'mapped',
    },
  });
  for (const [ip, port, service] of [
    ['10.1.1.1', 5432, 'wide'], ['10.77.1.3', 5432, 'narrow'], ['10.77.1.2', 5432, 'one'], ['10.77.1.2', 80, 'web'], ['10.78.1.2', 80, undefined],
    ['11.0.0.1', 5432, undefined], ['192.0.2.127', 1, undefined], ['192.0.2.128', 1, 'half'], ['203.0.113.9', 9, 'all'], ['::1', 9, undefined],
    ['fd00::9', 5432, 'six'], ['fd00:0:0:1::9', 5432, 'sixes'], ['fe00::1', 5432, undefined], ['10.9.9.9', 7, 'whole'], ['10.9.9.8', 7, undefined],
    ['10.1.2.3', 8, 'mapped'], ['10.2.2.3', 8, undefined],
  ]) assert.equal(table.serviceAt(ip, port), service, `${ip}:${port}`);
});

test('an add-on that connects by itself is told from one that does not', () => {
  const library = (...names) => Buffer.from(`\x7fELF\0${names.join('\0')}\0`, 'latin1');
  for (const names of [['connect'], ['malloc', 'connect', 'free'], ['uv_tcp_connect'], ['libpq.so.5'], ['libc.so.6', 'librdkafka.so.1'], ['libcurl.so']]) {
    assert.ok(addons.connects(library(...names)), names.join());
  }
  for (const names of [[], ['malloc'], ['disconnect'], ['connected'], ['napi_create_function', 'libc.so.6', 'libstdc++.so.6'], ['libpq'], ['libpqxx.so.7']]) {
    assert.ok(!addons.connects(library(...names)), names.join());
  }
});
