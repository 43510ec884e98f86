import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogStore } from '../../static/log/store.js';

const T0 = Date.parse('2026-11-23T20:00:00Z');
const at = (ms) => new Date(T0 + ms).toISOString();
const event = (type, data, more = {}) => ({ type, topic: 'ci/1', time: at(0), data, ...more });
const line = (text, data = {}, more = {}) => event('line', { stream: 'stdout', line: text, ...data }, more);
const redraw = (text, stream = 'stdout', more = {}) => event('progress', { stream, line: text, redraw: true }, more);
const timed = (topic, ms, text = `${topic} ${ms}`) => line(text, {}, { topic, time: at(ms) });

/** A store with all these pushed, and what it said of them. */
function filled(events, options) {
  const store = new LogStore(options);
  const changes = [];
  store.onchange = ({ first, removed, added }) => changes.push([first, removed, added]);
  for (const each of events) store.push(each);
  return { store, changes };
}
const rows = (store) => Array.from({ length: store.length }, (_, i) => store.row(i));
const texts = (store) => rows(store).map(({ text }) => text);
const pushed = (...events) => texts(filled(events).store);

test('each line is a row, an empty one too', () => {
  assert.deepEqual(pushed(line('a'), line(''), line('b')), ['a', '', 'b']);
});

test('a row has all that is known of it', () => {
  const { store } = filled([line('level=warn \x1b[31mred', { stream: 'stderr' }, { n: 7 })]);
  assert.deepEqual(store.row(0), {
    text: 'level=warn \x1b[31mred', tone: 'stderr', mark: 'err', time: T0, n: 7, topic: 'ci/1', stream: 'stderr', level: 'warn', id: 0, key: 0,
  });
  assert.equal(store.text(0), 'level=warn \x1b[31mred');
});

test('an append is told with the old length', () => {
  assert.deepEqual(filled([line('a'), line('b')]).changes, [[0, 0, 1], [1, 0, 1]]);
});

test('a redrawn line is one row, and the finished line takes its place', () => {
  const { store, changes } = filled([redraw('1%'), redraw('50%'), line('100%'), line('next')]);
  assert.deepEqual(texts(store), ['100%', 'next']);
  assert.deepEqual(changes, [[0, 0, 1], [0, 1, 1], [0, 1, 1], [1, 0, 1]]);
});

test('stdout and stderr redraw each its own row', () => {
  assert.deepEqual(pushed(redraw('o1'), redraw('e1', 'stderr'), redraw('o2'), redraw('e2', 'stderr')), ['o2', 'e2']);
});

test('topics redraw each its own row', () => {
  assert.deepEqual(pushed(redraw('a1'), redraw('b1', 'stdout', { topic: 'ci/2' }), redraw('a2'), line('b', {}, { topic: 'ci/2' })), ['a2', 'b']);
});

test('after a stage, a redraw begins a new row', () => {
  assert.deepEqual(pushed(redraw('1%'), event('stage', { stage: 'push', status: 'starting' }), redraw('2%')), ['1%', 'push: starting', '2%']);
});

test('the progress of a whole task is one row until its end', () => {
  const percent = (n) => event('progress', { percent: n, current: 0, total: 0 });
  const { store, changes } = filled([
    percent(1), line('a'), percent(20), event('stage', { stage: 'push', status: 'starting' }), percent(100), event('end', { status: 'completed' }), percent(3),
  ]);
  assert.deepEqual(texts(store), ['100 %', 'a', 'push: starting', 'completed', '3 %']);
  assert.deepEqual(changes[2], [0, 1, 1]);
});

test('parts of a line are joined up to a row of some size, then go on in rows marked so', () => {
  assert.deepEqual(pushed(line('ab', { part: 1 }), line('cd', { part: 2, last: true }), line('ef')), ['abcd', 'ef']);
  const x = 'x'.repeat(600_000);
  const { store } = filled([line(x, { part: 1 }), line(x, { part: 2 }), line('end', { part: 3, last: true })]);
  assert.deepEqual(rows(store).map(({ text, mark }) => [text.length, mark]), [[600_000, ''], [600_003, 'more']]);
});

test('a joined line keeps the level of its beginning, and the other stream keeps out of it', () => {
  const { store } = filled([line('ERROR: a', { part: 1 }), line('x', { stream: 'stderr' }), line('INFO: b', { part: 2, last: true })]);
  assert.deepEqual(rows(store).map(({ text, level }) => [text, level]), [['ERROR: aINFO: b', 'error'], ['x', '']]);
});

test('the row of a joined or redrawn line is found by the number of each of its events', () => {
  const { store } = filled([line('a', {}, { n: 4 }), redraw('1', 'stdout', { n: 5 }), redraw('2', 'stdout', { n: 6 }), line('3', {}, { n: 7 }), line('b', {}, { n: 8 })]);
  assert.deepEqual([3, 4, 5, 6, 7, 8, 9].map((n) => store.indexOf({ n, topic: 'ci/1' })), [-1, 0, 1, 1, 1, 2, -1]);
  assert.equal(store.indexOf({ n: 8 }), 2);
  assert.equal(store.indexOf({ n: 8, topic: 'other' }), -1);
});

test('the number of a lost event leads to its gap', () => {
  const gap = { type: 'gap', topic: 'ci/1', data: { topic: 'ci/1', count: 5, reason: 'slow' } };
  const { store } = filled([line('a', {}, { n: 4 }), gap, line('b', {}, { n: 10 })]);
  assert.deepEqual([4, 7, 9, 10].map((n) => store.indexOf({ n })), [0, 1, 1, 2]);
});

test('a number from before the beginning leads to the gap there, or nowhere', () => {
  const gap = { type: 'gap', topic: 'ci/1', data: { topic: 'ci/1', count: 5, reason: 'evicted' } };
  assert.equal(filled([gap, line('a', {}, { n: 6 })]).store.indexOf({ n: 2, topic: 'ci/1' }), 0);
  assert.equal(filled([line('a', {}, { n: 6 })]).store.indexOf({ n: 2, topic: 'ci/1' }), -1);
});

test('a note is a row of the page, and is rewritten wherever it stands by then', () => {
  for (const merge of [false, true]) {
    const store = new LogStore({ merge });
    store.push(timed('a', 1_000));
    const id = store.note({ tone: 'warn', mark: 'hub', text: 'lost' });
    for (let i = 0; i < 3_000; i++) store.push(timed('a', 2_000 + i));
    if (merge) store.push(timed('b', 5));
    const changes = [];
    store.watch((change) => changes.push(change));
    store.rewrite(id, { tone: 'note', text: 'back' });
    const i = merge ? 2 : 1;
    assert.deepEqual(changes, [{ first: i, removed: 1, added: 1 }]);
    assert.deepEqual([store.row(i).text, store.row(i).tone, store.row(i).mark, store.row(i).id], ['back', 'note', 'hub', id]);
    assert.ok(Number.isNaN(store.row(i).time));
  }
});

test('one topic is never reordered, whatever its times', () => {
  assert.deepEqual(pushed(timed('a', 9), timed('a', 3), timed('a', 5)), ['a 9', 'a 3', 'a 5']);
  assert.deepEqual(texts(filled([timed('a', 9), timed('a', 3), timed('a', 5)], { merge: true }).store), ['a 9', 'a 3', 'a 5']);
});

test('several topics stand in time order, equal times in the order they came', () => {
  const { store, changes } = filled([timed('a', 1), timed('a', 3), timed('a', 5), timed('b', 3), timed('b', 4), timed('b', 9), timed('c', 0)], { merge: true });
  assert.deepEqual(texts(store), ['c 0', 'a 1', 'a 3', 'b 3', 'b 4', 'a 5', 'b 9']);
  assert.deepEqual(changes.slice(3), [[2, 0, 1], [3, 0, 1], [5, 0, 1], [0, 0, 1]]);
});

test('a gap stands after what its topic has said, or first of all', () => {
  const gap = (topic) => ({ type: 'gap', topic, data: { topic, count: 1, reason: 'evicted' } });
  const { store } = filled([gap('a'), timed('a', 1), gap('a'), timed('a', 9), timed('b', 2), gap('c'), timed('c', 3)], { merge: true });
  assert.deepEqual(rows(store).map(({ topic, mark }) => topic + mark), ['agap', 'cgap', 'a', 'agap', 'b', 'c', 'a']);
});

test('what the hub says of a topic does not keep its older lines from their place', () => {
  const status = event('status', { status: 'warning' }, { topic: 'a', time: at(100) });
  const { store } = filled([status, timed('a', 1), timed('a', 3), timed('b', 2)], { merge: true });
  assert.deepEqual(texts(store), ['a 1', 'b 2', 'a 3', 'warning']);
});

test('a redraw finds its row among rows put in before it', () => {
  const { store } = filled([redraw('1%', 'stdout', { topic: 'a', time: at(500) }), timed('b', 1), redraw('2%', 'stdout', { topic: 'a', time: at(600) }), timed('b', 550)], { merge: true });
  assert.deepEqual(texts(store), ['b 1', '2%', 'b 550']);
});

test('thousands of rows read back as they were pushed: packed, wide and narrow, with and without escapes', () => {
  const written = Array.from({ length: 5_000 }, (_, i) => ['', `plain ${i}`, `ü ÿ ${i}`, `漢字 ${i}`, `\x1b[31m${i}`, '👍'.repeat(i % 7)][i % 6]);
  const store = new LogStore();
  written.forEach((text, i) => store.push(line(text, { stream: i % 3 ? 'stdout' : 'stderr' }, { n: i + 1, time: i % 11 ? at(i * 7) : undefined, topic: `ci/${i % 5}` })));
  store.push(event('end', { status: 'completed' }));
  for (const [i, text] of written.entries()) {
    const row = store.row(i);
    assert.deepEqual([row.text, row.stream, row.n, row.time, row.topic, row.id], [text, i % 3 ? 'stdout' : 'stderr', i + 1, i % 11 ? T0 + i * 7 : NaN, `ci/${i % 5}`, i]);
    assert.equal(store.text(i), text);
  }
  assert.deepEqual([store.row(5_000).tone, store.row(5_000).mark], ['good', 'end']);
});

test('backlogs of many topics, one after another and by turns, come out in time order, and each change says where', () => {
  let seed = 3;
  const random = (n) => (seed = (seed * 1_103_515_245 + 12_345) % 0x80000000) % n;
  const store = new LogStore({ merge: true });
  const copy = [];
  store.onchange = ({ first, removed, added }) => copy.splice(first, removed, ...Array.from({ length: added }, (_, i) => store.row(first + i).text));
  const clocks = Array(40).fill(0);
  const push = (topic, step) => store.push(timed(`t/${topic}`, clocks[topic] += random(step), `${topic} ${clocks[topic]}`));
  for (let topic = 0; topic < 8; topic++) for (let i = 0; i < 900; i++) push(topic, 50);
  for (let i = 0; i < 9_000; i++) {
    push(random(40), 50);
    if (i % 50 === 0) store.push(redraw(`${i}`, 'stdout', { topic: `t/${random(3)}`, time: at(i) }));
  }
  assert.deepEqual(texts(store), copy);
  const all = rows(store);
  for (let i = 1; i < all.length; i++) assert.ok(all[i].key >= all[i - 1].key, `row ${i}`);
  for (let topic = 0; topic < 40; topic++) {
    const ids = all.filter((row) => row.topic === `t/${topic}`).map(({ id }) => id);
    assert.deepEqual(ids, ids.toSorted?.((a, b) => a - b) ?? [...ids].sort((a, b) => a - b), `topic ${topic} keeps its order`);
  }
  assert.equal(new Set(all.map(({ id }) => id)).size, store.length);
});

test('a line far back is put in without moving all the others', () => {
  const store = new LogStore({ merge: true });
  for (let i = 0; i < 200_000; i++) store.push(timed('a', i * 10, 'x'));
  const cpu = process.cpuUsage();
  for (let i = 0; i < 20_000; i++) store.push(timed('b', i * 10, 'y'));
  assert.ok(process.cpuUsage(cpu).user < 2_000_000);
  assert.deepEqual([store.length, store.text(1), store.text(3)], [220_000, 'y', 'y']);
});

test('rows take little more than their text', () => {
  const store = new LogStore();
  for (let i = 0; i < 100_000; i++) store.push(line(`${i} ${'x'.repeat(74)}`, {}, { n: i + 1, time: at(i) }));
  const each = store.bytes / store.length;
  assert.ok(each > 78 && each < 105, `${each} bytes a row`);
});

test('an event without data, time or topic is a row too', () => {
  const { store } = filled([{ type: 'deploy' }, { type: 'line', data: { line: 7 } }, { type: 'line', data: null }]);
  assert.deepEqual(rows(store).map(({ mark, topic, level }) => [mark, topic, level]), [['deploy', '', ''], ['line', '', ''], ['line', '', '']]);
});
