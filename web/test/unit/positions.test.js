import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Positions } from '../../static/log/positions.js';

/** Beside an array of booleans: whether each place is chosen. */
test('positions stay what an array says, whatever is chosen, put in and taken out', () => {
  let seed = 11;
  const random = (n) => (seed = (seed * 1_103_515_245 + 12_345) % 0x80000000) % n;
  const positions = new Positions();
  const list = Array(9_000).fill(false);
  for (let round = 0; round < 6_000; round++) {
    const place = random(list.length);
    if (!list[place]) {
      list[place] = true;
      positions.insert(place);
    }
    if (round % 3 === 0) {
      const [first, removed, added] = [random(list.length), random(round % 300 ? 4 : 700), random(6)];
      const gone = list.splice(first, removed, ...Array(added).fill(false)).filter(Boolean).length;
      assert.equal(positions.splice(first, Math.min(removed, list.length - added + removed - first), added), gone);
    }
    if (round % 500 === 0 || round === 5_999) {
      const chosen = list.flatMap((yes, i) => (yes ? [i] : []));
      assert.deepEqual(Array.from({ length: positions.length }, (_, rank) => positions.at(rank)), chosen);
      for (let i = 0; i < 50; i++) {
        const asked = random(list.length + 10);
        assert.equal(positions.rank(asked), chosen.filter((each) => each < asked).length);
      }
    }
  }
});

test('cleared, nothing is chosen', () => {
  const positions = new Positions();
  for (let i = 0; i < 5_000; i++) positions.insert(i * 2);
  positions.clear();
  assert.deepEqual([positions.length, positions.rank(7)], [0, 0]);
  positions.insert(3);
  assert.deepEqual([positions.length, positions.at(0), positions.rank(3), positions.rank(4)], [1, 3, 0, 1]);
});

test('a million in a row, then what happens in front of them, is quick', () => {
  const positions = new Positions();
  const cpu = process.cpuUsage();
  for (let i = 0; i < 1_000_000; i++) positions.insert(i);
  for (let i = 0; i < 10_000; i++) positions.splice(5, 0, 1);
  assert.equal(positions.at(500_000), 510_000);
  assert.ok(process.cpuUsage(cpu).user < 3_000_000);
});
