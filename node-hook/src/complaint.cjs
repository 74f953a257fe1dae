'use strict';
// What the hook says to people: one line on stderr per subject, and errors that name a code, a cause and a way out.

const fs = require('fs');

const said = new Set();

/** Prints one line, once per subject in this process. Never throws: stderr may be closed or full. */
function complain(code, text, subject = code) {
  if (said.has(subject)) return;
  said.add(subject);
  try {
    fs.writeSync(2, `tulle hook: ${code} ${text}\n`);
  } catch {
    // There is nobody to tell.
  }
}

/** Says that the hook itself failed in one place; the application goes on. */
function complainOfFailure(place, error) {
  complain('TUL2103', `the hook failed in ${place}: ${error?.stack?.split('\n').slice(0, 2).join(' ') ?? error}; please report it`, `TUL2103 ${place}`);
}

/** The error that an application meets when its connect cannot go through the mesh: it looks like a refused connection, since that is what clients retry. */
function refusal(code, text, { address, port }) {
  const error = new Error(`connect ECONNREFUSED ${address}:${port} (${code}: ${text})`);
  return Object.assign(error, { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address, port, tulle: code });
}

module.exports = { complain, complainOfFailure, refusal };
