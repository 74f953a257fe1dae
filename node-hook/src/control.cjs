'use strict';
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
