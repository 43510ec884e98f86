import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTHING, format, parse, rangeOf } from '../../static/log/address.js';

test('the address says which lines are meant, what is searched for and what is shown', () => {
  const cases = /** @type {[string, object][]} */ ([
    ['', {}],
    ['L12', { range: [12, 12] }],
    ['L120-L140', { range: [120, 140] }],
    ['q=a+b', { q: 'a b' }],
    ['q=%5Berr%5D&regex=1&match=1', { q: '[err]', regex: true, match: true }],
    ['level=warn&stream=stderr', { level: 'warn', stream: 'stderr' }],
    ['topic=many%2Fa&topic=many%2Fb', { topics: ['many/a', 'many/b'] }],
    ['L7-L9&q=x%26y&level=error', { range: [7, 9], q: 'x&y', level: 'error' }],
  ]);
  for (const [hash, asked] of cases) {
    const ask = { ...NOTHING, ...asked };
    assert.deepEqual(parse(hash), ask, hash);
    assert.equal(format(ask), hash);
  }
});

test('lines are also understood in other spellings', () => {
  assert.deepEqual(parse('L140-120').range, [120, 140]);
  assert.deepEqual(parse('q=x&L3').range, [3, 3]);
  assert.deepEqual(rangeOf(9, 2), [2, 9]);
});

test('what is no part of a log is nothing', () => {
  for (const hash of ['/stream/ci/1', 'Lx', 'L1-L2-L3', 'main', 'constructor=1']) assert.deepEqual(parse(hash), NOTHING, hash);
});

test('how to search is said only where something is searched for', () => {
  assert.equal(format({ ...NOTHING, regex: true, match: true }), '');
});
