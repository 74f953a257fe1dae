'use strict';
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
