'use strict';
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
