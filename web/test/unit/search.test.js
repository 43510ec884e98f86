import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filter } from '../../static/log/filter.js';
import { Search } from '../../static/log/search.js';
import { Selection } from '../../static/log/selection.js';
import { LogStore } from '../../static/log/store.js';
import { slices } from './slices.js';

const T0 = Date.parse('2026-11-23T20:00:00Z');
const line = (text, topic = 'a', ms = 0) => ({ type: 'line', topic, time: new Date(T0 + ms).toISOString(), data: { stream: 'stdout', line: text } });

function searched(lines, wanted, options) {
  const store = new LogStore(options);
  for (const text of lines) store.push(line(text));
  const later = slices();
  const selection = new Selection(store, { later: later.put });
  const search = new Search(selection, { later: later.put });
  search.set(wanted);
  return { store, selection, search, later };
}

test('hits are counted by rows, and lead from one to the next', () => {
  const { search, later } = searched(['err', 'x', 'err err', 'x', 'ERR'], { text: 'err' });
  assert.deepEqual([search.count, search.done], [0, false]);
  later.run();
  assert.deepEqual([search.count, search.done], [3, true]);
  assert.deepEqual([-1, 0, 1, 2, 3, 4].map((i) => search.next(i)), [0, 2, 2, 4, 4, -1]);
  assert.deepEqual([5, 4, 3, 2, 1, 0].map((i) => search.previous(i)), [4, 2, 2, 0, 0, -1]);
  assert.deepEqual([0, 2, 4].map((i) => search.rank(i)), [0, 1, 2]);
  assert.deepEqual(search.hits(2), [[0, 3], [4, 7]]);
  assert.deepEqual(search.hits(1), []);
});

test('what is found is what is seen: escapes do not hide a word nor add one', () => {
  const { search, later } = searched(['\x1b[31mer\x1b[1mror\x1b[0m', '31m', 'abc\rX', '[31m \x1b[31m'], { text: 'error' });
  later.run();
  assert.deepEqual([search.count, search.hits(0)], [1, [[0, 5]]]);
  search.set({ text: '31m' });
  later.run();
  assert.deepEqual([search.count, search.next(-1), search.next(1)], [2, 1, 3]);
  search.set({ text: 'xbc' });
  later.run();
  assert.equal(search.next(-1), 2);
});

test('lines that come, change and are put in are searched at once', () => {
  const { store, search, later } = searched(['x'], { text: 'hit' }, { merge: true });
  later.run();
  store.push(line('a hit', 'a', 1_000));
  assert.equal(search.next(-1), 1);
  store.push({ ...line('hit 1 %', 'b', 500), type: 'progress' });
  assert.deepEqual([search.count, search.next(-1), search.next(1)], [2, 1, 2]);
  store.push({ ...line('1 %', 'b', 600), type: 'progress' });
  assert.deepEqual([search.count, search.next(-1)], [1, 2]);
});

test('it stays right when what is shown becomes other', () => {
  const { selection, search, later } = searched(Array.from({ length: 1_000 }, (_, i) => `${i % 2 ? 'odd' : 'even'} ${i}`), { text: '99' });
  later.run();
  assert.equal(search.count, 19);
  selection.set(filter({ text: 'odd' }));
  later.run();
  assert.equal(search.count, 14);
  assert.equal(selection.text(search.next(-1)), 'odd 99');
  selection.set(null);
  later.run();
  assert.equal(search.count, 19);
});

test('it tells when something was found and when it is done', () => {
  const { store, search, later } = searched(Array.from({ length: 40_000 }, (_, i) => `line ${i}`), null);
  assert.deepEqual([search.count, search.done, later.run()], [0, true, 0]);
  let told = 0;
  search.onchange = () => told++;
  search.set({ text: '7777' });
  assert.equal(told, 1);
  later.run();
  assert.ok(told > 1);
  assert.equal(search.count, 4);
  told = 0;
  store.push(line('nothing'));
  assert.equal(told, 0);
  store.push(line('7777'));
  assert.equal(told, 1);
  search.set(null);
  assert.deepEqual([search.count, search.hits(7_777)], [0, []]);
});

test('a pattern that is none says so and finds nothing', () => {
  const { search, later } = searched(['('], { text: '(', regex: true });
  later.run();
  assert.match(search.error ?? '', /not a regular expression.*unterminated group/i);
  assert.deepEqual([search.count, search.done], [0, true]);
  search.set({ text: '(' });
  later.run();
  assert.deepEqual([search.count, search.error], [1, undefined]);
});
