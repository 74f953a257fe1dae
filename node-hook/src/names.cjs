'use strict';
// Name lookups: a name of the mesh is answered from 240.0.0.0/4 at once, all others by the real resolver.

const dns = require('dns');
const { replace } = require('./shadow.cjs');
const { complainOfFailure } = require('./complaint.cjs');

/** Record types that a mesh name does not have; asking a real DNS server would only leak the name and wait. */
const ABSENT = ['Any', 'Caa', 'Cname', 'Mx', 'Naptr', 'Ns', 'Ptr', 'Soa', 'Srv', 'Tlsa', 'Txt'];

function install(mesh) {
  const answers = answersOf(mesh);
  replace(dns, 'lookup', before => lookupWithCallback(before, answers));
  replace(dns.promises, 'lookup', before => asPromise(before, answers.lookup));
  // setServers() binds the module's functions anew from these prototypes, so both have to be replaced.
  for (const target of [dns, dns.Resolver.prototype]) eachResolve(target, withCallback, answers);
  for (const target of [dns.promises, dns.promises.Resolver.prototype]) eachResolve(target, asPromise, answers);
}

function eachResolve(target, style, answers) {
  replace(target, 'resolve', before => style(before, answers.resolve));
  replace(target, 'resolve4', before => style(before, (name, options) => answers.resolve4(name, options)));
  replace(target, 'resolve6', before => style(before, (name, options) => answers.resolve6(name, options)));
  for (const type of ABSENT) replace(target, `resolve${type}`, before => style(before, name => answers.absent(name, type)));
}

/** Each answer is undefined (not a mesh name), `{value}` or `{error}`. */
function answersOf(mesh) {
  const known = name => {
    try {
      return mesh.knows(name);
    } catch (error) {
      complainOfFailure('dns', error);
      return false;
    }
  };
  const v4 = name => mesh.addressOf(name);
  const v6 = name => `::ffff:${mesh.addressOf(name)}`;
  const records = (name, address, options) => known(name) && { value: [options?.ttl ? { address, ttl: 0 } : address] };
  const resolve4 = (name, options) => records(name, known(name) && v4(name), options);
  const resolve6 = (name, options) => records(name, known(name) && v6(name), options);
  const absent = (name, type) => known(name) && { error: noData(name, type) };
  return {
    resolve4,
    resolve6,
    absent,
    resolve: (name, type = 'A') => (type === 'A' ? resolve4(name) : type === 'AAAA' ? resolve6(name) : absent(name, String(type))),
    lookup: (name, options) => {
      if (!known(name)) return undefined;
      const { family, all } = typeof options === 'object' && options !== null ? options : { family: options };
      const found = family === 6 || family === 'IPv6' ? { address: v6(name), family: 6 } : { address: v4(name), family: 4 };
      return { value: all ? [found] : found };
    },
  };
}

function noData(hostname, type) {
  const syscall = `query${type}`;
  return Object.assign(new Error(`${syscall} ENODATA ${hostname}`), { errno: undefined, code: 'ENODATA', syscall, hostname });
}

function lookupWithCallback(before, answers) {
  return function lookup(name, options, callback) {
    const done = typeof options === 'function' ? options : callback;
    const answer = typeof done === 'function' && answers.lookup(name, typeof options === 'function' ? undefined : options);
    if (!answer) return before.apply(this, arguments);
    if (Array.isArray(answer.value)) process.nextTick(done, null, answer.value);
    else process.nextTick(done, null, answer.value.address, answer.value.family);
    return {};
  };
}

function withCallback(before, answerFor) {
  return function (name, options) {
    const done = arguments[arguments.length - 1];
    const answer = typeof done === 'function' && answerFor(name, typeof options === 'function' ? undefined : options);
    if (!answer) return before.apply(this, arguments);
    process.nextTick(done, answer.error ?? null, answer.value);
    return {};
  };
}

function asPromise(before, answerFor) {
  return function (name, options) {
    const answer = answerFor(name, options);
    if (!answer) return before.apply(this, arguments);
    return answer.error ? Promise.reject(answer.error) : Promise.resolve(answer.value);
  };
}

module.exports = { install };
