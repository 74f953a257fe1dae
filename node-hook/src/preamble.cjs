'use strict';
// Takes the PROXY header off a connection that the sidecar made, before the application's server hears of it.

const { setTimeout, clearTimeout, setImmediate } = require('timers');
const { read } = require('./proxyheader.cjs');
const { familyOf } = require('./address.cjs');

const PATIENCE = 5000;
const TAKEN = Buffer.from([6]); // ASCII's ACK

/**
 * Reads until the header is whole, then calls `admitted` with the socket, whose addresses are now the real ones and whose
 * first byte is the application's. A connection that is not the sidecar's is destroyed and told to `refused(why)`.
 */
function strip(socket, { secret, paused, admitted, refused }) {
  let seen = Buffer.alloc(0);
  let stopped = false;
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('end', gone);
    socket.off('close', gone);
    socket.off('error', gone);
  };
  const refuse = why => {
    stop();
    socket.on('error', () => {});
    socket.destroy();
    refused(why);
  };
  const gone = () => {
    if (seen.length > 0) return refuse('it closed before its PROXY header was whole');
    stop(); // a sidecar whose caller gave up, or a look at the port: nothing was asked, and nothing is destroyed
    socket.on('error', () => {});
    socket.destroy();
  };
  const look = () => {
    for (let chunk; (chunk = socket.read()) !== null; ) {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const header = read(seen, secret);
      if (header.refused) return refuse(header.refused);
      if (header.more) continue;
      stop();
      return admit(header, seen.subarray(header.length));
    }
  };
  const admit = (header, rest) => {
    socket._peername = { address: header.source, port: header.sourcePort, family: familyOf(header.source) };
    socket._sockname = { address: header.destination, port: header.destinationPort, family: familyOf(header.destination) };
    if (rest.length > 0) socket.unshift(rest);
    if (paused) socket.pause();
    // Before the server hears of it: what the kernel keeps for a server that closes now never gets this answer, and goes elsewhere.
    if (header.asks) socket.write(TAKEN);
    admitted(socket);
  };
  // A process that was busy or stopped (a breakpoint) meets its timers before what has arrived meanwhile: that is read first.
  const late = () => setImmediate(() => setImmediate(() => stopped || refuse('its PROXY header took longer than 5 s')));
  const timer = setTimeout(late, PATIENCE);
  timer.unref();
  socket.on('readable', look);
  socket.on('end', gone);
  socket.on('close', gone);
  socket.on('error', gone);
}

/** The same addresses on the TLS socket that a TLS server makes over a stripped one. */
function inherit(secure, plain) {
  if (!plain?._peername) return;
  secure._peername = plain._peername;
  secure._sockname = plain._sockname;
}

module.exports = { strip, inherit };
