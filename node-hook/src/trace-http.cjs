'use strict';
// Trace context over HTTP: in with a request or an HTTP/2 stream, out with http.request (axios and its like end there).

const http = require('http');
const { replace } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

const WITH_REQUEST = new Set(['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect']);

/** Wraps the emit of a moved server. */
function inbound(emit) {
  return function (event, ...args) {
    const headers = WITH_REQUEST.has(event) ? args[0]?.headers : event === 'stream' ? args[1] : undefined;
    const context = headers && trace.contextIn(headers);
    if (!context) return emit.call(this, event, ...args);
    trace.keep(args[0], context);
    if (event === 'request') trace.keep(args[1], context);
    return trace.within(context, () => emit.call(this, event, ...args));
  };
}

/** `isMesh(options)` and `isMeshSocket(socket)` say whether a request stays in the mesh. */
function installOutbound({ isMesh, isMeshSocket }) {
  replace(http.Agent.prototype, 'addRequest', before =>
    function addRequest(request, options, ...rest) {
      guarded(() => trace.active() && isMesh(options) && add(request));
      return before.call(this, request, options, ...rest);
    });
  // Requests without an agent (ws makes its own connection) meet their socket here, before their headers are written.
  replace(http.ClientRequest.prototype, 'onSocket', before =>
    function onSocket(socket, ...rest) {
      guarded(() => !this.agent && socket && trace.active() && isMeshSocket(socket) && add(this));
      return before.call(this, socket, ...rest);
    });
}

function add(request) {
  if (typeof request._header !== 'string') {
    for (const [name, value] of trace.additions(name => request.hasHeader(name))) request.setHeader(name, value);
    return;
  }
  // Headers given as an array are written down already, though not sent.
  if (request._headerSent) return;
  const head = request._header.toLowerCase();
  const lines = trace.additions(name => head.includes(`\r\n${name}:`)).map(([name, value]) => `${name}: ${value}\r\n`);
  request._header = `${request._header.slice(0, -2)}${lines.join('')}\r\n`;
}

function guarded(action) {
  try {
    action();
  } catch (error) {
    complainOfFailure('http trace', error);
  }
}

module.exports = { inbound, installOutbound };
