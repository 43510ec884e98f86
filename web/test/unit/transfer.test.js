import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transfer } from '../../static/lib/transfer.js';

const MB = 2 ** 20;

/** A pull of several layers whose sizes become known late, at a steady speed: what its events say each quarter of a second. */
function pull({ layers = 6, size = 40 * MB, speed = 10 * MB, known = 1 } = {}) {
  const events = [];
  let percent = 0;
  for (let at = 0, sent = 0; sent < layers * size; at += 250) {
    sent = Math.min(layers * size, sent + speed / 4);
    known = Math.min(layers, Math.max(known, Math.ceil(sent / size) + 1));
    percent = Math.max(percent, Math.min(99.9, (100 * sent) / (layers * size)));
    events.push({ at, percent: Math.round(percent * 10) / 10, current: sent, total: known * size });
  }
  return events;
}

test('neither the bar nor its bytes ever run backwards, though layers appear late', () => {
  const transfer = new Transfer();
  const messy = [...pull(), { at: 99_000, percent: 40, current: 3, total: 5 }, { at: 99_250, percent: 100 }];
  let before = { percent: 0, current: 0, total: 0 };
  for (const { at, ...data } of messy) {
    transfer.take(data, at);
    const { percent, current, total } = transfer;
    assert.ok(percent >= before.percent && current >= before.current && total >= before.total, JSON.stringify({ at, before }));
    assert.ok(current <= total && percent <= 100);
    before = { percent, current, total };
  }
  assert.equal(transfer.percent, 100);
});

test('after 30 % the time left is right within a factor of two', () => {
  for (const recorded of [pull(), pull({ layers: 2, speed: 3 * MB }), pull({ layers: 20, size: 7 * MB })]) {
    const transfer = new Transfer();
    const end = recorded[recorded.length - 1].at;
    for (const { at, ...data } of recorded) {
      transfer.take(data, at);
      if (data.percent < 30 || data.percent > 97 || at < 3_000) continue;
      const left = transfer.left(at) ?? NaN;
      assert.ok(left >= (end - at) / 2 && left <= (end - at) * 2 + 500, `${left} ms were told, ${end - at} ms it took`);
    }
  }
});

test('in the first three seconds nobody is told how long it takes', () => {
  const transfer = new Transfer();
  for (const { at, ...data } of pull()) {
    transfer.take(data, at);
    if (at < 3_000) assert.equal(transfer.left(at), undefined);
    else return assert.ok(transfer.left(at));
  }
});

test('the speed is that of the last ten seconds, and falls while nothing comes', () => {
  const transfer = new Transfer();
  for (let at = 0; at <= 30_000; at += 250) transfer.take({ percent: 1, current: at * 1_000, total: 1e9 }, at);
  assert.equal(Math.round(transfer.rate(30_000) / 1e4), 100);
  assert.ok(transfer.rate(40_000) < 5e5);
  assert.ok(transfer.rate(300_000) < 1_000);
});

test('what was there before the first word came at no speed', () => {
  const transfer = new Transfer();
  transfer.take({ percent: 90, current: 90 * MB, total: 100 * MB }, 0);
  transfer.take({ percent: 91, current: 91 * MB, total: 100 * MB }, 1_000);
  assert.equal(transfer.rate(1_000), MB);
});

test('a build counts its steps, so that only the bytes on their way tell a time', () => {
  const transfer = new Transfer({ steps: true });
  for (let at = 0; at <= 4_000; at += 250) transfer.take({ percent: at / 800, current: at * 1_000, total: 8e6 }, at);
  assert.equal(Math.round((transfer.left(4_000) ?? NaN) / 1_000), 4);
  transfer.take({ percent: 40, current: 8e6, total: 8e6 }, 8_000);
  assert.equal(transfer.moved, true);
  assert.equal(transfer.left(8_000), undefined);
});

test('layers are kept by their id, each as it was told last', () => {
  const transfer = new Transfer();
  transfer.take({ percent: 1, layers: [{ id: 'a', status: 'Downloading', current: 1, total: 9 }, { id: 'b', status: 'Waiting', current: 0, total: 0 }] }, 0);
  transfer.take({ percent: 2, layers: [{ id: 'a', status: 'Pull complete', current: 9, total: 9 }] }, 1);
  assert.deepEqual([...transfer.layers.values()].map(({ id, status }) => `${id} ${status}`), ['a Pull complete', 'b Waiting']);
});

test('what is no figure counts as nothing', () => {
  const transfer = new Transfer();
  transfer.take(/** @type {any} */ ({ percent: 'x', current: -4, total: null, layers: 'none' }), NaN);
  assert.deepEqual([transfer.percent, transfer.current, transfer.total, transfer.rate(5), transfer.left(9_000)], [0, 0, 0, 0, undefined]);
});
