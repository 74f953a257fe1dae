'use strict';
// Trace context over Nest's TCP transport, whose frames are `<length in UTF-16 units>#<JSON>`. Nest tells each message by emitting
// 'message' on the socket itself, in every version, so that the socket is the place; a chunk of bytes may hold many messages.

const { shadow } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

const FRAME = /^(\d{1,9})#\{/;
const ID = /"id":"([^"\\]{1,128})"\}$/;
const MOST_OPEN = 10_000;

/** A connection to a server here: each message is heard within the context that its metadata brings, or within none. */
function inbound(socket) {
  hearMessages(socket, message => trace.contextIn(message?.metadata));
}

/** A connection to a Nest service: frames get the caller's context on their way out, and each reply returns to its caller's. */
function outbound(socket) {
  const open = calls.get(socket) ?? hearReplies(socket);
  // connect() takes a write of one's own off, so that a socket which is used again needs it again.
  shadow(socket, 'write', before =>
    function write(chunk, ...rest) {
      return before.call(this, typeof chunk === 'string' ? annotated(chunk, open) : chunk, ...rest);
    });
}

/** Socket → the contexts of its calls that wait for replies, by id. */
const calls = new WeakMap();

function hearReplies(socket) {
  const open = new Map();
  calls.set(socket, open);
  hearMessages(socket, message => {
    const context = open.get(message?.id);
    if (message?.isDisposed || message?.err) open.delete(message.id);
    return context;
  });
  socket.on('close', () => open.clear());
  return open;
}

function hearMessages(socket, contextOf) {
  shadow(socket, 'emit', before =>
    function emit(event, ...args) {
      if (event !== 'message') return before.call(this, event, ...args);
      return trace.within(contextOf(args[0]), () => before.call(this, event, ...args));
    });
}

function annotated(chunk, open) {
  try {
    const frame = FRAME.exec(chunk);
    const json = frame && chunk.slice(frame[1].length + 1);
    if (!frame || json.length !== Number(frame[1])) return chunk;
    const id = ID.exec(json)?.[1];
    if (id !== undefined) remember(open, id);
    if (!trace.active()) return chunk;
    const packet = withContext(json);
    return `${packet.length}#${packet}`;
  } catch (error) {
    complainOfFailure('nest-tcp trace', error);
    return chunk;
  }
}

/** A request whose reply never comes must not be remembered for ever. */
function remember(open, id) {
  if (open.size >= MOST_OPEN) open.delete(open.keys().next().value);
  open.set(id, trace.now());
}

/** Most packets have no metadata; then there is nothing to parse, which matters for large ones. */
function withContext(json) {
  if (!json.includes('"metadata"')) {
    const metadata = JSON.stringify(Object.fromEntries(trace.additions(() => false)));
    return `{"metadata":${metadata}${json === '{}' ? '' : ','}${json.slice(1)}`;
  }
  const packet = JSON.parse(json);
  const { metadata = {} } = packet;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return json;
  const additions = trace.additions(name => Object.hasOwn(metadata, name));
  if (additions.length === 0) return json;
  return JSON.stringify({ ...packet, metadata: { ...metadata, ...Object.fromEntries(additions) } });
}

module.exports = { inbound, outbound };
