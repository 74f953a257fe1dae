'use strict';
// Puts a method on one object in front of the one it inherits, and takes it off again.

/**
 * `wrap` is given the method as it was and returns the new one. The answer takes the shadow off, unless somebody else has
 * put another in front meanwhile: then ours must stay in their chain, and `wrap`'s method has to be harmless by then.
 */
function shadow(object, name, wrap) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const method = wrap(object[name]);
  Object.defineProperty(object, name, { value: method, configurable: true, writable: true, enumerable: false });
  return () => {
    if (object[name] !== method) return;
    if (own) Object.defineProperty(object, name, own);
    else delete object[name];
  };
}

/** Replaces a function on a module or prototype; the new one keeps the old one's name, length and properties (util.promisify reads some). */
function replace(object, name, wrap) {
  const before = object[name];
  if (typeof before !== 'function') return;
  const after = wrap(before);
  Object.defineProperties(after, Object.getOwnPropertyDescriptors(before));
  object[name] = after;
}

module.exports = { shadow, replace };
