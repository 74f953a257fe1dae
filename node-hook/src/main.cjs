'use strict';
// The spine: what the hook is made of, top to bottom.

const tls = require('tls');
const { syncBuiltinESMExports } = require('module');
const { isMainThread, threadId } = require('worker_threads');
const { Settings } = require('./settings.cjs');
const { Control } = require('./control.cjs');
const { Mesh } = require('./mesh.cjs');
const { Inbound } = require('./inbound.cjs');
const { Outbound } = require('./outbound.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const addons = require('./addons.cjs');
const names = require('./names.cjs');
const traceHttp = require('./trace-http.cjs');
const traceFetch = require('./trace-fetch.cjs');
const traceGrpc = require('./trace-grpc.cjs');
const traceNestTcp = require('./trace-nesttcp.cjs');

function start(file, version) {
  const settings = new Settings(file);
  const hello = { hello: 1, version, pid: process.pid, node: process.version, ...(isMainThread ? {} : { thread: threadId }) };
  const control = new Control(settings, path => outbound.dial(path), hello);
  const mesh = new Mesh(settings, control);
  const inbound = new Inbound({ settings, control, onEvent: (_, emit) => traceHttp.inbound(emit), onSocket: traceIn });
  const outbound = new Outbound({ mesh, settings, ownPorts: port => inbound.ownPort(port), onRedirect: traceOut });
  const isMesh = ({ host, port, socketPath }) => !socketPath && mesh.route(host || 'localhost', Number(port))?.own === false;

  inbound.install();
  outbound.install();
  names.install(mesh);
  guarded('add-ons', () => addons.install());
  guarded('http trace', () => traceHttp.installOutbound({ isMesh, isMeshSocket: socket => outbound.routeOf(socket)?.own === false }));
  guarded('fetch trace', () => traceFetch.install({ isMesh }));
  guarded('grpc trace', () => traceGrpc.install({ isMesh }));
  syncBuiltinESMExports(); // import { lookup } from 'dns' sees what require sees
}

/** Where no protocol is declared a Nest frame is recognised by its shape, which costs little. */
function traceIn(socket, server, protocol) {
  const plain = !(server instanceof tls.Server) && typeof server.setTimeout !== 'function'; // HTTP servers, 1 and 2, have that method
  if (plain && mayBeNestTcp(protocol)) traceNestTcp.inbound(socket);
}

function traceOut(socket, { protocol }) {
  if (!mayBeNestTcp(protocol)) return;
  guarded('nest-tcp trace', () => traceNestTcp.outbound(socket));
}

function mayBeNestTcp(protocol) {
  return protocol === '' || protocol === 'nest-tcp';
}

/** A trace that cannot be carried must not stop a connection. */
function guarded(place, action) {
  try {
    action();
  } catch (error) {
    complainOfFailure(place, error);
  }
}

module.exports = { start };
