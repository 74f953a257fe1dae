'use strict';
// The mesh's names and addresses as this instance may use them; replaced whole at each change.

const { bytesOf, canonical } = require('./address.cjs');

class Table {
  #names;
  #services;
  #addresses = new Map();
  #blocks = []; // the longest prefix first

  constructor({ names = {}, services = {}, addresses = {} }) {
    this.#names = new Map(Object.entries(names).map(([name, service]) => [plain(name), service]));
    this.#services = new Map(Object.entries(services));
    for (const [text, service] of Object.entries(addresses)) {
      const { ip, length, port } = parts(text);
      if (length === undefined) this.#addresses.set(`${ip}|${port}`, service);
      else this.#blocks.push({ network: bytesOf(ip), length, port, service });
    }
    this.#blocks.sort((a, b) => b.length - a.length);
  }

  /** The service of a name as an application writes it, or undefined. */
  serviceOf(name) {
    return this.#names.get(plain(name));
  }

  /** The service behind a canonical address and port, by itself or by the narrowest block that holds it; or undefined. */
  serviceAt(ip, port) {
    const found = this.#addresses.size === 0 ? undefined : this.#addresses.get(`${ip}|${port}`);
    return found ?? (this.#blocks.length === 0 ? undefined : this.#around(bytesOf(ip), port));
  }

  #around(bytes, port) {
    return this.#blocks.find(block => block.port === port && contains(block, bytes))?.service;
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

/** `10.0.0.1:80`, `10.0.0.0/8:80`, `[fd00::]:80` or `[fd00::/8]:80`. */
function parts(text) {
  const colon = text.lastIndexOf(':');
  const [address, length] = text.slice(0, colon).replace(/^\[|\]$/g, '').split('/');
  const ip = canonical(address);
  const mapped = address.includes(':') && !ip.includes(':'); // ::ffff:10.0.0.0/104 is 10.0.0.0/8
  return { ip, length: length === undefined ? undefined : Number(length) - (mapped ? 96 : 0), port: Number(text.slice(colon + 1)) };
}

/** Whether an address begins with the block's first bits; one of the other family never does. */
function contains({ network, length }, bytes) {
  if (network.length !== bytes.length) return false;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (network[i] !== bytes[i]) return false;
  const rest = length & 7;
  return rest === 0 || (network[whole] ^ bytes[whole]) >> (8 - rest) === 0;
}

module.exports = { Table };
