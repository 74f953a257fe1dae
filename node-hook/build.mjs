// Joins src/*.cjs into hook.cjs, one file that needs nothing beside it. `node build.mjs FILE` writes it; Maven does that for launch's jar.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = path => new URL(path, import.meta.url);
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

const HEAD = `'use strict';
// Tulle's Node hook ${version}. Built from node-hook/src by node-hook/build.mjs: change it there.
// Loaded by NODE_OPTIONS into every Node process of a launch; without TULLE_HOOK it does nothing.
(() => {
  const once = Symbol.for('io.tulle.hook');
  if (!process.env.TULLE_HOOK || globalThis[once]) return;
  Object.defineProperty(globalThis, once, { value: '${version}' });
  const rooms = {
`;

const TAIL = `  };
  const built = {};
  const enter = name => {
    const room = rooms[name.replace('./', '')];
    if (!room) return require(name);
    if (!built[name]) room((built[name] = { exports: {} }), enter);
    return built[name].exports;
  };
  try {
    enter('./main.cjs').start(process.env.TULLE_HOOK, '${version}');
  } catch (error) {
    require('fs').writeSync(2, \`tulle hook: TUL2103 the hook could not start (\${error?.message}); this process is outside the mesh\\n\`);
  }
})();
`;

/** The text of hook.cjs. */
export function built() {
  const rooms = readdirSync(at('src/'))
    .filter(name => name.endsWith('.cjs'))
    .sort()
    .map(name => `'${name}'(module, require) {\n${readFileSync(at(`src/${name}`), 'utf8').replace(/^'use strict';\n/, '')}},\n`);
  return HEAD + rooms.join('') + TAIL;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file] = process.argv;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, built());
}
