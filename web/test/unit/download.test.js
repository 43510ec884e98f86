import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, fileName, withoutEscapes } from '../../static/log/download.js';

/** What comes out of it, for a text that comes in pieces. */
async function plain(pieces) {
  let text = '';
  for await (const piece of ReadableStream.from(pieces).pipeThrough(withoutEscapes())) text += piece;
  return text;
}

const noon = Date.parse('2026-11-23T20:15:42.123Z');

test('a file is named after what it holds and when it was made, as every file system takes it', () => {
  const cases = /** @type {[string[], string][]} */ ([
    [['containers/web/logs'], 'web-2026-11-23T20-15Z.log'],
    [['tasks/build-7'], 'build-7-2026-11-23T20-15Z.log'],
    [['ci/42'], 'ci-42-2026-11-23T20-15Z.log'],
    [['ci/a:b'], 'ci-a-b-2026-11-23T20-15Z.log'],
    [['containers/*/logs'], 'containers-logs-2026-11-23T20-15Z.log'],
    [['**'], 'all-2026-11-23T20-15Z.log'],
    [['..'], 'all-2026-11-23T20-15Z.log'],
    [['a', 'b'], 'streams-2026-11-23T20-15Z.log'],
    [['x'.repeat(200)], `${'x'.repeat(100)}-2026-11-23T20-15Z.log`],
  ]);
  for (const [topics, name] of cases) assert.equal(fileName(topics, noon), name);
  assert.equal(fileName(['ci/1'], noon, 'ndjson'), 'ci-1-2026-11-23T20-15Z.ndjson');
});

test('a download is all that the hub keeps, and ends', () => {
  assert.equal(address('http://hub.example/x/', ['ci/1'], 'text'), 'http://hub.example/x/stream/ci/1?since=all&follow=0&format=text');
  assert.equal(address('http://hub.example/', ['a', 'b/*'], 'ndjson'), 'http://hub.example/stream?topic=a&topic=b%2F*&since=all&follow=0&format=ndjson');
});

test('plain text has no escape sequences, however the text is cut on its way', async () => {
  const text = 'one\n\x1b[31mred\x1b[0m ünï\n\x1b]8;;http://x/\x1b\\link\x1b]8;;\x1b\\\n\n10%\r20%\nno newline';
  const expected = 'one\nred ünï\nlink\n\n20%\nno newline';
  for (const size of [1, 3, 7, 1000]) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'gu'));
    assert.equal(await plain(pieces), expected, `pieces of ${size}`);
  }
});

test('a line that never ends does not make the work grow beyond its length', async () => {
  const pieces = Array.from({ length: 2_000 }, () => 'x'.repeat(1_000));
  const began = performance.now();
  assert.equal((await plain(pieces)).length, 2_000_000);
  assert.ok(performance.now() - began < 2_000);
});
