import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cursor } from '../../static/stream/cursor.js';

const event = (seq, n, topic = 'ci/1', epoch = 'k7') => ({ id: `${epoch}-${seq}`, n, topic, type: 'line', data: { line: '' } });
const gap = (to, count, reason, epoch = 'k7') =>
  ({ id: `${epoch}-${to}`, type: 'gap', topic: 'ci/1', data: { topic: 'ci/1', count, reason } });

test('it resumes from its start until it has seen an id, then from the last', () => {
  const cursor = new Cursor(['ci/1'], 'all');
  assert.equal(cursor.since, 'all');
  cursor.accept(event(7, 1));
  cursor.accept(event(9, 2));
  assert.equal(cursor.since, 'k7-9');
  cursor.accept(gap(20, 3, 'slow'));
  assert.equal(cursor.since, 'k7-20');
});

test('an event that came before is a repeat and moves nothing', () => {
  const cursor = new Cursor(['ci/1'], 'all');
  cursor.accept(event(10, 1));
  cursor.accept(event(11, 2));
  for (const again of [event(10, 1), event(11, 2)]) assert.equal(cursor.accept(again).repeat, true);
  assert.equal(cursor.since, 'k7-11');
  assert.deepEqual(cursor.accept(event(100, 3)), { repeat: false, doubt: undefined });
});

test('a number passed over is a doubt, once', () => {
  const cursor = new Cursor(['ci/1'], 'all');
  cursor.accept(event(1, 1));
  assert.deepEqual(cursor.accept(event(5, 4)).doubt, { topic: 'ci/1', expected: 2, got: 4, missing: 2 });
  assert.equal(cursor.accept(event(6, 5)).doubt, undefined);
});

test('a reader from the start knows that the first is number 1; another does not', () => {
  assert.equal(new Cursor(['ci/1'], 'all').accept(event(5, 3)).doubt?.missing, 2);
  assert.equal(new Cursor(['ci/1'], 'now').accept(event(5, 3)).doubt, undefined);
});

test('a gap accounts for exactly as many numbers as it counts', () => {
  const told = new Cursor(['ci/1'], 'all');
  told.accept(gap(50, 10, 'evicted'));
  assert.equal(told.accept(event(51, 11)).doubt, undefined);
  const wrong = new Cursor(['ci/1'], 'all');
  wrong.accept(gap(50, 10, 'evicted'));
  assert.equal(wrong.accept(event(51, 13)).doubt?.missing, 2);
});

test('behind a gap of unknown count any number will do, and the next is due again', () => {
  const cursor = new Cursor(['ci/1'], 'all');
  cursor.accept(gap(50, null, 'evicted'));
  assert.equal(cursor.accept(event(51, 900)).doubt, undefined);
  assert.equal(cursor.accept(event(52, 902)).doubt?.missing, 1);
});

test('after a restart ids and numbers of another life begin, and are not repeats', () => {
  const cursor = new Cursor(['ci/1'], 'all');
  cursor.accept(event(5000, 1));
  cursor.accept(event(5001, 2));
  cursor.accept(gap(0, null, 'restart', 'q9'));
  assert.deepEqual(cursor.accept(event(3, 1, 'ci/1', 'q9')), { repeat: false, doubt: undefined });
  assert.equal(cursor.since, 'q9-3');
});

test('a forgotten topic that is born again counts from 1', () => {
  const cursor = new Cursor(['ci/1'], 'all');
  for (let n = 1; n <= 5; n++) cursor.accept(event(n, n));
  assert.equal(cursor.accept(event(90, 1)).doubt, undefined);
  assert.equal(cursor.accept(event(91, 3)).doubt?.missing, 1);
});

test('each topic of a pattern has its own numbers; a latest topic owes none', () => {
  const cursor = new Cursor(['ci/*', 'system/usage'], 'all');
  assert.equal(cursor.accept(event(1, 1, 'ci/1')).doubt, undefined);
  assert.equal(cursor.accept(event(2, 1, 'ci/2')).doubt, undefined);
  assert.equal(cursor.accept(event(3, 40, 'system/usage')).doubt, undefined);
  assert.equal(cursor.accept(event(4, 44, 'system/usage')).doubt, undefined);
});

test('it has ended when every topic has, until one opens again; a pattern never ends', () => {
  const end = (seq, n, topic) => ({ ...event(seq, n, topic), type: 'end' });
  const two = new Cursor(['ci/1', 'ci/2']);
  two.accept(end(1, 1, 'ci/1'));
  assert.equal(two.ended, false);
  two.accept(end(2, 1, 'ci/2'));
  assert.equal(two.ended, true);
  two.accept(event(3, 2, 'ci/1'));
  assert.equal(two.ended, false);
  const pattern = new Cursor(['ci/*']);
  pattern.accept(end(1, 1, 'ci/1'));
  assert.equal(pattern.ended, false);
});
