import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shop = fileURLToPath(new URL('..', import.meta.url));
const PATIENCE_MS = 60_000;

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';

/** A port of the loopback that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Is there such a program on the PATH? */
export function installed(program) {
  return process.env.PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Processes that were started for a test. Each is asked to end when the test is over, and killed if it does not. */
export class Fleet {
  #children = [];

  /** Resolves when the process has printed `until`, and rejects with all that it printed if it ends before. */
  async start(command, env, until) {
    const child = spawn(command[0], command.slice(1), {
      cwd: shop,
      env: { ...process.env, LISTEN_ON: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    child.printed = '';
    let late;
    await new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${command.join(' ')}: ${why}\n${child.printed}`));
      late = setTimeout(() => fail(`no "${until}" within ${PATIENCE_MS} ms`), PATIENCE_MS);
      const hear = (text) => {
        child.printed += text;
        if (child.printed.includes(until)) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', hear);
      child.stderr.setEncoding('utf8').on('data', hear);
      child.on('error', (error) => fail(error.message));
      child.on('close', (code, signal) => fail(`ended with ${code ?? signal}`));
    }).finally(() => clearTimeout(late));
    return child;
  }

  async service(name, env = {}) {
    const port = await freePort();
    const command = name === 'ledger' ? [java, 'ledger/Ledger.java'] : [process.execPath, `dist/${name}/main.js`];
    const child = await this.start(command, { PORT: String(port), ...env }, `listens on ${port}`);
    return { child, port, address: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` };
  }

  async end() {
    await Promise.all(this.#children.map((child) => stop(child)));
  }
}

/** Asks a process to end (SIGTERM) and says how it did: an exit code, or the signal that ended it. */
export async function stop(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(kill);
  }
  return child.exitCode ?? child.signalCode;
}

/** Starts the whole shop: one of each service, and both versions of the catalog, of which `web` asks the first. */
export async function openShop(fleet, { catalog = {}, ledger = { LEDGER_STORE: 'memory' } } = {}) {
  const [book, v1, v2, cart, notify] = await Promise.all([
    fleet.service('ledger', ledger),
    fleet.service('catalog', { VERSION: 'v1', ...catalog }),
    fleet.service('catalog', { VERSION: 'v2', ...catalog }),
    fleet.service('cart', { INSTANCE: 'cart-1' }),
    fleet.service('notify'),
  ]);
  const payment = await fleet.service('payment', { INSTANCE: 'payment-1', LEDGER_URL: book.url });
  const web = await fleet.service('web', {
    CATALOG_URL: v1.url,
    CART_HOST: '127.0.0.1',
    CART_PORT: String(cart.port),
    PAYMENT_URL: payment.address,
    NOTIFY_URL: `ws://${notify.address}`,
    LEDGER_URL: book.url,
  });
  return { ledger: book, v1, v2, cart, notify, payment, web };
}

export async function ask(url, { method = 'GET', body, headers = {} } = {}) {
  const answer = await fetch(url, {
    method,
    headers: body ? { 'content-type': 'application/json', ...headers } : headers,
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.includes('json');
  return { status: answer.status, headers: answer.headers, said: json ? JSON.parse(text) : text };
}

/** Reads a stream of server-sent events until one of them satisfies `last`. */
export async function eventsUntil(url, last) {
  const stop = new AbortController();
  const answer = await fetch(url, { signal: stop.signal });
  const events = [];
  let text = '';
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data: '));
      if (data.length === 0) continue;
      events.push(JSON.parse(data.map((line) => line.slice(6)).join('\n')));
      if (last(events.at(-1))) {
        stop.abort();
        return { type: answer.headers.get('content-type'), events };
      }
    }
  }
  throw new Error(`the stream ended after ${JSON.stringify(events)}`);
}
