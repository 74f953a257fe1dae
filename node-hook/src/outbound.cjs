'use strict';
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
