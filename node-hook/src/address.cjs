'use strict';
// IP addresses as text and as bytes.

const net = require('net');

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/** One spelling per address: lower case, shortest form, no brackets or zone; a v4-mapped one as IPv4. Anything else than an address: ''. */
function canonical(text) {
  let bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const zone = bare.indexOf('%');
  if (zone >= 0) bare = bare.slice(0, zone);
  const family = net.isIP(bare);
  if (family === 4) return bare;
  if (family === 0) return '';
  const shortest = new net.SocketAddress({ address: bare, family: 'ipv6' }).address;
  return MAPPED.exec(shortest)?.[1] ?? shortest;
}

/** Whether a connect to it stays on this machine; the unspecified address does, on every system that matters here. */
function isLoopback(ip) {
  return ip.startsWith('127.') || ip === '::1' || ip === '0.0.0.0' || ip === '::';
}

function familyOf(ip) {
  return ip.includes(':') ? 'IPv6' : 'IPv4';
}

/** 4 or 16 bytes of a canonical address. */
function bytesOf(ip) {
  if (!ip.includes(':')) return Buffer.from(ip.split('.').map(Number));
  const [head, tail] = ip.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...new Array(8 - left.length - right.length).fill(0), ...right];
  const bytes = Buffer.alloc(16);
  all.forEach((group, i) => bytes.writeUInt16BE(group, 2 * i));
  return bytes;
}

function groups(text) {
  if (text === '') return [];
  return text.split(':').flatMap(part => {
    if (!part.includes('.')) return [parseInt(part, 16)];
    const [a, b, c, d] = part.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

/** The text of 4 or 16 bytes, canonical. */
function textOf(bytes) {
  if (bytes.length === 4) return bytes.join('.');
  const groups = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes.readUInt16BE(i).toString(16));
  return canonical(groups.join(':'));
}

module.exports = { canonical, isLoopback, familyOf, bytesOf, textOf };
