import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLatest, isTopic, overlaps } from '../../static/stream/topics.js';

test('a topic is 1 to 8 segments of the allowed letters, at most 200 bytes', () => {
  for (const good of ['ci/1', 'a', 'tasks/docker_build-1f0c9a77be', 'a.b:c@d-e_f', 'a/b/c/d/e/f/g/h', 'tasks/*', '*/logs', 'tasks/**', '**']) {
    assert.ok(isTopic(good), good);
  }
  for (const bad of ['', '/', 'a/', '/a', 'a//b', 'a b', 'ü', '<b>', 'a/b/c/d/e/f/g/h/i', '**/a', 'a*', 'x'.repeat(201)]) {
    assert.ok(!isTopic(bad), bad);
  }
});

test('a pattern matches what it stands for and nothing else', () => {
  const cases = /** @type {[string, string, boolean][]} */ ([
    ['ci/1', 'ci/1', true],
    ['ci/1', 'ci/2', false],
    ['ci/1', 'ci/1/2', false],
    ['ci/*', 'ci/1', true],
    ['ci/*', 'ci/1/2', false],
    ['*/1', 'ci/1', true],
    ['ci/**', 'ci/1/2/3', true],
    ['ci/**', 'ci', false],
    ['**', 'system/usage', true],
    ['tasks/*', '*/x', true],
    ['tasks/*', 'ci/*', false],
    ['a/*/c', 'a/b/*', true],
  ]);
  for (const [a, b, expected] of cases) {
    assert.equal(overlaps(a, b), expected, `${a} and ${b}`);
    assert.equal(overlaps(b, a), expected, `${b} and ${a}`);
  }
});

test('only ticks and stats skip values without a gap', () => {
  assert.deepEqual(['system/usage', 'containers/web/stats', 'containers/web/logs', 'ci/stats'].map(isLatest), [true, true, false, false]);
});
