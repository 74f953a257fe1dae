'use strict';
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
