import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Layout } from '../../static/log/layout.js';

/** What a layout promises, kept in the simplest way. */
class Plain {
  heights = [];
  change(first, removed, added) {
    const kept = Math.min(removed, added);
    this.heights.splice(first + kept, removed - kept, ...new Array(added - kept).fill(20));
  }
  top = (i) => this.heights.slice(0, i).reduce((sum, one) => sum + one, 0);
  at(px) {
    let i = 0;
    for (let sum = 0; i < this.heights.length - 1 && sum + this.heights[i] <= px; i++) sum += this.heights[i];
    return i;
  }
}

test('rows of one height stand where a multiplication says', () => {
  const layout = new Layout();
  layout.change(0, 0, 1_000_000);
  assert.equal(layout.total, 20_000_000);
  assert.equal(layout.top(654_321), 13_086_420);
  assert.equal(layout.at(13_086_419), 654_320);
  assert.equal(layout.at(13_086_420), 654_321);
  assert.deepEqual([layout.at(-5), layout.at(1e9)], [0, 999_999]);
});

test('no row at all has no height', () => {
  const layout = new Layout();
  assert.deepEqual([layout.total, layout.top(0), layout.at(10), layout.height(0)], [0, 0, 0, 20]);
  layout.change(0, 0, 5);
  layout.change(0, 5, 0);
  assert.deepEqual([layout.length, layout.total, layout.at(10)], [0, 0, 0]);
});

test('measured, inserted, replaced and removed rows keep all others right', () => {
  const layout = new Layout();
  const plain = new Plain();
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let step = 0; step < 3_000; step++) {
    const { length } = plain.heights;
    const first = step % 3 ? length : random(length + 1);
    const removed = step % 7 ? 0 : random(Math.min(40, length - first + 1));
    const added = random(step % 50 ? 6 : 1_500);
    layout.change(first, removed, added);
    plain.change(first, removed, added);
    if (plain.heights.length && step % 2) {
      const i = random(plain.heights.length);
      layout.set(i, plain.heights[i] = 20 * (1 + random(4)));
    }
    if (step % 100) continue;
    assert.equal(layout.length, plain.heights.length);
    assert.equal(layout.total, plain.top(plain.heights.length));
    const i = random(length + 1);
    assert.equal(layout.top(i), plain.top(i));
    const px = random(layout.total + 1);
    assert.equal(layout.at(px), plain.at(px), `at ${px}`);
  }
});

test('beyond the last row is where it ends, measured or not', () => {
  const layout = new Layout();
  layout.change(0, 0, 3);
  assert.equal(layout.top(5_000), 60);
  layout.set(1, 60);
  assert.equal(layout.top(5_000), 100);
});

test('a row that changed in place keeps its height until it is measured', () => {
  const layout = new Layout();
  layout.change(0, 0, 3);
  layout.set(1, 60);
  layout.change(1, 1, 1);
  assert.equal(layout.total, 100);
});

test('near a row of another height the others are as high as estimated', () => {
  const layout = new Layout();
  layout.usually(20, (i) => (i % 2 ? 40 : 20));
  layout.change(0, 0, 100);
  assert.equal(layout.total, 2_000);
  layout.set(0, 80);
  assert.equal(layout.total, 80 + 49 * 20 + 50 * 40);
  layout.reset(20);
  assert.equal(layout.total, 2_000);
});

/** ms that the quickest of several takes: the machine may be busy with other things. */
function best(run) {
  let least = Infinity;
  for (let k = 0; k < 10; k++) {
    const start = performance.now();
    run(k);
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

test('finding and measuring one of a million takes microseconds', () => {
  const layout = new Layout();
  layout.change(0, 0, 1_000_000);
  for (let i = 0; i < 1_000_000; i += 5_000) layout.set(i, 40);
  const spent = best((round) => {
    for (let k = 0; k < 100; k++) {
      const i = layout.at(((k + round / 10) * layout.total) / 100);
      layout.set(i, layout.height(i) + 1);
      layout.top(i);
    }
  });
  assert.ok(spent < 20, `${spent} ms for a hundred`);
});

test('rows put in one by one far back cost little', () => {
  const layout = new Layout();
  layout.change(0, 0, 1_000_000);
  const spent = best(() => {
    for (let k = 0; k < 1_000; k++) layout.change(500_000 + (k % 100), 0, 1);
  });
  assert.equal(layout.length, 1_010_000);
  assert.ok(spent < 50, `${spent} ms for a thousand`);
});
