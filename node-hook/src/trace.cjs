'use strict';
// The trace context of the call that is being served, carried to the calls made for it. Only the process itself can link the two.

const { AsyncLocalStorage } = require('async_hooks');
const { shadow } = require('./shadow.cjs');

const TRACE = ['traceparent', 'tracestate', 'b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags'];
const REQUEST_ID = 'x-request-id';
const NAMES = [...TRACE, REQUEST_ID];
const FIT = /^[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?$/;

const current = new AsyncLocalStorage();

/** The context in `values` (headers or metadata, names in lower case) as name → value, or undefined when there is none. */
function contextIn(values) {
  let context;
  for (const name of NAMES) {
    const value = values?.[name];
    if (typeof value === 'string' && FIT.test(value)) (context ??= {})[name] = value;
  }
  return context;
}

/** Runs `action` within a context; undefined is a context too: that of no call. */
function within(context, action) {
  return current.run(context, action);
}

/** Whether anything is to be passed on at all: the cheap question, asked first. */
function active() {
  return current.getStore() !== undefined;
}

function now() {
  return current.getStore();
}

/** What to add to a call that has the names for which `has` is true. An application that traces by itself is left alone. */
function additions(has) {
  const context = now();
  if (!context) return [];
  const tracesItself = TRACE.some(has);
  return Object.entries(context).filter(([name]) => (name === REQUEST_ID ? !has(name) : !tracesItself));
}

/** Makes all that an emitter tells be heard within a context: its events come from a connection, which serves many calls. */
function keep(emitter, context) {
  shadow(emitter, 'emit', before =>
    function emit(...args) {
      return current.getStore() === context ? before.apply(this, args) : current.run(context, () => before.apply(this, args));
    });
}

module.exports = { contextIn, within, active, now, additions, keep };
