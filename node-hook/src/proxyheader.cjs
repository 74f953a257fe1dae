'use strict';
// The PROXY protocol, version 2 (haproxy's doc/proxy-protocol.txt), with three TLVs: the authority, Tulle's secret, and its question.

const { timingSafeEqual } = require('crypto');
const { bytesOf, textOf } = require('./address.cjs');

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const FIXED = 16;
const LONGEST = 512;
const PROXY = 0x21;
const TCP4 = 0x11;
const TCP6 = 0x21;
const AUTHORITY = 0x02;
const SECRET = 0xe0;
const ASKS = 0xe1; // for one byte when the application has the connection

/** The preamble of a connection: where it comes from, where it is meant to go, under which name, and the secret that proves the sender. */
function encode({ source, sourcePort, destination, destinationPort, authority, secret }) {
  const to = bytesOf(destination);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(sourcePort, 0);
  ports.writeUInt16BE(destinationPort, 2);
  const parts = [bytesOf(source), to, ports];
  if (authority) parts.push(tlv(AUTHORITY, Buffer.from(authority)));
  parts.push(tlv(SECRET, secret));
  const body = Buffer.concat(parts);
  const fixed = Buffer.alloc(FIXED);
  SIGNATURE.copy(fixed);
  fixed[12] = PROXY;
  fixed[13] = to.length === 4 ? TCP4 : TCP6;
  fixed.writeUInt16BE(body.length, 14);
  return Buffer.concat([fixed, body]);
}

function tlv(type, value) {
  const head = Buffer.from([type, value.length >> 8, value.length & 0xff]);
  return Buffer.concat([head, value]);
}

/**
 * Reads the preamble at the start of `bytes`: `{more: true}` while it is not whole, `{refused: why}`, or
 * `{length, source, sourcePort, destination, destinationPort, asks}` once it is whole and carries the secret.
 */
function read(bytes, secret) {
  const seen = Math.min(bytes.length, SIGNATURE.length);
  if (SIGNATURE.compare(bytes, 0, seen, 0, seen) !== 0) return { refused: 'it does not begin with a PROXY v2 header' };
  if (bytes.length < FIXED) return { more: true };
  const length = FIXED + bytes.readUInt16BE(14);
  if (length > LONGEST) return { refused: `its PROXY header claims ${length} bytes` };
  if (bytes[12] !== PROXY) return { refused: 'its PROXY header is not of version 2 and command PROXY' };
  if (bytes[13] !== TCP4 && bytes[13] !== TCP6) return { refused: 'its PROXY header is not about TCP' };
  if (bytes.length < length) return { more: true };
  return readBody(bytes.subarray(FIXED, length), bytes[13] === TCP4 ? 4 : 16, secret, length);
}

function readBody(body, width, secret, length) {
  const addresses = 2 * width + 4;
  if (body.length < addresses) return { refused: 'its PROXY header is too short for its addresses' };
  const proof = findTlv(body.subarray(addresses), SECRET);
  if (!proof || proof.length !== secret.length || !timingSafeEqual(proof, secret)) return { refused: 'it lacks the secret of this launch' };
  return {
    length,
    asks: findTlv(body.subarray(addresses), ASKS) !== undefined,
    source: textOf(body.subarray(0, width)),
    destination: textOf(body.subarray(width, 2 * width)),
    sourcePort: body.readUInt16BE(2 * width),
    destinationPort: body.readUInt16BE(2 * width + 2),
  };
}

function findTlv(bytes, type) {
  for (let at = 0; at + 3 <= bytes.length; ) {
    const end = at + 3 + bytes.readUInt16BE(at + 1);
    if (end > bytes.length) return undefined;
    if (bytes[at] === type) return bytes.subarray(at + 3, end);
    at = end;
  }
  return undefined;
}

module.exports = { encode, read, LONGEST };
