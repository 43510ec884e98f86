import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, ceiling, inWords, latest, points, rates, stretches } from '../../static/lib/series.js';

const line = (/** @type {number[]} */ ...values) => ({ name: 'x', points: values.map((value, i) => ({ time: i * 1000, value })) });

test('a figure that is missing is not known, and no zero', () => {
  const samples = [{ time: 1, cpu: 3 }, { time: 2 }, { time: 3, cpu: '7' }];
  assert.deepEqual(points(samples, ({ cpu }) => cpu), [{ time: 1, value: 3 }, { time: 2, value: NaN }, { time: 3, value: NaN }]);
});

test('a counter becomes what it rose by in a second', () => {
  const samples = [[0, 100], [1000, 1100], [3000, 1300], [3500, 1400]].map(([time, sent]) => ({ time, sent }));
  assert.deepEqual(rates(samples, ({ sent }) => sent), [{ time: 1000, value: 1000 }, { time: 3000, value: 100 }, { time: 3500, value: 200 }]);
  assert.deepEqual(rates(samples.slice(0, 1), ({ sent }) => sent), []);
});

test('a counter that begins anew, a hole and a clock that stands still give no rate', () => {
  const samples = [[0, 900], [1000, 5], [2000, 15], [60_000, 9_000_000], [60_000, 9_000_001]].map(([time, sent]) => ({ time, sent }));
  assert.deepEqual(rates(samples, ({ sent }) => sent).map(({ value }) => value), [NaN, 10, NaN, NaN]);
});

test('a line is drawn without its holes', () => {
  const all = [0, 1000, 2000, 9000, 10_000, 11_000, 12_000].map((time) => ({ time, value: time === 11_000 ? NaN : 1 }));
  assert.deepEqual(stretches(all).map((each) => each.map(({ time }) => time)), [[0, 1000, 2000], [9000, 10_000], [12_000]]);
  assert.deepEqual(stretches([]), []);
});

test('the scale ends at a round number that nothing is above', () => {
  const ends = [0, 0.4, 1, 1.1, 2, 3, 5, 7, 10, 99, 100, 101, 12_345].map((value) => ceiling([line(value, NaN)]));
  assert.deepEqual(ends, [1, 1, 1, 2, 2, 5, 5, 10, 10, 100, 100, 200, 20_000]);
  assert.equal(ceiling([line(3), line(1500)], { binary: true, least: 1024 }), 2048);
  assert.equal(ceiling([line(3)], { binary: true, least: 1024 }), 1024);
  assert.equal(ceiling([], { least: 1024 }), 2000);
  assert.equal(ceiling([line(0.003)], { least: 0 }), 0.005);
});

test('the newest value, and the one at a time', () => {
  const some = line(1, 2, 3);
  assert.equal(latest(some), 3);
  assert.equal(latest(line()), NaN);
  assert.deepEqual([-1, 0, 1999, 2000, 6_000, 8_000].map((time) => at(some, time)), [NaN, 1, 2, 3, 3, NaN]);
});

test('a chart has words for those who do not see it', () => {
  const format = (/** @type {number} */ n) => `${n} %`;
  assert.equal(inWords([line(7, 3, NaN, 5)], format), 'x: 5 % now, from 3 % to 7 %');
  assert.equal(inWords([line(NaN), line(1, NaN)], format), 'x: nothing known yet; x: not known now, from 1 % to 1 %');
});
