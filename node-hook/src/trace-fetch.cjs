'use strict';
// Trace context out with fetch and undici, which announce each request before they send it.

const channel = require('diagnostics_channel');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

function install({ isMesh }) {
  channel.subscribe('undici:request:create', ({ request }) => {
    try {
      if (!trace.active()) return;
      const { hostname, port, protocol } = new URL(request.origin);
      if (!isMesh({ host: hostname, port: port || (protocol === 'https:' ? 443 : 80) })) return;
      const names = headerNames(request.headers);
      for (const [name, value] of trace.additions(name => names.has(name))) request.addHeader(name, value);
    } catch (error) {
      complainOfFailure('fetch trace', error);
    }
  });
}

/** undici 5 keeps headers as one string, 6 and later as a flat list of names and values. */
function headerNames(headers) {
  if (typeof headers === 'string') return new Set(headers.split('\r\n').map(line => line.slice(0, line.indexOf(':')).toLowerCase()));
  const names = new Set();
  if (Array.isArray(headers)) for (let i = 0; i < headers.length; i += 2) names.add(String(headers[i]).toLowerCase());
  return names;
}

module.exports = { install };
