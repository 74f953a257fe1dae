'use strict';
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
