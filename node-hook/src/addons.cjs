'use strict';
// Native add-ons. One that opens sockets in machine code never calls Node's `net`, so that the hook cannot lead it into the mesh: said once an add-on.

const fs = require('fs');
const { replace } = require('./shadow.cjs');
const { complain } = require('./complaint.cjs');

/** What such an add-on imports from the C library, or from Node itself. */
const CALLS = ['\0connect\0', '\0uv_tcp_connect\0'];
/** Or the libraries that do it for the add-on, by the names under which they are linked. */
const LIBRARIES = /\0lib(?:pq|rdkafka|curl|mysqlclient|mariadb|odbc|tdsodbc|clntsh|hiredis|mongoc-1\.0|zmq|nats|ssh2?|ldap)\.so[.\d]*\0/;

/** Whether a shared library (ELF: names stand in it between zeros) connects by itself. */
function connects(bytes) {
  return CALLS.some(name => bytes.includes(name)) || LIBRARIES.test(bytes.toString('latin1'));
}

function install() {
  replace(process, 'dlopen', before => function dlopen(module, file, ...rest) {
    const answer = Reflect.apply(before, this, [module, file, ...rest]);
    look(file); // only what was loaded: many packages try an add-on and go on without
    return answer;
  });
}

function look(file) {
  fs.readFile(file, (error, bytes) => {
    if (error || !connects(bytes)) return;
    complain(
      'TUL2106',
      `${file} opens connections in machine code: those go around the mesh, without mutual TLS and past every policy. "tulle run --capture netns" catches them`,
      `TUL2106 ${file}`,
    );
  });
}

module.exports = { connects, install };
