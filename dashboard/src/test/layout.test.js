import assert from 'node:assert/strict';
import test from 'node:test';
import { layout, sizes } from '../main/layout.js';
import { links } from '../main/shape.js';
import { shop } from './picture.js';

const drawn = (isDown) => layout(shop().parties.map(({ id }) => id), links(shop()), isDown);

test('callers stand before callees, whichever way it runs', () => {
  for (const isDown of [false, true]) {
    const { places } = drawn(isDown);
    for (const { from, to } of links(shop())) {
      const [a, b] = [places.get(from), places.get(to)];
      assert.ok(isDown ? a.y < b.y : a.x < b.x, `${from} before ${to}`);
    }
  }
});

test('no party covers another, and all lie within the drawing', () => {
  for (const isDown of [false, true]) {
    const { places, width, height } = drawn(isDown);
    const party = sizes(isDown);
    const all = [...places.values()];
    for (const [i, a] of all.entries()) {
      assert.ok(a.x >= party.width / 2 && a.x <= width - party.width / 2);
      assert.ok(a.y >= party.height / 2 && a.y <= height - party.height / 2);
      for (const b of all.slice(i + 1)) {
        assert.ok(Math.abs(a.x - b.x) >= party.width || Math.abs(a.y - b.y) >= party.height);
      }
    }
  }
});

test('the same mesh is drawn the same, whatever order its edges come in', () => {
  const ids = shop().parties.map(({ id }) => id);
  const reversed = layout(ids, links(shop()).reverse(), false);
  for (const [id, place] of drawn(false).places) assert.equal(reversed.places.get(id).x, place.x, id);
});

test('circles, calls to oneself and parties alone are drawn too', () => {
  const ids = ['a', 'b', 'c', 'alone'];
  const circle = [['a', 'b'], ['b', 'c'], ['c', 'a'], ['b', 'b']].map(([from, to]) => ({ from, to }));
  const { places, paths } = layout(ids, circle, false);
  assert.deepEqual([...places.keys()].sort(), ['a', 'alone', 'b', 'c']);
  assert.equal(paths.length, 4);
  for (const { points } of paths) for (const { x, y } of points) assert.ok(Number.isFinite(x) && Number.isFinite(y));
});

test('a call over several layers passes straight beside each', () => {
  const { paths } = drawn(false);
  const far = paths.find(({ link }) => link.from === 'shop/web' && link.to === 'shop/ledger');
  const [, enter, leave] = far.points;
  assert.equal(far.points.length, 4);
  assert.equal(enter.y, leave.y);
  assert.equal(leave.x - enter.x, sizes(false).width);
});

test('nothing is drawn of nothing', () => {
  assert.equal(layout([], [], false).places.size, 0);
});
