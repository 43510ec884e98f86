import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Place } from '../../static/log/place.js';
import { extent, moved, nearEdge, scrollOf, TALLEST } from '../../static/log/scale.js';

/** Rows that are shown, by the places they have in a store. */
const shown = (...places) => ({
  length: places.length,
  progress: 1,
  row: (i) => ({ id: places[i] }),
  at: (i) => places[i],
  positionOf: (place) => places.findIndex((one) => one >= place) < 0 ? places.length : places.findIndex((one) => one >= place),
});
const all = shown(...Array.from({ length: 100 }, (_, i) => i));

/** A place of 100 rows, seen through 200 px, that hangs on row 50. */
function middle() {
  const place = new Place();
  place.begin(100, 20);
  place.height = 200;
  place.following = false;
  place.jump(50, -5);
  place.hang(all, place.top);
  return place;
}

test('a log is as high as its rows up to what browsers can, and then no higher', () => {
  assert.equal(extent(5_000_000), 5_000_000);
  assert.equal(extent(20_000_000), TALLEST);
  assert.equal(scrollOf(1234, 50_000, 500), 1234);
  assert.equal(scrollOf(20_000_000 - 500, 20_000_000, 500), TALLEST - 500);
});

test('small steps are as long as they look, leaps go by the scrollbar', () => {
  const total = 20_000_000;
  assert.equal(moved(1_000_000, 500_000, 500_120, total, 500), 1_000_120);
  assert.equal(moved(1_000_000, 500_000, 499_880, total, 500), 999_880);
  assert.ok(Math.abs(moved(0, 0, TALLEST / 2, total, 500) - total / 2) < 500);
  assert.equal(moved(0, 0, TALLEST - 500, total, 500), total - 500);
  assert.equal(moved(100, 300, 100, total, 500), 0);
  for (const top of [0, 777, 199_999, 3_456_789, total - 700]) {
    const scroll = scrollOf(top, total, 500);
    assert.ok(Math.abs(moved(0, scroll > TALLEST / 2 ? 0 : TALLEST, scroll, total, 500) - top) < 0.01, `${top} and back`);
  }
  assert.deepEqual([scrollOf(777, total, 500), TALLEST - scrollOf(total - 777, total, 500)], [777, 777], 'near the ends nothing is scaled');
  assert.equal(moved(0, 0, 100, 300, 500), 0);
  assert.deepEqual([nearEdge(100, total, 500), nearEdge(5_000_000, total, 500), nearEdge(TALLEST - 600, total, 500)], [true, false, true]);
});

test('rows that come after, before or taller than thought leave the view where it is', () => {
  const place = middle();
  assert.equal(place.top, 1_005);
  place.change({ first: 100, removed: 0, added: 10 });
  assert.equal(place.top, 1_005);
  place.change({ first: 10, removed: 0, added: 3 });
  assert.equal(place.top, 1_065);
  place.layout.set(5, 100);
  assert.equal(place.top, 1_145);
  place.change({ first: 20, removed: 1, added: 1 });
  assert.equal(place.top, 1_145);
  place.change({ first: 53, removed: 0, added: 1 }); // right above the row it hangs on
  assert.equal(place.top, 1_165);
});

test('who follows stands at the end', () => {
  const place = middle();
  place.follow();
  assert.equal(place.top, 1_800);
  place.change({ first: 100, removed: 0, added: 10 });
  assert.equal(place.top, 2_000);
});

test('a filter leaves the row in the view, or the next one that it shows', () => {
  const place = middle();
  const odd = shown(...Array.from({ length: 50 }, (_, i) => 2 * i + 1));
  const even = shown(...Array.from({ length: 50 }, (_, i) => 2 * i));
  place.change({ first: 0, removed: 100, added: 50 });
  place.seek(even);
  assert.equal(place.top, 505, 'row 50 is the 25th and stands at the same pixel');
  place.hang(even, place.top);
  place.change({ first: 0, removed: 50, added: 50 });
  place.seek(odd);
  assert.equal(place.top, 500, 'row 51 stands in its place');
  place.hang(odd, place.top);
  place.change({ first: 0, removed: 50, added: 100 });
  place.seek(all);
  assert.equal(place.top, 1_020);
});

test('a filter that has not come to the row yet is waited for', () => {
  const place = middle();
  place.change({ first: 0, removed: 100, added: 10 });
  const some = { ...shown(...Array.from({ length: 10 }, (_, i) => i)), progress: 0.1 };
  place.seek(some);
  place.hang(some, place.top);
  place.change({ first: 10, removed: 0, added: 90 });
  place.seek(all);
  assert.equal(place.top, 1_005);
});

test('the scrollbar tells the reader from the browser', () => {
  const place = middle();
  place.scroll = 1_005;
  assert.equal(place.scrolled(1_005.4, 200), 'ours');
  assert.equal(place.scrolled(905, 200), 'up');
  assert.equal(place.top, 905);
  assert.equal(place.scrolled(1_000, 200), 'down');
  assert.equal(place.scrolled(1_796, 200), 'end');
  place.follow();
  assert.equal(place.scrolled(1_800, 200), 'ours', 'who follows goes nowhere by going down');
  assert.equal(place.scrolled(1_700, 300), 'ours', 'the view grew');
});

test('the scrollbar is left alone while the reader moves it', () => {
  const place = middle();
  place.begin(1_000_000, 20);
  place.jump(500_000, 0);
  place.scroll = 4_000_000;
  place.scrolling = true;
  assert.equal(place.wanted(place.top), undefined);
  place.scrolling = false;
  assert.ok(Math.abs(place.wanted(place.top) - TALLEST / 2) < 200);
});
