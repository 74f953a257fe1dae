'use strict';
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
