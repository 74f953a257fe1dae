'use strict';
// Tulle's Node hook 0.1.0. Built from node-hook/src by node-hook/build.mjs: change it there.
// Loaded by NODE_OPTIONS into every Node process of a launch; without TULLE_HOOK it does nothing.
(() => {
  const once = Symbol.for('io.tulle.hook');
  if (!process.env.TULLE_HOOK || globalThis[once]) return;
  Object.defineProperty(globalThis, once, { value: '0.1.0' });
  const rooms = {
'address.cjs'(module, require) {
// IP addresses as text and as bytes.

const net = require('net');

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/** One spelling per address: lower case, shortest form, no brackets or zone; a v4-mapped one as IPv4. Anything else than an address: ''. */
function canonical(text) {
  let bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const zone = bare.indexOf('%');
  if (zone >= 0) bare = bare.slice(0, zone);
  const family = net.isIP(bare);
  if (family === 4) return bare;
  if (family === 0) return '';
  const shortest = new net.SocketAddress({ address: bare, family: 'ipv6' }).address;
  return MAPPED.exec(shortest)?.[1] ?? shortest;
}

/** Whether a connect to it stays on this machine; the unspecified address does, on every system that matters here. */
function isLoopback(ip) {
  return ip.startsWith('127.') || ip === '::1' || ip === '0.0.0.0' || ip === '::';
}

function familyOf(ip) {
  return ip.includes(':') ? 'IPv6' : 'IPv4';
}

/** 4 or 16 bytes of a canonical address. */
function bytesOf(ip) {
  if (!ip.includes(':')) return Buffer.from(ip.split('.').map(Number));
  const [head, tail] = ip.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...new Array(8 - left.length - right.length).fill(0), ...right];
  const bytes = Buffer.alloc(16);
  all.forEach((group, i) => bytes.writeUInt16BE(group, 2 * i));
  return bytes;
}

function groups(text) {
  if (text === '') return [];
  return text.split(':').flatMap(part => {
    if (!part.includes('.')) return [parseInt(part, 16)];
    const [a, b, c, d] = part.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

/** The text of 4 or 16 bytes, canonical. */
function textOf(bytes) {
  if (bytes.length === 4) return bytes.join('.');
  const groups = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes.readUInt16BE(i).toString(16));
  return canonical(groups.join(':'));
}

module.exports = { canonical, isLoopback, familyOf, bytesOf, textOf };
},
'complaint.cjs'(module, require) {
// What the hook says to people: one line on stderr per subject, and errors that name a code, a cause and a way out.

const fs = require('fs');

const said = new Set();

/** Prints one line, once per subject in this process. Never throws: stderr may be closed or full. */
function complain(code, text, subject = code) {
  if (said.has(subject)) return;
  said.add(subject);
  try {
    fs.writeSync(2, `tulle hook: ${code} ${text}\n`);
  } catch {
    // There is nobody to tell.
  }
}

/** Says that the hook itself failed in one place; the application goes on. */
function complainOfFailure(place, error) {
  complain('TUL2103', `the hook failed in ${place}: ${error?.stack?.split('\n').slice(0, 2).join(' ') ?? error}; please report it`, `TUL2103 ${place}`);
}

/** The error that an application meets when its connect cannot go through the mesh: it looks like a refused connection, since that is what clients retry. */
function refusal(code, text, { address, port }) {
  const error = new Error(`connect ECONNREFUSED ${address}:${port} (${code}: ${text})`);
  return Object.assign(error, { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address, port, tulle: code });
}

module.exports = { complain, complainOfFailure, refusal };
},
'control.cjs'(module, require) {
// The conversation with the sidecar: JSON lines on a Unix socket. It never keeps a process alive.
//
//   idle ──open──▶ connecting ──▶ greeted ──EOF──▶ idle (again after 100 ms … 2 s while ports are open) │ refused: silent for good

const { setTimeout } = require('timers'); // taken now: a test of the application may replace the global one
const { complain, complainOfFailure } = require('./complaint.cjs');

const LONGEST_LINE = 1 << 20;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2000;

class Control {
  #settings;
  #dial;
  #hello;
  #socket;
  #listens = new Map();
  #pause = FIRST_PAUSE;
  #notBefore = 0;
  #refused = false;
  onTable = () => {};

  /** `dial(path)` opens a Unix socket past the hook's own patches. */
  constructor(settings, dial, hello) {
    this.#settings = settings;
    this.#dial = dial;
    this.#hello = hello;
  }

  /** Begins the conversation if there is none; cheap to call often. */
  open() {
    if (this.#socket || this.#refused || !this.#settings.now.usable || performance.now() < this.#notBefore) return;
    try {
      this.#connect();
    } catch (error) {
      complainOfFailure('control', error);
    }
  }

  listening(id, port, actual) {
    this.#listens.set(id, { id, port, actual });
    if (this.#socket) this.#say({ listen: this.#listens.get(id) });
    else this.open();
  }

  closed(id) {
    if (this.#listens.delete(id) && this.#socket) this.#say({ unlisten: { id } });
  }

  #connect() {
    const socket = (this.#socket = this.#dial(this.#settings.now.control));
    socket.unref();
    socket.setEncoding('utf8');
    socket.on('error', () => {}); // 'close' follows and decides
    socket.on('close', () => this.#lost(socket));
    let rest = '';
    socket.on('data', text => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      if (rest.length > LONGEST_LINE) return void socket.destroy();
      for (const line of lines) this.#hear(line, socket);
    });
    this.#say({ ...this.#hello, secret: this.#settings.now.secretText });
    for (const listen of this.#listens.values()) this.#say({ listen });
  }

  #say(message) {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #hear(line, socket) {
    let message;
    try {
      message = JSON.parse(line);
      if (message.hello) this.#pause = FIRST_PAUSE;
      if (message.table) this.onTable(message.table);
    } catch (error) {
      complain('TUL2104', `the sidecar sent a line that is not understood (${error.message}): update Tulle on this host`);
      return void socket.destroy();
    }
    if (!message.refused) return;
    this.#refused = true;
    const { code, reason, fix } = message.refused;
    complain(String(code), `the sidecar refused this process: ${reason}. ${fix ?? ''}`);
    socket.destroy();
  }

  #lost(socket) {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#notBefore = performance.now() + this.#pause;
    if (this.#listens.size > 0) setTimeout(() => this.open(), this.#pause + 1).unref();
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }
}

module.exports = { Control };
},
'givenout.cjs'(module, require) {
// Addresses of 240.0.0.0/4 that stand for names. A client that resolves first (grpc-js does) would lose the name otherwise.

const FIRST = 0xf0000001;
const LAST = 0xfffffffe;

class GivenOut {
  #next = FIRST;
  #byName = new Map();
  #byAddress = new Map();

  /** The address that stands for a name, exactly as it was spelled; the same one each time. */
  addressOf(name) {
    const known = this.#byName.get(name);
    if (known) return known;
    if (this.#next > LAST) throw new Error('240.0.0.0/4 is used up');
    const n = this.#next++;
    const address = [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
    this.#byName.set(name, address);
    this.#byAddress.set(address, name);
    return address;
  }

  /** The name that an address stands for, or undefined. */
  nameOf(address) {
    return this.#byAddress.get(address);
  }
}

module.exports = { GivenOut };
},
'inbound.cjs'(module, require) {
// A server that listens on a declared port is moved to an ephemeral port on loopback, which is told to the sidecar; what the
// application sees (address(), the peer of each connection) is what it would see without a mesh.

const net = require('net');
const os = require('os');
const cluster = require('cluster');
const { replace, shadow } = require('./shadow.cjs');
const { complain, complainOfFailure } = require('./complaint.cjs');
const { strip, inherit } = require('./preamble.cjs');
const { familyOf, canonical } = require('./address.cjs');

// Connections that may wait to be accepted, where the application does not say (Node's own default is 511; the kernel's limit is
// net.core.somaxconn). A sidecar may open many while the application is busy: what the kernel drops then is sent again only after seconds.
const BACKLOG = 4096;

class Inbound {
  #settings;
  #control;
  #onEvent;
  #onSocket;
  #moved = new Map();
  #nextId = 1;

  /** `onEvent(server, emit)` may wrap what a moved server tells; `onSocket(socket, protocol)` hears of each admitted connection. */
  constructor({ settings, control, onEvent, onSocket }) {
    this.#settings = settings;
    this.#control = control;
    this.#onEvent = onEvent;
    this.#onSocket = onSocket;
  }

  install() {
    const inbound = this;
    replace(net.Server.prototype, 'listen', before =>
      function listen(...args) {
        const asked = listenArguments(args);
        if (!asked || this._handle || !inbound.#settings.now.inbound.has(asked.port)) return before.apply(this, args);
        return inbound.#move(this, asked, before);
      });
    replace(net.Server.prototype, 'close', before =>
      function close(...args) {
        inbound.#closed(this);
        return before.apply(this, args);
      });
  }

  /** Where this process listens for a declared port, or undefined. */
  ownPort(port) {
    for (const { asked, actual } of this.#moved.values()) if (asked.port === port && actual) return actual;
    return undefined;
  }

  #move(server, asked, listen) {
    const declared = { address: shownAddress(asked.host), port: asked.port };
    const entry = { id: String(this.#nextId++), asked, actual: undefined, undo: [] };
    this.#closed(server);
    this.#moved.set(server, entry);
    const { address } = server;
    entry.undo.push(
      shadow(server, 'address', () => function () {
        return this._handle ? { address: declared.address, family: familyOf(declared.address), port: declared.port } : null;
      }),
      shadow(server, 'emit', before => this.#onEvent(server, this.#emit(server, asked.port, before))),
    );
    server.prependOnceListener('listening', () => this.#opened(server, entry, address.call(server)));
    server.once('close', () => this.#forget(server, entry));
    const options = { backlog: BACKLOG, ...asked.options, port: 0, host: this.#loopback(asked.port) };
    return listen.call(server, options, ...(asked.callback ? [asked.callback] : []));
  }

  /**
   * Cluster workers share a socket by its address and their own order of asking, since all ask for port 0: with several declared
   * ports an address for each keeps them apart. Elsewhere than on Linux only 127.0.0.1 is there, and the order must serve.
   */
  #loopback(port) {
    const ambiguous = cluster.isWorker && this.#settings.now.inbound.size > 1 && process.platform === 'linux';
    return ambiguous ? `127.${port >> 8}.${port & 255}.1` : '127.0.0.1';
  }

  #opened(server, entry, { address, port }) {
    if (this.#moved.get(server) !== entry) return;
    entry.actual = { host: address, port };
    this.#control.listening(entry.id, entry.asked.port, entry.actual);
  }

  #closed(server) {
    const entry = this.#moved.get(server);
    if (entry?.actual) this.#control.closed(entry.id);
    if (entry) entry.actual = undefined;
  }

  /** After the last connection has ended the server is as it was made: it may listen again, elsewhere. */
  #forget(server, entry) {
    if (this.#moved.get(server) !== entry) return;
    this.#closed(server);
    this.#moved.delete(server);
    for (const undo of entry.undo.reverse()) undo();
  }

  #emit(server, port, before) {
    const inbound = this;
    const { secret, inbound: ports } = this.#settings.now;
    const admitted = new WeakSet();
    return function emit(event, ...args) {
      const [socket] = args;
      if (event === 'secureConnection') inherit(socket, socket?._parent);
      if (event !== 'connection' || socket?._server !== server || admitted.has(socket)) return before.call(this, event, ...args);
      strip(socket, {
        secret,
        paused: server.pauseOnConnect,
        admitted: () => {
          admitted.add(socket);
          try {
            inbound.#onSocket(socket, server, ports.get(port));
          } catch (error) {
            complainOfFailure('inbound', error);
          }
          before.call(server, event, ...args);
        },
        refused: why => complain('TUL2105', `a connection straight to the moved port of ${port} was destroyed: ${why}. Reach the service by its name, or by its published port`, `TUL2105 ${port} ${why.replace(/\d+/, '')}`),
      });
      return true;
    };
  }
}

/** The forms of listen() that name a TCP port; undefined for pipes, handles, file descriptors and what Node will refuse. */
function listenArguments(args) {
  const last = args[args.length - 1];
  const callback = typeof last === 'function' ? last : undefined;
  const [first, second, third] = args;
  const given = typeof first === 'object' && first !== null;
  if (given && (first._handle || first.handle || first.fd >= 0 || typeof first.getAsyncId === 'function')) return undefined;
  const port = portOf(given ? first.port : first);
  if (port === undefined) return undefined;
  const backlog = [second, third].map(Number).find(number => number > 0);
  const options = given ? { ...first } : {};
  if (backlog !== undefined && options.backlog === undefined) options.backlog = backlog;
  const host = given ? first.host : typeof second === 'string' && !(Number(second) >= 0) ? second : undefined;
  return { port, host, options, callback };
}

function portOf(value) {
  const number = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : NaN;
  return Number.isInteger(number) ? number : undefined;
}

/** What address() would say: a name is shown as loopback, since it is not looked up. */
function shownAddress(host) {
  if (host) return canonical(host) === '' ? '127.0.0.1' : host;
  return hasIPv6() ? '::' : '0.0.0.0';
}

function hasIPv6() {
  try {
    return Object.values(os.networkInterfaces()).some(addresses => addresses.some(({ family }) => family === 'IPv6'));
  } catch {
    return false; // some sandboxes forbid the question
  }
}

module.exports = { Inbound };
},
'main.cjs'(module, require) {
// The spine: what the hook is made of, top to bottom.

const tls = require('tls');
const { syncBuiltinESMExports } = require('module');
const { isMainThread, threadId } = require('worker_threads');
const { Settings } = require('./settings.cjs');
const { Control } = require('./control.cjs');
const { Mesh } = require('./mesh.cjs');
const { Inbound } = require('./inbound.cjs');
const { Outbound } = require('./outbound.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const names = require('./names.cjs');
const traceHttp = require('./trace-http.cjs');
const traceFetch = require('./trace-fetch.cjs');
const traceGrpc = require('./trace-grpc.cjs');
const traceNestTcp = require('./trace-nesttcp.cjs');

function start(file, version) {
  const settings = new Settings(file);
  const hello = { hello: 1, version, pid: process.pid, node: process.version, ...(isMainThread ? {} : { thread: threadId }) };
  const control = new Control(settings, path => outbound.dial(path), hello);
  const mesh = new Mesh(settings, control);
  const inbound = new Inbound({ settings, control, onEvent: (_, emit) => traceHttp.inbound(emit), onSocket: traceIn });
  const outbound = new Outbound({ mesh, settings, ownPorts: port => inbound.ownPort(port), onRedirect: traceOut });
  const isMesh = ({ host, port, socketPath }) => !socketPath && mesh.route(host || 'localhost', Number(port))?.own === false;

  inbound.install();
  outbound.install();
  names.install(mesh);
  guarded('http trace', () => traceHttp.installOutbound({ isMesh, isMeshSocket: socket => outbound.routeOf(socket)?.own === false }));
  guarded('fetch trace', () => traceFetch.install({ isMesh }));
  guarded('grpc trace', () => traceGrpc.install({ isMesh }));
  syncBuiltinESMExports(); // import { lookup } from 'dns' sees what require sees
}

/** Where no protocol is declared a Nest frame is recognised by its shape, which costs little. */
function traceIn(socket, server, protocol) {
  const plain = !(server instanceof tls.Server) && typeof server.setTimeout !== 'function'; // HTTP servers, 1 and 2, have that method
  if (plain && mayBeNestTcp(protocol)) traceNestTcp.inbound(socket);
}

function traceOut(socket, { protocol }) {
  if (!mayBeNestTcp(protocol)) return;
  guarded('nest-tcp trace', () => traceNestTcp.outbound(socket));
}

function mayBeNestTcp(protocol) {
  return protocol === '' || protocol === 'nest-tcp';
}

/** A trace that cannot be carried must not stop a connection. */
function guarded(place, action) {
  try {
    action();
  } catch (error) {
    complainOfFailure(place, error);
  }
}

module.exports = { start };
},
'mesh.cjs'(module, require) {
// Where a connect goes, decided by host and port alone; the order is the house's ("Hook and sidecar").

const { canonical, isLoopback } = require('./address.cjs');
const { complain } = require('./complaint.cjs');
const { GivenOut } = require('./givenout.cjs');
const { Table } = require('./table.cjs');

class Mesh {
  #settings;
  #control;
  #given = new GivenOut();
  #table;

  constructor(settings, control) {
    this.#settings = settings;
    this.#control = control;
    control.onTable = json => (this.#table = new Table(json));
  }

  get #current() {
    this.#control.open();
    return (this.#table ??= new Table(this.#settings.now.table));
  }

  /** Whether a name means a service of the mesh. */
  knows(name) {
    return typeof name === 'string' && this.#current.serviceOf(name) !== undefined;
  }

  /** The address given out for a name of the mesh. */
  addressOf(name) {
    return this.#given.addressOf(name);
  }

  /**
   * The route of a connect: undefined (not the mesh's business), or the address and port dialled, with
   * `own: true` for the instance's own declared port, else `authority` and `protocol` of the service meant.
   */
  route(host, port) {
    if (!this.#settings.now.usable) return undefined;
    const ip = /^localhost\.?$/i.test(host) ? '127.0.0.1' : canonical(host);
    if (ip === '') return this.#byName(host, this.#given, port);
    if (isLoopback(ip) && this.#settings.now.inbound.has(port)) return { own: true, address: ip, port };
    return this.#byAddress(ip, port) ?? (isLoopback(ip) ? this.#byLocalPort(ip, port) : undefined);
  }

  #byName(name, given, port) {
    const service = this.#current.serviceOf(name);
    return service && this.#to(service, given.addressOf(name), port, name);
  }

  #byAddress(ip, port) {
    const name = this.#given.nameOf(ip);
    if (name) return this.#to(this.#current.serviceOf(name), ip, port, name);
    const service = this.#current.serviceAt(ip, port);
    return service && this.#to(service, ip, port, service);
  }

  #byLocalPort(ip, port) {
    const services = this.#current.localServices(port);
    if (services.length === 1) return this.#to(services[0], ip, port, services[0]);
    if (services.length > 1) {
      complain('TUL2102', `localhost:${port} could mean ${services.join(' or ')}: left untouched, so it goes around the mesh. Use the service's name instead`, `TUL2102 ${port}`);
    }
    return undefined;
  }

  #to(service, address, port, authority) {
    return { own: false, address, port, authority, protocol: this.#current.protocolOf(service, port) };
  }
}

module.exports = { Mesh };
},
'names.cjs'(module, require) {
// Name lookups: a name of the mesh is answered from 240.0.0.0/4 at once, all others by the real resolver.

const dns = require('dns');
const { replace } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');

/** Record types that a mesh name does not have; asking a real DNS server would only leak the name and wait. */
const ABSENT = ['Any', 'Caa', 'Cname', 'Mx', 'Naptr', 'Ns', 'Ptr', 'Soa', 'Srv', 'Tlsa', 'Txt'];

function install(mesh) {
  const answers = answersOf(mesh);
  replace(dns, 'lookup', before => lookupWithCallback(before, answers));
  replace(dns.promises, 'lookup', before => asPromise(before, answers.lookup));
  // setServers() binds the module's functions anew from these prototypes, so both have to be replaced.
  for (const target of [dns, dns.Resolver.prototype]) eachResolve(target, withCallback, answers);
  for (const target of [dns.promises, dns.promises.Resolver.prototype]) eachResolve(target, asPromise, answers);
}

function eachResolve(target, style, answers) {
  replace(target, 'resolve', before => style(before, answers.resolve));
  replace(target, 'resolve4', before => style(before, (name, options) => answers.resolve4(name, options)));
  replace(target, 'resolve6', before => style(before, (name, options) => answers.resolve6(name, options)));
  for (const type of ABSENT) replace(target, `resolve${type}`, before => style(before, name => answers.absent(name, type)));
}

/** Each answer is undefined (not a mesh name), `{value}` or `{error}`. */
function answersOf(mesh) {
  const known = name => {
    try {
      return mesh.knows(name);
    } catch (error) {
      complainOfFailure('dns', error);
      return false;
    }
  };
  const v4 = name => mesh.addressOf(name);
  const v6 = name => `::ffff:${mesh.addressOf(name)}`;
  const records = (name, address, options) => known(name) && { value: [options?.ttl ? { address, ttl: 0 } : address] };
  const resolve4 = (name, options) => records(name, known(name) && v4(name), options);
  const resolve6 = (name, options) => records(name, known(name) && v6(name), options);
  const absent = (name, type) => known(name) && { error: noData(name, type) };
  return {
    resolve4,
    resolve6,
    absent,
    resolve: (name, type = 'A') => (type === 'A' ? resolve4(name) : type === 'AAAA' ? resolve6(name) : absent(name, String(type))),
    lookup: (name, options) => {
      if (!known(name)) return undefined;
      const { family, all } = typeof options === 'object' && options !== null ? options : { family: options };
      const found = family === 6 || family === 'IPv6' ? { address: v6(name), family: 6 } : { address: v4(name), family: 4 };
      return { value: all ? [found] : found };
    },
  };
}

function noData(hostname, type) {
  const syscall = `query${type}`;
  return Object.assign(new Error(`${syscall} ENODATA ${hostname}`), { errno: undefined, code: 'ENODATA', syscall, hostname });
}

function lookupWithCallback(before, answers) {
  return function lookup(name, options, callback) {
    const done = typeof options === 'function' ? options : callback;
    const answer = typeof done === 'function' && answers.lookup(name, typeof options === 'function' ? undefined : options);
    if (!answer) return before.apply(this, arguments);
    if (Array.isArray(answer.value)) process.nextTick(done, null, answer.value);
    else process.nextTick(done, null, answer.value.address, answer.value.family);
    return {};
  };
}

function withCallback(before, answerFor) {
  return function (name, options) {
    const done = arguments[arguments.length - 1];
    const answer = typeof done === 'function' && answerFor(name, typeof options === 'function' ? undefined : options);
    if (!answer) return before.apply(this, arguments);
    process.nextTick(done, answer.error ?? null, answer.value);
    return {};
  };
}

function asPromise(before, answerFor) {
  return function (name, options) {
    const answer = answerFor(name, options);
    if (!answer) return before.apply(this, arguments);
    return answer.error ? Promise.reject(answer.error) : Promise.resolve(answer.value);
  };
}

module.exports = { install };
},
'outbound.cjs'(module, require) {
// Connects that mean a service of the mesh go to the sidecar's Unix socket, behind a PROXY header that says what was meant.
// Everything in Node that speaks TCP ends in net.Socket.prototype.connect; only tls.connect needs a hand, because it makes its
// handle before it connects.

const net = require('net');
const { setTimeout } = require('timers');
const tls = require('tls');
const { replace, shadow } = require('./shadow.cjs');
const { refusal, complainOfFailure } = require('./complaint.cjs');
const { encode } = require('./proxyheader.cjs');
const { familyOf } = require('./address.cjs');

/** How long a connect waits for a place in the sidecar's queue, in milliseconds; a TCP connect would wait in the kernel. */
const PATIENCE = 2000;
const PAUSE = 10;
const UNDER_TLS = Symbol('under TLS');

class Outbound {
  #mesh;
  #settings;
  #ownPorts;
  #onRedirect;
  #connect = net.Socket.prototype.connect;
  #routes = new WeakMap();

  /** `ownPorts(port)` is where this process itself listens for a declared port; `onRedirect(socket, route)` hears of each. */
  constructor({ mesh, settings, ownPorts, onRedirect }) {
    this.#mesh = mesh;
    this.#settings = settings;
    this.#ownPorts = ownPorts;
    this.#onRedirect = onRedirect;
  }

  install() {
    const outbound = this;
    replace(net.Socket.prototype, 'connect', before =>
      function connect(...args) {
        const { options, callback } = connectArguments(args);
        const route = this._parent ? undefined : outbound.#routeOf(options); // a TLS socket over another never dials
        if (!route) return before.apply(this, args);
        return outbound.#redirect(this, route, callback);
      });
    replace(tls, 'connect', before =>
      function connect(...args) {
        const { options, callback } = tlsArguments(args);
        const route = options.socket ? undefined : outbound.#routeOf(options);
        if (!route) return before.apply(this, args);
        return outbound.#redirectTls(before, route, options, callback);
      });
  }

  /** A Unix socket of the hook's own. */
  dial(path) {
    return this.#connect.call(new net.Socket(), { path });
  }

  /** The route of a socket, or of what lies under a TLS socket; undefined when it is not a mesh one. */
  routeOf(socket) {
    return this.#routes.get(socket) ?? (socket._parent && this.#routes.get(socket._parent));
  }

  /** A failure here is not "no route": that could be a plaintext connection around the mesh. */
  #routeOf(options) {
    if (options.path || options.port === undefined) return undefined;
    const port = Number(options.port);
    const host = options.host || 'localhost';
    if (typeof host !== 'string' || !Number.isInteger(port) || port < 0 || port > 65535) return undefined; // Node says what is wrong with it
    try {
      return this.#mesh.route(host, port);
    } catch (error) {
      complainOfFailure('connect', error);
      return { broken: true, address: host, port };
    }
  }

  #redirect(socket, route, callback) {
    if (callback) socket.once('connect', callback);
    if (route.broken || (socket.encrypted && socket._handle)) {
      const why = route.broken ? 'the hook could not decide where this goes' : 'this TLS socket was not made by tls.connect, so the hook cannot lead it through the mesh';
      process.nextTick(() => socket.destroy(refusal('TUL2103', why, route)));
      return socket;
    }
    const own = route.own ? this.#ownPorts(route.port) : undefined;
    const release = this.#guard(socket, route, own !== undefined);
    this.#routes.set(socket, route);
    try {
      this.#connect.call(socket, own ?? { path: this.#settings.now.outbound });
      this.#pretend(socket, route, own !== undefined);
      if (!route.own) this.#onRedirect(socket, route);
    } catch (error) {
      release();
      throw error;
    }
    return socket;
  }

  /** Until it is connected: the header goes first, before any listener can write, and a failure is told as a refused connection. */
  #guard(socket, route, overTcp) {
    const { instance, outbound } = this.#settings.now;
    const sendHeader = () => socket._writeGeneric(false, this.#headerFor(socket, route), 'buffer', () => {});
    const deadline = performance.now() + PATIENCE;
    const redial = () => this.#redial(socket, outbound);
    let over = false;
    const release = () => {
      over = true;
      unemit();
      undestroy();
    };
    const unemit = shadow(socket, 'emit', before =>
      function emit(event, ...args) {
        if (!over && event === 'connect') {
          release();
          sendHeader();
        }
        return before.call(this, event, ...args);
      });
    const undestroy = shadow(socket, 'destroy', before =>
      function destroy(error, ...rest) {
        if (over) return before.call(this, error, ...rest);
        const failed = !overTcp && error?.syscall === 'connect';
        if (failed && error.code === 'EAGAIN' && performance.now() < deadline && redial()) return this;
        release();
        const away = `the sidecar of ${instance} is away (${error?.code} at ${outbound}); start the service again through "tulle run", or look at the sidecar's log`;
        return before.call(this, failed ? refusal('TUL2101', away, route) : error, ...rest);
      });
    return release;
  }

  /** The sidecar's queue is full: tries again with a new handle, unless TLS has already been put upon the old one. */
  #redial(socket, path) {
    if (socket[UNDER_TLS]) return false;
    socket._handle?.close();
    socket._handle = null;
    setTimeout(() => {
      if (!socket.destroyed) this.#connect.call(socket, { path });
    }, PAUSE);
    return true;
  }

  #headerFor(socket, route) {
    const v6 = familyOf(route.address) === 'IPv6';
    return encode({
      source: v6 ? '::1' : '127.0.0.1',
      sourcePort: socket.localPort ?? 0,
      destination: route.address,
      destinationPort: route.port,
      authority: route.authority,
      secret: this.#settings.now.secret,
    });
  }

  /** Shows the application the peer that it dialled; a Unix socket has no addresses of its own. */
  #pretend(socket, { address, port }, overTcp) {
    socket._peername = { address, port, family: familyOf(address) };
    if (overTcp || Object.hasOwn(socket, '_getsockname')) return;
    const family = familyOf(address);
    const local = { address: family === 'IPv6' ? '::1' : '127.0.0.1', port: 0, family };
    shadow(socket, 'resetAndDestroy', () => function () {
      return this.destroy(); // Node resets TCP only, and throws for the rest
    });
    shadow(socket, '_getsockname', before => function () {
      return this._handle?.getsockname ? before.call(this) : local;
    });
  }

  #redirectTls(before, route, options, callback) {
    const plain = new net.Socket({ allowHalfOpen: options.allowHalfOpen });
    plain[UNDER_TLS] = true;
    this.#redirect(plain, route);
    const secure = before.call(tls, { ...options, socket: plain }, ...(callback ? [callback] : []));
    plain.on('error', error => secure.destroy(error));
    if (options.timeout) secure.setTimeout(options.timeout);
    this.#pretend(secure, route, true);
    return secure;
  }
}

/** The forms of connect(): (options[, cb]), (port[, host][, cb]), (path[, cb]), and the pair that net.connect() has already made of them. */
function connectArguments(args) {
  if (Array.isArray(args[0])) return { options: args[0][0] ?? {}, callback: args[0][1] };
  const last = args[args.length - 1];
  const callback = typeof last === 'function' ? last : undefined;
  const [first, second] = args;
  if (typeof first === 'object' && first !== null) return { options: first, callback };
  if (typeof first === 'string' && (first.trim() === '' || !Number.isFinite(Number(first)))) return { options: { path: first }, callback };
  return { options: { port: first, host: typeof second === 'string' ? second : undefined }, callback };
}

/** tls.connect() takes the same forms with options after port, or after port and host. */
function tlsArguments(args) {
  const { options, callback } = connectArguments(args);
  const extra = args.slice(1, 3).find(arg => typeof arg === 'object' && arg !== null);
  return { options: { ...options, ...extra }, callback };
}

module.exports = { Outbound };
},
'preamble.cjs'(module, require) {
// Takes the PROXY header off a connection that the sidecar made, before the application's server hears of it.

const { setTimeout, clearTimeout } = require('timers');
const { read } = require('./proxyheader.cjs');
const { familyOf } = require('./address.cjs');

const PATIENCE = 5000;

/**
 * Reads until the header is whole, then calls `admitted` with the socket, whose addresses are now the real ones and whose
 * first byte is the application's. A connection that is not the sidecar's is destroyed and told to `refused(why)`.
 */
function strip(socket, { secret, paused, admitted, refused }) {
  let seen = Buffer.alloc(0);
  const stop = () => {
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('end', gone);
    socket.off('close', gone);
    socket.off('error', gone);
  };
  const refuse = why => {
    stop();
    socket.on('error', () => {});
    socket.destroy();
    refused(why);
  };
  const gone = () => refuse('it closed before its PROXY header was whole');
  const look = () => {
    for (let chunk; (chunk = socket.read()) !== null; ) {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const header = read(seen, secret);
      if (header.refused) return refuse(header.refused);
      if (header.more) continue;
      stop();
      return admit(header, seen.subarray(header.length));
    }
  };
  const admit = (header, rest) => {
    socket._peername = { address: header.source, port: header.sourcePort, family: familyOf(header.source) };
    socket._sockname = { address: header.destination, port: header.destinationPort, family: familyOf(header.destination) };
    if (rest.length > 0) socket.unshift(rest);
    if (paused) socket.pause();
    admitted(socket);
  };
  const timer = setTimeout(() => refuse('its PROXY header took longer than 5 s'), PATIENCE);
  timer.unref();
  socket.on('readable', look);
  socket.on('end', gone);
  socket.on('close', gone);
  socket.on('error', gone);
}

/** The same addresses on the TLS socket that a TLS server makes over a stripped one. */
function inherit(secure, plain) {
  if (!plain?._peername) return;
  secure._peername = plain._peername;
  secure._sockname = plain._sockname;
}

module.exports = { strip, inherit };
},
'proxyheader.cjs'(module, require) {
// The PROXY protocol, version 2 (haproxy's doc/proxy-protocol.txt), with two TLVs: the authority and Tulle's secret.

const { timingSafeEqual } = require('crypto');
const { bytesOf, textOf } = require('./address.cjs');

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const FIXED = 16;
const LONGEST = 512;
const PROXY = 0x21;
const TCP4 = 0x11;
const TCP6 = 0x21;
const AUTHORITY = 0x02;
const SECRET = 0xe0;

/** The preamble of a connection: where it comes from, where it is meant to go, under which name, and the secret that proves the sender. */
function encode({ source, sourcePort, destination, destinationPort, authority, secret }) {
  const to = bytesOf(destination);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(sourcePort, 0);
  ports.writeUInt16BE(destinationPort, 2);
  const parts = [bytesOf(source), to, ports];
  if (authority) parts.push(tlv(AUTHORITY, Buffer.from(authority)));
  parts.push(tlv(SECRET, secret));
  const body = Buffer.concat(parts);
  const fixed = Buffer.alloc(FIXED);
  SIGNATURE.copy(fixed);
  fixed[12] = PROXY;
  fixed[13] = to.length === 4 ? TCP4 : TCP6;
  fixed.writeUInt16BE(body.length, 14);
  return Buffer.concat([fixed, body]);
}

function tlv(type, value) {
  const head = Buffer.from([type, value.length >> 8, value.length & 0xff]);
  return Buffer.concat([head, value]);
}

/**
 * Reads the preamble at the start of `bytes`: `{more: true}` while it is not whole, `{refused: why}`, or
 * `{length, source, sourcePort, destination, destinationPort}` once it is whole and carries the secret.
 */
function read(bytes, secret) {
  const seen = Math.min(bytes.length, SIGNATURE.length);
  if (SIGNATURE.compare(bytes, 0, seen, 0, seen) !== 0) return { refused: 'it does not begin with a PROXY v2 header' };
  if (bytes.length < FIXED) return { more: true };
  const length = FIXED + bytes.readUInt16BE(14);
  if (length > LONGEST) return { refused: `its PROXY header claims ${length} bytes` };
  if (bytes[12] !== PROXY) return { refused: 'its PROXY header is not of version 2 and command PROXY' };
  if (bytes[13] !== TCP4 && bytes[13] !== TCP6) return { refused: 'its PROXY header is not about TCP' };
  if (bytes.length < length) return { more: true };
  return readBody(bytes.subarray(FIXED, length), bytes[13] === TCP4 ? 4 : 16, secret, length);
}

function readBody(body, width, secret, length) {
  const addresses = 2 * width + 4;
  if (body.length < addresses) return { refused: 'its PROXY header is too short for its addresses' };
  const proof = findTlv(body.subarray(addresses), SECRET);
  if (!proof || proof.length !== secret.length || !timingSafeEqual(proof, secret)) return { refused: 'it lacks the secret of this launch' };
  return {
    length,
    source: textOf(body.subarray(0, width)),
    destination: textOf(body.subarray(width, 2 * width)),
    sourcePort: body.readUInt16BE(2 * width),
    destinationPort: body.readUInt16BE(2 * width + 2),
  };
}

function findTlv(bytes, type) {
  for (let at = 0; at + 3 <= bytes.length; ) {
    const end = at + 3 + bytes.readUInt16BE(at + 1);
    if (end > bytes.length) return undefined;
    if (bytes[at] === type) return bytes.subarray(at + 3, end);
    at = end;
  }
  return undefined;
}

module.exports = { encode, read, LONGEST };
},
'settings.cjs'(module, require) {
// The launch's settings (the file that TULLE_HOOK names), read when the first port or name is asked about and not before:
// most processes that inherit NODE_OPTIONS never do either.

const fs = require('fs');
const { complain } = require('./complaint.cjs');

const PROTOCOL = 1;

/** What an unreadable file leaves: no port is declared and no name is known, so nothing is touched. */
const NONE = Object.freeze({ usable: false, inbound: new Map(), table: {} });

class Settings {
  #file;
  #read;

  constructor(file) {
    this.#file = file;
  }

  get now() {
    return (this.#read ??= this.#load());
  }

  #load() {
    try {
      return parse(JSON.parse(fs.readFileSync(this.#file, 'utf8')));
    } catch (error) {
      complain('TUL2100', `${this.#file} cannot be used (${error.message}); this process is outside the mesh. Start it through "tulle run" again, or unset TULLE_HOOK`);
      return NONE;
    }
  }
}

function parse(json) {
  if (json.protocol !== PROTOCOL) throw new Error(`it speaks protocol ${json.protocol}, this hook ${PROTOCOL}`);
  const secret = Buffer.from(String(json.secret), 'hex');
  if (secret.length !== 32) throw new Error('its secret is not 64 hexadecimal digits');
  for (const field of ['control', 'outbound']) if (typeof json[field] !== 'string') throw new Error(`it lacks "${field}"`);
  return {
    usable: true,
    secret,
    secretText: String(json.secret),
    instance: String(json.instance),
    control: json.control,
    outbound: json.outbound,
    inbound: declared(json.inbound ?? []),
    table: json.table ?? {},
  };
}

/** Port → protocol, or '' where none was declared. */
function declared(inbound) {
  return new Map(inbound.map(entry => (typeof entry === 'object' ? [Number(entry.port), entry.protocol ?? ''] : [Number(entry), ''])));
}

module.exports = { Settings };
},
'shadow.cjs'(module, require) {
// Puts a method on one object in front of the one it inherits, and takes it off again.

/**
 * `wrap` is given the method as it was and returns the new one. The answer takes the shadow off, unless somebody else has
 * put another in front meanwhile: then ours must stay in their chain, and `wrap`'s method has to be harmless by then.
 */
function shadow(object, name, wrap) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const method = wrap(object[name]);
  Object.defineProperty(object, name, { value: method, configurable: true, writable: true, enumerable: false });
  return () => {
    if (object[name] !== method) return;
    if (own) Object.defineProperty(object, name, own);
    else delete object[name];
  };
}

/** Replaces a function on a module or prototype; the new one keeps the old one's name, length and properties (util.promisify reads some). */
function replace(object, name, wrap) {
  const before = object[name];
  if (typeof before !== 'function') return;
  const after = wrap(before);
  Object.defineProperties(after, Object.getOwnPropertyDescriptors(before));
  object[name] = after;
}

module.exports = { shadow, replace };
},
'table.cjs'(module, require) {
// The mesh's names and addresses as this instance may use them; replaced whole at each change.

const { canonical } = require('./address.cjs');

class Table {
  #names;
  #services;
  #addresses;

  constructor({ names = {}, services = {}, addresses = {} }) {
    this.#names = new Map(Object.entries(names).map(([name, service]) => [plain(name), service]));
    this.#services = new Map(Object.entries(services));
    this.#addresses = new Map(Object.entries(addresses).map(([address, service]) => [plainAddress(address), service]));
  }

  /** The service of a name as an application writes it, or undefined. */
  serviceOf(name) {
    return this.#names.get(plain(name));
  }

  /** The service behind a canonical address and port, or undefined. */
  serviceAt(ip, port) {
    return this.#addresses.size === 0 ? undefined : this.#addresses.get(`${ip}|${port}`);
  }

  /** The services of the instance's own namespace that declare a port. */
  localServices(port) {
    const found = [];
    for (const [name, service] of this.#services) if (service.local && service.ports?.includes(port)) found.push(name);
    return found;
  }

  /** What a service declares to speak on a port, or ''. */
  protocolOf(service, port) {
    return this.#services.get(service)?.protocols?.[port] ?? '';
  }
}

function plain(name) {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}

function plainAddress(text) {
  const colon = text.lastIndexOf(':');
  return `${canonical(text.slice(0, colon))}|${text.slice(colon + 1)}`;
}

module.exports = { Table };
},
'trace-fetch.cjs'(module, require) {
// Trace context out with fetch and undici, which announce each request before they send it.

const channel = require('diagnostics_channel');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

function install({ isMesh }) {
  channel.subscribe('undici:request:create', ({ request }) => {
    try {
      if (!trace.active()) return;
      const { hostname, port, protocol } = new URL(request.origin);
      if (!isMesh({ host: hostname, port: port || (protocol === 'https:' ? 443 : 80) })) return;
      const names = headerNames(request.headers);
      for (const [name, value] of trace.additions(name => names.has(name))) request.addHeader(name, value);
    } catch (error) {
      complainOfFailure('fetch trace', error);
    }
  });
}

/** undici 5 keeps headers as one string, 6 and later as a flat list of names and values. */
function headerNames(headers) {
  if (typeof headers === 'string') return new Set(headers.split('\r\n').map(line => line.slice(0, line.indexOf(':')).toLowerCase()));
  const names = new Set();
  if (Array.isArray(headers)) for (let i = 0; i < headers.length; i += 2) names.add(String(headers[i]).toLowerCase());
  return names;
}

module.exports = { install };
},
'trace-grpc.cjs'(module, require) {
// Trace context out with @grpc/grpc-js. Its HTTP/2 session sees concurrent calls of a cold channel all under the first one's
// context, and its client methods are copied before they could be wrapped: the channel's createCall is where both are right.

const Module = require('module');
const { replace } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

const ENTRY = /(?:^|[\\/])@grpc[\\/]grpc-js(?:[\\/]build[\\/]src[\\/]index(?:\.js)?)?$/;
const TARGET = /^(?:dns:(?:\/\/[^/]*\/)?|ipv4:|ipv6:)?(.+?)(?::(\d+))?$/;

/** grpc-js is CommonJS, so that an import of it passes here too. */
function install({ isMesh }) {
  const seen = new WeakSet();
  replace(Module, '_load', before =>
    function _load(request, ...rest) {
      const loaded = before.call(this, request, ...rest);
      if (typeof request === 'string' && request.includes('grpc-js') && ENTRY.test(request)) wrapOnce(loaded, seen, isMesh);
      return loaded;
    });
}

function wrapOnce(grpc, seen, isMesh) {
  try {
    const prototype = grpc?.Channel?.prototype;
    if (!prototype || seen.has(prototype)) return;
    seen.add(prototype);
    replace(prototype, 'createCall', before =>
      function createCall(...args) {
        const call = before.apply(this, args);
        try {
          if (isMesh(destination(this.getTarget()))) carry(call, trace.now());
        } catch (error) {
          complainOfFailure('grpc trace', error);
        }
        return call;
      });
  } catch (error) {
    complainOfFailure('grpc trace', error);
  }
}

function destination(target) {
  const [, host, port] = TARGET.exec(target) ?? [];
  return { host, port: port ?? 443 };
}

/** Adds the context to the call's metadata, and brings the answers back into it. Metadata is copied: applications share theirs between calls. */
function carry(call, context) {
  const { start } = call;
  call.start = function (metadata, listener) {
    return trace.within(context, () => {
      const own = metadata.clone();
      for (const [name, value] of trace.additions(name => own.get(name).length > 0)) own.set(name, value);
      return start.call(this, own, heardWithin(listener, context));
    });
  };
}

function heardWithin(listener, context) {
  const heard = {};
  for (const event of ['onReceiveMetadata', 'onReceiveMessage', 'onReceiveStatus']) {
    heard[event] = (...args) => trace.within(context, () => listener[event]?.(...args));
  }
  return heard;
}

module.exports = { install };
},
'trace-http.cjs'(module, require) {
// Trace context over HTTP: in with a request or an HTTP/2 stream, out with http.request (axios and its like end there).

const http = require('http');
const { replace } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

const WITH_REQUEST = new Set(['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect']);

/** Wraps the emit of a moved server. */
function inbound(emit) {
  return function (event, ...args) {
    const headers = WITH_REQUEST.has(event) ? args[0]?.headers : event === 'stream' ? args[1] : undefined;
    const context = headers && trace.contextIn(headers);
    if (!context) return emit.call(this, event, ...args);
    trace.keep(args[0], context);
    if (event === 'request') trace.keep(args[1], context);
    return trace.within(context, () => emit.call(this, event, ...args));
  };
}

/** `isMesh(options)` and `isMeshSocket(socket)` say whether a request stays in the mesh. */
function installOutbound({ isMesh, isMeshSocket }) {
  replace(http.Agent.prototype, 'addRequest', before =>
    function addRequest(request, options, ...rest) {
      guarded(() => trace.active() && isMesh(options) && add(request));
      return before.call(this, request, options, ...rest);
    });
  // Requests without an agent (ws makes its own connection) meet their socket here, before their headers are written.
  replace(http.ClientRequest.prototype, 'onSocket', before =>
    function onSocket(socket, ...rest) {
      guarded(() => !this.agent && socket && trace.active() && isMeshSocket(socket) && add(this));
      return before.call(this, socket, ...rest);
    });
}

function add(request) {
  if (typeof request._header !== 'string') {
    for (const [name, value] of trace.additions(name => request.hasHeader(name))) request.setHeader(name, value);
    return;
  }
  // Headers given as an array are written down already, though not sent.
  if (request._headerSent) return;
  const head = request._header.toLowerCase();
  const lines = trace.additions(name => head.includes(`\r\n${name}:`)).map(([name, value]) => `${name}: ${value}\r\n`);
  request._header = `${request._header.slice(0, -2)}${lines.join('')}\r\n`;
}

function guarded(action) {
  try {
    action();
  } catch (error) {
    complainOfFailure('http trace', error);
  }
}

module.exports = { inbound, installOutbound };
},
'trace-nesttcp.cjs'(module, require) {
// Trace context over Nest's TCP transport, whose frames are `<length in UTF-16 units>#<JSON>`. Nest tells each message by emitting
// 'message' on the socket itself, in every version, so that the socket is the place; a chunk of bytes may hold many messages.

const { shadow } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

const FRAME = /^(\d{1,9})#\{/;
const ID = /"id":"([^"\\]{1,128})"\}$/;
const MOST_OPEN = 10_000;

/** A connection to a server here: each message is heard within the context that its metadata brings, or within none. */
function inbound(socket) {
  hearMessages(socket, message => trace.contextIn(message?.metadata));
}

/** A connection to a Nest service: frames get the caller's context on their way out, and each reply returns to its caller's. */
function outbound(socket) {
  const open = calls.get(socket) ?? hearReplies(socket);
  // connect() takes a write of one's own off, so that a socket which is used again needs it again.
  shadow(socket, 'write', before =>
    function write(chunk, ...rest) {
      return before.call(this, typeof chunk === 'string' ? annotated(chunk, open) : chunk, ...rest);
    });
}

/** Socket → the contexts of its calls that wait for replies, by id. */
const calls = new WeakMap();

function hearReplies(socket) {
  const open = new Map();
  calls.set(socket, open);
  hearMessages(socket, message => {
    const context = open.get(message?.id);
    if (message?.isDisposed || message?.err) open.delete(message.id);
    return context;
  });
  socket.on('close', () => open.clear());
  return open;
}

function hearMessages(socket, contextOf) {
  shadow(socket, 'emit', before =>
    function emit(event, ...args) {
      if (event !== 'message') return before.call(this, event, ...args);
      return trace.within(contextOf(args[0]), () => before.call(this, event, ...args));
    });
}

function annotated(chunk, open) {
  try {
    const frame = FRAME.exec(chunk);
    const json = frame && chunk.slice(frame[1].length + 1);
    if (!frame || json.length !== Number(frame[1])) return chunk;
    const id = ID.exec(json)?.[1];
    if (id !== undefined) remember(open, id);
    if (!trace.active()) return chunk;
    const packet = withContext(json);
    return `${packet.length}#${packet}`;
  } catch (error) {
    complainOfFailure('nest-tcp trace', error);
    return chunk;
  }
}

/** A request whose reply never comes must not be remembered for ever. */
function remember(open, id) {
  if (open.size >= MOST_OPEN) open.delete(open.keys().next().value);
  open.set(id, trace.now());
}

/** Most packets have no metadata; then there is nothing to parse, which matters for large ones. */
function withContext(json) {
  if (!json.includes('"metadata"')) {
    const metadata = JSON.stringify(Object.fromEntries(trace.additions(() => false)));
    return `{"metadata":${metadata}${json === '{}' ? '' : ','}${json.slice(1)}`;
  }
  const packet = JSON.parse(json);
  const { metadata = {} } = packet;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return json;
  const additions = trace.additions(name => Object.hasOwn(metadata, name));
  if (additions.length === 0) return json;
  return JSON.stringify({ ...packet, metadata: { ...metadata, ...Object.fromEntries(additions) } });
}

module.exports = { inbound, outbound };
},
'trace.cjs'(module, require) {
// The trace context of the call that is being served, carried to the calls made for it. Only the process itself can link the two.

const { AsyncLocalStorage } = require('async_hooks');
const { shadow } = require('./shadow.cjs');

const TRACE = ['traceparent', 'tracestate', 'b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags'];
const REQUEST_ID = 'x-request-id';
const NAMES = [...TRACE, REQUEST_ID];
const FIT = /^[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?$/;

const current = new AsyncLocalStorage();

/** The context in `values` (headers or metadata, names in lower case) as name → value, or undefined when there is none. */
function contextIn(values) {
  let context;
  for (const name of NAMES) {
    const value = values?.[name];
    if (typeof value === 'string' && FIT.test(value)) (context ??= {})[name] = value;
  }
  return context;
}

/** Runs `action` within a context; undefined is a context too: that of no call. */
function within(context, action) {
  return current.run(context, action);
}

/** Whether anything is to be passed on at all: the cheap question, asked first. */
function active() {
  return current.getStore() !== undefined;
}

function now() {
  return current.getStore();
}

/** What to add to a call that has the names for which `has` is true. An application that traces by itself is left alone. */
function additions(has) {
  const context = now();
  if (!context) return [];
  const tracesItself = TRACE.some(has);
  return Object.entries(context).filter(([name]) => (name === REQUEST_ID ? !has(name) : !tracesItself));
}

/** Makes all that an emitter tells be heard within a context: its events come from a connection, which serves many calls. */
function keep(emitter, context) {
  shadow(emitter, 'emit', before =>
    function emit(...args) {
      return current.getStore() === context ? before.apply(this, args) : current.run(context, () => before.apply(this, args));
    });
}

module.exports = { contextIn, within, active, now, additions, keep };
},
  };
  const built = {};
  const enter = name => {
    const room = rooms[name.replace('./', '')];
    if (!room) return require(name);
    if (!built[name]) room((built[name] = { exports: {} }), enter);
    return built[name].exports;
  };
  try {
    enter('./main.cjs').start(process.env.TULLE_HOOK, '0.1.0');
  } catch (error) {
    require('fs').writeSync(2, `tulle hook: TUL2103 the hook could not start (${error?.message}); this process is outside the mesh\n`);
  }
})();
