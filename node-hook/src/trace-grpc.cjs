'use strict';
// Trace context out with @grpc/grpc-js. Its HTTP/2 session sees concurrent calls of a cold channel all under the first one's
// context, and its client methods are copied before they could be wrapped: the channel's createCall is where both are right.

const Module = require('module');
const { replace } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');
const trace = require('./trace.cjs');

const ENTRY = /(?:^|[\\/])@grpc[\\/]grpc-js(?:[\\/]build[\\/]src[\\/]index(?:\.js)?)?$/;
const TARGET = /^(?:dns:(?:\/\/[^/]*\/)?|ipv4:|ipv6:)?(.+?)(?::(\d+))?$/;

/** grpc-js is CommonJS, so that an import of it passes here too. */
function install({ isMesh }) {
  const seen = new WeakSet();
  replace(Module, '_load', before =>
    function _load(request, ...rest) {
      const loaded = before.call(this, request, ...rest);
      if (typeof request === 'string' && request.includes('grpc-js') && ENTRY.test(request)) wrapOnce(loaded, seen, isMesh);
      return loaded;
    });
}

function wrapOnce(grpc, seen, isMesh) {
  try {
    const prototype = grpc?.Channel?.prototype;
    if (!prototype || seen.has(prototype)) return;
    seen.add(prototype);
    replace(prototype, 'createCall', before =>
      function createCall(...args) {
        const call = before.apply(this, args);
        try {
          if (isMesh(destination(this.getTarget()))) carry(call, trace.now());
        } catch (error) {
          complainOfFailure('grpc trace', error);
        }
        return call;
      });
  } catch (error) {
    complainOfFailure('grpc trace', error);
  }
}

function destination(target) {
  const [, host, port] = TARGET.exec(target) ?? [];
  return { host, port: port ?? 443 };
}

/** Adds the context to the call's metadata, and brings the answers back into it. Metadata is copied: applications share theirs between calls. */
function carry(call, context) {
  const { start } = call;
  call.start = function (metadata, listener) {
    return trace.within(context, () => {
      const own = metadata.clone();
      for (const [name, value] of trace.additions(name => own.get(name).length > 0)) own.set(name, value);
      return start.call(this, own, heardWithin(listener, context));
    });
  };
}

function heardWithin(listener, context) {
  const heard = {};
  for (const event of ['onReceiveMetadata', 'onReceiveMessage', 'onReceiveStatus']) {
    heard[event] = (...args) => trace.within(context, () => listener[event]?.(...args));
  }
  return heard;
}

module.exports = { install };
