import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filter } from '../../static/log/filter.js';
import { Selection } from '../../static/log/selection.js';
import { LogStore } from '../../static/log/store.js';
import { slices } from './slices.js';

const T0 = Date.parse('2026-11-23T20:00:00Z');
const line = (text, more = {}) => ({ type: 'line', topic: 'a', time: new Date(T0).toISOString(), data: { stream: 'stdout', line: text }, ...more });
const timed = (topic, ms, text) => line(text, { topic, time: new Date(T0 + ms).toISOString() });
const shown = (selection) => Array.from({ length: selection.length }, (_, i) => selection.text(i));

/** A selection of a store with these lines, and a copy made only of what it tells. */
function selected(lines, options) {
  const store = new LogStore(options);
  for (const text of lines) store.push(line(text));
  const later = slices();
  const selection = new Selection(store, { later: later.put });
  const copy = shown(selection);
  selection.onchange = ({ first, removed, added }) => copy.splice(first, removed, ...Array.from({ length: added }, (_, i) => selection.text(first + i)));
  return { store, selection, later, copy };
}

test('without a filter all rows are shown, as they come', () => {
  const { store, selection, copy } = selected(['a', 'b']);
  store.push(line('c'));
  assert.deepEqual(copy, ['a', 'b', 'c']);
  assert.deepEqual([selection.length, selection.at(1), selection.positionOf(2), selection.progress, selection.row(2).text], [3, 1, 2, 1, 'c']);
});

test('a filter shows what passes, and knows where it stands', () => {
  const { selection, later } = selected(['yes 0', 'no', 'yes 2', 'no', 'yes 4']);
  selection.set(filter({ text: 'yes' }));
  later.run();
  assert.deepEqual(shown(selection), ['yes 0', 'yes 2', 'yes 4']);
  assert.deepEqual([0, 1, 2].map((i) => selection.at(i)), [0, 2, 4]);
  assert.deepEqual([0, 1, 2, 3, 4].map((i) => selection.positionOf(i)), [0, 1, 1, 2, 2]);
  assert.equal(selection.positionOf(5), 3);
  selection.set(null);
  assert.equal(selection.length, 5);
});

test('a filter over many rows works in slices, shows what it has, and lets other work in between', () => {
  const { store, selection, later, copy } = selected(Array.from({ length: 3_000 }, (_, i) => `${i % 3 ? 'no' : 'yes'} ${i}`));
  selection.set({ test: (row) => {
    for (const start = performance.now(); performance.now() < start + 0.02;); // 60 ms for all
    return row.text.startsWith('yes');
  } });
  assert.equal(selection.progress, 0);
  later.step();
  assert.ok(selection.progress > 0 && selection.progress < 1, `${selection.progress} done in one slice`);
  const early = selection.length;
  assert.ok(early > 0);
  store.push(line('yes, new'));
  assert.equal(selection.text(selection.length - 1), 'yes, new', 'what comes meanwhile is shown at once');
  assert.equal(selection.length, early + 1);
  assert.ok(later.run() > 1);
  assert.deepEqual([selection.length, selection.progress], [1_001, 1]);
  assert.deepEqual(copy, shown(selection));
});

test('a row that changes comes, stays or goes in place', () => {
  const { store, selection, later, copy } = selected(['yes 0']);
  selection.set(filter({ text: 'yes' }));
  later.run();
  const changes = [];
  selection.watch((change) => changes.push(change));
  const state = (text) => store.push({ ...line(text), type: 'progress' });
  state('yes 1 %');
  state('yes 2 %');
  state('no');
  state('yes 3 %');
  assert.deepEqual(changes, [{ first: 1, removed: 0, added: 1 }, { first: 1, removed: 1, added: 1 }, { first: 1, removed: 1, added: 0 }, { first: 1, removed: 0, added: 1 }]);
  assert.deepEqual(copy, ['yes 0', 'yes 3 %']);
});

test('rows put in anywhere while a filter is at work are neither lost nor doubled', () => {
  let seed = 5;
  const random = (n) => (seed = (seed * 1_103_515_245 + 12_345) % 0x80000000) % n;
  const { store, selection, later, copy } = selected([], { merge: true });
  const word = () => ['yes', 'no'][random(2)];
  for (let i = 0; i < 3_000; i++) store.push(timed('a', i * 10, `${word()} a${i}`));
  for (let round = 0; round < 30; round++) {
    if (round % 6 === 0) selection.set(round % 12 ? null : filter({ text: 'yes' }));
    let clock = 0;
    for (let i = 0; i < 40; i++) store.push(timed(`b${round}`, clock += random(1_500), `${word()} b${round} ${i}`));
    if (round % 5 === 1) later.step();
    store.push({ ...timed('c', round * 900, `${word()} ${round}`), type: 'progress' });
  }
  selection.set(filter({ text: 'yes' }));
  store.push(timed('d', 3, 'yes, first'));
  later.run();
  const expected = Array.from({ length: store.length }, (_, i) => store.text(i)).filter((text) => text.includes('yes'));
  assert.deepEqual(shown(selection), expected);
  assert.deepEqual(copy, expected);
});

test('closed, it hears of nothing any more', () => {
  const { store, selection, copy } = selected(['a']);
  selection.close();
  store.push(line('b'));
  assert.deepEqual(copy, ['a']);
});
