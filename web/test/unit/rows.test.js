import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rows } from '../../static/lib/rows.js';

const now = new Date().toISOString();
const event = (type, data, topic = 'ci/1') => ({ type, topic, time: now, data });
const line = (text, more = {}) => event('line', { stream: 'stdout', line: text, ...more });
const redraw = (text, stream = 'stdout') => event('progress', { stream, line: text, redraw: true });
const texts = (rows) => rows.map(({ text }) => text);

/** Pushes all and takes what is to add. */
function added(...events) {
  const rows = new Rows(100);
  for (const each of events) rows.push(each);
  return rows.take(100).added;
}

test('each line is a row, an empty one too', () => {
  assert.deepEqual(texts(added(line('a'), line(''), line('b'))), ['a', '', 'b']);
});

test('a redrawn line is one row, and the finished line takes its place', () => {
  assert.deepEqual(texts(added(redraw('1%'), redraw('50%'), line('100%'), line('next'))), ['100%', 'next']);
});

test('a redraw changes a row that is already in the view', () => {
  const rows = new Rows(100);
  rows.push(redraw('1%'));
  const [row] = rows.take(100).added;
  rows.push(redraw('2%'));
  assert.ok(rows.stale);
  const { added: more, changed } = rows.take(100);
  assert.deepEqual([more, changed], [[], [row]]);
  assert.equal(row.text, '2%');
  assert.equal(rows.stale, false);
});

test('stdout and stderr redraw each its own row', () => {
  assert.deepEqual(texts(added(redraw('o1'), redraw('e1', 'stderr'), redraw('o2'), redraw('e2', 'stderr'))), ['o2', 'e2']);
});

test('after a stage, a redraw begins a new row', () => {
  assert.deepEqual(texts(added(redraw('1%'), event('stage', { stage: 'push', status: 'starting' }), redraw('2%'))), ['1%', 'push: starting', '2%']);
});

test('parts of a line are joined up to a row of some size, then go on in rows marked so', () => {
  const short = added(line('ab', { part: 1 }), line('cd', { part: 2, last: true }), line('ef'));
  assert.deepEqual(texts(short), ['abcd', 'ef']);
  const x = 'x'.repeat(10_000);
  const long = added(line(x, { part: 1 }), line(x, { part: 2 }), line('end', { part: 3, last: true }));
  assert.deepEqual(long.map(({ text, mark }) => [text.length, mark]), [[10_000, ''], [10_003, 'more']]);
});

test('the oldest leave the view, and every one of them is counted', () => {
  const rows = new Rows(10);
  for (let i = 0; i < 8; i++) rows.push(line(`${i}`));
  assert.equal(rows.take(100).evict, 0);
  for (let i = 8; i < 13; i++) rows.push(line(`${i}`));
  const { evict, dropped, added: more } = rows.take(100);
  assert.deepEqual([evict, dropped, more.length], [3, 3, 5]);
});

test('a view that is far behind starts anew without a hole', () => {
  const rows = new Rows(10);
  for (let i = 0; i < 4; i++) rows.push(line(`${i}`));
  rows.take(100);
  for (let i = 4; i < 30; i++) rows.push(line(`${i}`));
  const { evict, dropped, added: more } = rows.take(3);
  assert.deepEqual([evict, dropped], [4, 20]);
  assert.deepEqual(texts(more), ['20', '21', '22']);
  assert.deepEqual(rows.take(100).evict, 0);
});

test('a frame gets no more rows than it asked for; the rest waits', () => {
  const rows = new Rows(100);
  for (let i = 0; i < 30; i++) rows.push(line(`${i}`));
  assert.deepEqual([rows.take(20).added.length, rows.waiting, rows.take(20).added.length, rows.stale], [20, 10, 10, false]);
});

test('another day is said before its first row', () => {
  const old = { ...line('yesterday'), time: '2020-02-03T12:00:00Z' };
  const [day, row] = added(old);
  assert.equal(day.tone, 'note');
  assert.match(day.text, /2020/);
  assert.equal(row.text, 'yesterday');
});

test('escape sequences never reach a row', () => {
  assert.equal(added(line('\x1b[31mred\x1b[0m'))[0].text, 'red');
  assert.equal(added(event('deploy', { note: '\x1b[31mred' }))[0].text, 'note=red');
});
