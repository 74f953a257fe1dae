// A sidecar for tests: the sockets of the contract, spoken independently of the hook's own code, and applications behind them.
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { built } from '../build.mjs';

export const SECRET = 'a5'.repeat(32);
const HERE = fileURLToPath(new URL('..', import.meta.url));
const MAGIC = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

/** A PROXY v2 header, by hand. */
export function header({ source = '10.9.8.7', sourcePort = 5555, destination = '127.0.0.1', port = 4000, secret = SECRET, command = 0x21, padding = 0, asks = false } = {}) {
  const v6 = source.includes(':');
  const ip = text => (v6 ? Buffer.from(text.split(':').map(group => group.padStart(4, '0')).join(''), 'hex') : Buffer.from(text.split('.').map(Number)));
  const tlvs = [];
  if (padding) tlvs.push(Buffer.concat([Buffer.from([0x04, padding >> 8, padding & 255]), Buffer.alloc(padding)]));
  if (secret) tlvs.push(Buffer.concat([Buffer.from([0xe0, 0, secret.length / 2]), Buffer.from(secret, 'hex')]));
  if (asks) tlvs.push(Buffer.from([0xe1, 0, 0]));
  const ports = Buffer.from([sourcePort >> 8, sourcePort & 255, port >> 8, port & 255]);
  const body = Buffer.concat([ip(source), ip(destination), ports, ...tlvs]);
  return Buffer.concat([MAGIC, Buffer.from([command, v6 ? 0x21 : 0x11, body.length >> 8, body.length & 255]), body]);
}

function parse(bytes) {
  if (bytes.length < 16 || bytes.length < 16 + bytes.readUInt16BE(14)) return undefined;
  const length = 16 + bytes.readUInt16BE(14);
  const v6 = bytes[13] === 0x21;
  const at = v6 ? 32 : 8;
  const body = bytes.subarray(16, length);
  const found = { signed: false, wellFormed: bytes.subarray(0, 12).equals(MAGIC) && bytes[12] === 0x21, authority: undefined, v6 };
  found.destination = v6 ? body.subarray(16, 32).toString('hex') : [...body.subarray(4, 8)].join('.');
  found.source = v6 ? body.subarray(0, 16).toString('hex') : [...body.subarray(0, 4)].join('.');
  found.port = body.readUInt16BE(at + 2);
  for (let i = at + 4; i < body.length; i += 3 + body.readUInt16BE(i + 1)) {
    const value = body.subarray(i + 3, i + 3 + body.readUInt16BE(i + 1));
    if (body[i] === 0x02) found.authority = value.toString();
    if (body[i] === 0xe0) found.signed = value.toString('hex') === SECRET;
  }
  return { ...found, rest: bytes.subarray(length) };
}

export const TABLE = {
  revision: '1',
  names: { catalog: 'catalog.shop.tulle', 'catalog.shop': 'catalog.shop.tulle', cart: 'cart.shop.tulle', payment: 'payment.shop.tulle' },
  services: {
    'catalog.shop.tulle': { ports: [3000], local: true },
    'cart.shop.tulle': { ports: [4000], local: true, protocols: { 4000: 'nest-tcp' } },
    'payment.shop.tulle': { ports: [5000], local: true, protocols: { 5000: 'grpc' } },
    'one.shop.tulle': { ports: [7070], local: true },
    'two.shop.tulle': { ports: [7070], local: true },
  },
  addresses: { '10.1.2.3:5432': 'db.shop.tulle', '[fd00:0::5]:5432': 'db6.shop.tulle' },
};

export class Sidecar extends EventEmitter {
  dir = mkdtempSync(join(tmpdir(), 'tulle hook '));
  hook = join(this.dir, 'hook.cjs');
  file = join(this.dir, 'hook.json');
  listens = [];
  hellos = [];
  /** authority → what to do with (socket, header): 'catalog' or '' for none. */
  services = {};
  arrivals = [];
  table;
  #servers = [];
  #sockets = new Set();
  #children = [];

  static async start(t, { inbound = [], table = TABLE, refuse } = {}) {
    const sidecar = new Sidecar();
    sidecar.table = table;
    sidecar.refuse = refuse;
    writeFileSync(sidecar.hook, built()); // its directory has a space in its name
    const paths = { control: join(sidecar.dir, 'hook.sock'), outbound: join(sidecar.dir, 'out.sock') };
    const settings = { protocol: 1, version: '0.1.0', secret: SECRET, instance: 'cart-1', namespace: 'shop', ...paths, inbound, table };
    writeFileSync(sidecar.file, JSON.stringify(settings), { mode: 0o600 });
    sidecar.paths = paths;
    await sidecar.openControl();
    sidecar.outbound = await sidecar.#serve(paths.outbound, socket => sidecar.#arrive(socket));
    t.after(() => sidecar.stop());
    return sidecar;
  }

  async openControl() {
    this.control = await this.#serve(this.paths.control, socket => this.#converse(socket));
  }

  async #serve(path, onConnection) {
    const server = net.createServer({ allowHalfOpen: true }, socket => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      onConnection(socket);
    });
    this.#servers.push(server);
    await once(server.listen(path), 'listening');
    return server;
  }

  #converse(socket) {
    const say = message => socket.write(`${JSON.stringify(message)}\n`);
    const lines = createInterface({ input: socket });
    lines.on('error', () => {});
    lines.on('line', line => {
      const message = JSON.parse(line);
      if (message.hello) {
        this.hellos.push(message);
        if (this.refuse) return void socket.end(`${JSON.stringify({ refused: this.refuse })}\n`);
        say({ hello: 1, version: '0.1.0' });
        say({ table: this.table });
        this.push = say;
      }
      if (message.listen) this.listens.push({ ...message.listen, socket });
      if (message.unlisten) this.listens = this.listens.filter(({ id, socket: of }) => id !== message.unlisten.id || of !== socket);
      this.emit('told', message);
    });
    socket.on('close', () => {
      this.listens = this.listens.filter(({ socket: of }) => of !== socket);
      this.emit('told', {});
    });
    socket.on('end', () => socket.end());
  }

  /** Ends all control conversations, as a restart of the sidecar does. */
  async dropControl() {
    await new Promise(done => {
      this.control.close(done);
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async told(test) {
    while (!test()) await once(this, 'told');
  }

  async listening(port, count = 1) {
    const found = () => this.listens.filter(listen => listen.port === port);
    await this.told(() => found().length >= count);
    return found()[0].actual;
  }

  /** The first connections of applications, once that many have come. */
  async arrived(count) {
    await this.told(() => this.arrivals.length >= count);
    return this.arrivals;
  }

  #arrive(socket) {
    let seen = Buffer.alloc(0);
    const look = chunk => {
      seen = Buffer.concat([seen, chunk]);
      const found = parse(seen);
      if (!found) return;
      socket.off('data', look);
      socket.pause();
      if (found.rest.length) socket.unshift(found.rest);
      this.arrivals.push(found);
      this.emit('told', found);
      const service = this.services[found.authority ?? ''];
      if (!service || !found.signed || !found.wellFormed) return void socket.destroy();
      service(socket, found);
    };
    socket.on('data', look);
  }

  /** Sends what arrives for a name to an application that listens on a moved port. */
  lead(name, port) {
    this.services[name] = async from => {
      const to = net.connect(await this.listening(port));
      to.on('error', () => from.destroy());
      to.write(header({ port }));
      from.pipe(to).pipe(from);
    };
  }

  env(extra = {}) {
    const quoted = this.hook.replace(/["\\]/g, '\\$&');
    return { ...process.env, NODE_OPTIONS: `--require "${quoted}"`, TULLE_HOOK: this.file, ...extra };
  }

  /** Runs a program of test/apps, or a module's text, behind this sidecar. */
  run(app, { args = [], env, command } = {}) {
    const inline = /\s/.test(app);
    const own = inline ? ['--input-type=module', '-e', app] : [join(HERE, 'test/apps', app)];
    const [program, ...words] = command ?? [process.execPath, ...own, ...args];
    const child = spawn(program, words, { cwd: HERE, env: this.env(env), stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const running = new Running(child);
    this.#children.push(running);
    return running;
  }

  async stop() {
    await Promise.all(this.#children.map(child => child.stop()));
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A process whose lines on stdout are JSON, or text. */
class Running extends EventEmitter {
  lines = [];
  errors = '';

  constructor(child) {
    super();
    this.child = child;
    this.closed = once(child, 'close').then(([code]) => {
      this.code = code;
      this.over = true;
      this.emit('line');
      return code;
    });
    createInterface({ input: child.stdout }).on('line', line => {
      this.lines.push(line);
      this.emit('line');
    });
    child.stderr.on('data', text => {
      this.errors += text;
      this.emit('line');
    });
  }

  /** The first line, from the given one on, that is JSON with this key. */
  async says(key) {
    for (;;) {
      for (const line of this.lines) if (line.startsWith('{') && key in JSON.parse(line)) return JSON.parse(line)[key];
      if (this.over) throw new Error(`exit ${this.code} before it said "${key}": ${this.errors} ${this.lines}`);
      await once(this, 'line');
    }
  }

  async complains(pattern) {
    while (!pattern.test(this.errors)) {
      if (this.over) throw new Error(`exit ${this.code} without ${pattern}: ${this.errors}`);
      await once(this, 'line');
    }
  }

  tell(line) {
    this.child.stdin.write(`${line}\n`);
  }

  async stop() {
    if (!this.over) process.kill(-this.child.pid, 'SIGKILL'); // its own group: npm and watchers have children
    await this.closed;
  }
}

/** Opens a connection to a moved port as the sidecar would, and gives all that it answers until it ends. */
export function enter(actual, bytes) {
  const socket = net.connect(actual);
  socket.on('error', () => {});
  socket.write(bytes);
  return socket;
}

export async function all(socket) {
  let text = '';
  socket.setEncoding('utf8');
  for await (const chunk of socket) text += chunk;
  return text;
}

/** Answers HTTP/1 over whatever connection it is given. */
export function httpService(answer = (request, response) => response.end(`hello ${request.headers.host}${request.url}`)) {
  const server = http.createServer(answer);
  return socket => {
    server.emit('connection', socket);
    socket.resume();
  };
}

/** Answers with the headers that it was given, as JSON. */
export function mirror() {
  return httpService((request, response) => response.end(JSON.stringify(request.headers)));
}
