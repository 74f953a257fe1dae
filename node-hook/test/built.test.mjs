import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { built } from '../build.mjs';

test('hook.cjs is what build.mjs makes of src', () => {
  assert.equal(readFileSync(new URL('../hook.cjs', import.meta.url), 'utf8'), built(), 'run: node build.mjs');
});
