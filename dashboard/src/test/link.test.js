import assert from 'node:assert/strict';
import test from 'node:test';
import { heard, missed, news, refused, UNKNOWN } from '../main/link.js';

test('a control plane that goes away leaves its last picture and when that was true', () => {
  const there = heard({ revision: 3 }, 1000);
  const away = missed(missed(there, 3000), 5000);
  assert.deepEqual(away, { status: 'away', since: 1000, picture: { revision: 3 }, reason: '' });
  assert.equal(heard({ revision: 4 }, 9000).status, 'there');
});

test('one that was never there is away since it was first missed', () => {
  assert.equal(missed(missed(UNKNOWN, 2000), 4000).since, 2000);
});

test('a refusal keeps the picture and says why', () => {
  const link = refused(heard({ revision: 3 }, 1000), 3000, 'TUL1338 no credential');
  assert.equal(link.picture.revision, 3);
  assert.equal(link.reason, 'TUL1338 no credential');
});

test('only a change is news, and the first picture is none', () => {
  const there = heard({}, 1);
  const away = missed(there, 2);
  assert.equal(news(UNKNOWN, there), '');
  assert.equal(news(there, heard({}, 2)), '');
  assert.match(news(there, away), /does not answer/);
  assert.equal(news(away, missed(away, 4)), '');
  assert.match(news(away, heard({}, 5)), /is back/);
});
