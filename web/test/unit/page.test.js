import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curl, pipe, request, websocat } from '../../static/lib/commands.js';
import { bytes, clock, counted, duration, shellWord } from '../../static/lib/format.js';
import { logHref, movedTo, routeOf } from '../../static/lib/route.js';

const at = (url) => new URL(url, 'http://hub.example');

test('an address leads to a view, and of a log it carries the topics', () => {
  const cases = /** @type {[string, string, string[], string[]][]} */ ([
    ['/', 'overview', [], []],
    ['/ui/', 'overview', [], []],
    ['/ui/tasks', 'tasks', [], []],
    ['/ui/tasks/docker_build-1?x=1#L3', 'tasks', ['docker_build-1'], []],
    ['/ui/containers/web/files?path=/etc', 'containers', ['web', 'files'], []],
    ['/ui/containers/a%2Fb', 'containers', ['a/b'], []],
    ['/ui/elsewhere', '', [], []],
    ['/elsewhere', '', [], []],
    ['/stream/ci/1', 'logs', [], ['ci/1']],
    ['/stream/ci%2F1?since=all', 'logs', [], ['ci/1']],
    ['/stream?topic=ci/1&topic=tasks/*', 'logs', [], ['ci/1', 'tasks/*']],
    ['/stream?topic=ci/1&topic=<b>', 'logs', [], []],
    ['/stream/%E0%A4%A', 'logs', [], []],
  ]);
  for (const [url, view, rest, topics] of cases) {
    const route = routeOf(at(url), '/');
    assert.deepEqual([route.view, route.rest, route.topics], [view, rest, topics], url);
  }
  assert.deepEqual(routeOf(at('/hub/stream/ci/1#L7-L9'), '/hub/').topics, ['ci/1']);
  assert.equal(routeOf(at('/stream/ci/1#L7-L9'), '/').hash, 'L7-L9');
});

test('a link of before, with its topic behind the #, leads where the log is now', () => {
  assert.equal(movedTo(at('/#/stream/ci/1'), '/'), '/stream/ci/1');
  assert.equal(movedTo(at('/#/stream?topic=a&topic=b'), '/'), '/stream?topic=a&topic=b');
  assert.equal(movedTo(at('/#/'), '/'), '/');
  assert.equal(movedTo(at('/stream/ci/1#L7'), '/'), undefined);
});

test('a log has the address of its stream', () => {
  assert.equal(logHref('ci/1', '/'), '/stream/ci/1');
  assert.equal(logHref(['a', 'b'], '/hub/'), '/hub/stream?topic=a&topic=b');
});

test('a request is a curl command that a shell takes as it is', () => {
  assert.equal(request('http://h/', 'POST', '/docker/start', { id_or_name: 'web' }),
    `curl -H 'Content-Type: application/json' -d '{"id_or_name":"web"}' http://h/docker/start`);
  assert.equal(request('http://h/', 'POST', '/tasks/a/cancel'), 'curl -X POST http://h/tasks/a/cancel');
  assert.equal(request('http://h/', 'GET', '/docker/containers?all=true'), `curl 'http://h/docker/containers?all=true'`);
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
