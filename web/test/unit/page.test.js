import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curl, pipe, websocat } from '../../static/lib/commands.js';
import { bytes, clock, counted, duration, shellWord } from '../../static/lib/format.js';
import { hrefOf, topicsOf } from '../../static/lib/route.js';

const at = (url) => new URL(url, 'http://hub.example');

test('the address carries the topics, in its path or behind the #', () => {
  const cases = /** @type {[string, string[]][]} */ ([
    ['/', []],
    ['/#', []],
    ['/#/stream/ci/1', ['ci/1']],
    ['/#/stream/tasks/*', ['tasks/*']],
    ['/stream/ci/1', ['ci/1']],
    ['/stream/ci%2F1?since=all', ['ci/1']],
    ['/stream?topic=ci/1&topic=tasks/*', ['ci/1', 'tasks/*']],
    ['/#/stream?topic=ci/1', ['ci/1']],
    ['/stream/ci/1#/stream/ci/2', ['ci/2']],
    ['/stream/ci/1#/', []],
    ['/#/stream/<b>', []],
    ['/stream/%E0%A4%A', []],
    ['/elsewhere/ci/1', []],
  ]);
  for (const [url, topics] of cases) assert.deepEqual(topicsOf(at(url), '/'), topics, url);
  assert.deepEqual(topicsOf(at('/hub/stream/ci/1'), '/hub/'), ['ci/1']);
});

test('a link keeps the way the page was opened', () => {
  assert.equal(hrefOf('ci/1', at('/'), '/'), '#/stream/ci/1');
  assert.equal(hrefOf('ci/1', at('/stream/ci/2'), '/'), '/stream/ci/1');
});

test('commands name the hub by its own address and survive a shell', () => {
  assert.equal(pipe('http://localhost:8002/', 'ci/1'), 'npm run build 2>&1 | curl -NsT - http://localhost:8002/stream/ci/1');
  assert.equal(curl('https://hub.example/x/', ['ci/1']), 'curl -N https://hub.example/x/stream/ci/1');
  assert.equal(websocat('https://hub.example/', ['ci/1']), 'websocat wss://hub.example/stream/ci/1');
  assert.equal(curl('http://h/', ['tasks/*']), "curl -N 'http://h/stream/tasks/*'");
  assert.equal(curl('http://h/', ['a', 'b']), "curl -N 'http://h/stream?topic=a&topic=b'");
  assert.equal(shellWord("it's"), `'it'\\''s'`);
});

test('figures are short', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 3.4 * 2 ** 30, 15.6 * 2 ** 30].map(bytes), ['0 B', '1023 B', '1.0 KB', '1.5 KB', '3.4 GB', '16 GB']);
  assert.deepEqual([400, 12_000, 59_900, 180_000, 7_200_000].map(duration), ['0.4 s', '12 s', '1 min', '3 min', '2 h']);
  assert.deepEqual([counted(1, 'event'), counted(12_345, 'event')], ['1 event', '12,345 events']);
  assert.match(clock('2026-11-23T20:11:47.123Z'), /^\d\d:\d\d:47\.123$/);
  assert.equal(clock('nonsense'), '');
});
