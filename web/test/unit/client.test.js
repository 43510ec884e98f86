import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { HubClient } from '../../static/client.js';
import { FakeSocket, FakeSource } from './fakes.js';

let n = 0;
const line = (seq, topic = 'ci/1', epoch = 'k7') => ({ id: `${epoch}-${seq}`, n: ++n, topic, type: 'line', data: { line: `${seq}` } });

/** A client of the fakes, ended with its test. */
function client(t, options = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const states = [];
  const hub = new HubClient({
    url: 'http://hub.example/', WebSocket: FakeSocket, EventSource: FakeSource, random: () => 0.999,
    onState: ({ name, seconds }) => states.push(seconds ? `${name} ${seconds}` : name), ...options,
  });
  t.after(() => hub.close());
  return { hub, states };
}

beforeEach(() => {
  FakeSocket.all = [];
  FakeSource.all = [];
  n = 0;
});

test('one WebSocket carries every subscription', (t) => {
  const { hub } = client(t);
  const got = { a: [], b: [] };
  hub.subscribe('ci/1', { since: 'all', onEvent: ({ data }) => got.a.push(data.line) });
  hub.subscribe(['ci/2', 'tasks/*'], { onEvent: ({ data }) => got.b.push(data.line) });
  const socket = FakeSocket.last;
  assert.equal(socket.url, 'ws://hub.example/stream?format=ndjson');
  socket.welcome();
  assert.deepEqual(socket.sent.map(({ op, topics, since }) => [op, topics, since]), [
    ['sub', ['ci/1'], 'all'], ['sub', ['ci/2', 'tasks/*'], undefined]]);
  for (const [seq, topic] of [[1, 'ci/1'], [2, 'tasks/x'], [3, 'ci/2'], [4, 'ci/3']]) socket.say({ ...line(seq, topic), n: 1 });
  assert.deepEqual(got, { a: ['1'], b: ['2', '3'] });
  assert.equal(FakeSocket.all.length, 1);
});

test('after a drop it resumes behind the last event, and nothing comes twice', (t) => {
  const { hub, states } = client(t);
  const got = [];
  hub.subscribe('ci/1', { since: 'all', onEvent: ({ data }) => got.push(data.line) });
  FakeSocket.last.welcome();
  FakeSocket.last.say(line(1));
  FakeSocket.last.say(line(2));
  FakeSocket.last.drop();
  t.mock.timers.tick(1_000);
  const again = FakeSocket.last;
  again.welcome();
  assert.equal(again.asked('sub').since, 'k7-2');
  n = 1;
  again.say(line(2));
  again.say(line(3));
  assert.deepEqual(got, ['1', '2', '3']);
  assert.deepEqual(states, ['connecting', 'live', 'reconnecting 1', 'connecting', 'live']);
});

test('it never gives up, waits longer each time, and counts the seconds', (t) => {
  const { hub, states } = client(t, { EventSource: null });
  hub.subscribe('ci/1');
  const waits = [];
  for (let i = 0; i < 8; i++) {
    FakeSocket.last.drop();
    const before = FakeSocket.all.length;
    let waited = 0;
    for (; FakeSocket.all.length === before; waited++) t.mock.timers.tick(1_000);
    waits.push(waited);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 15, 15, 15, 15]);
  assert.ok(states.join().includes('reconnecting 4,reconnecting 3,reconnecting 2,reconnecting 1,connecting'), states.join());
});

test('jitter spreads the readers of one hub', (t) => {
  const { hub } = client(t, { random: () => 0 });
  hub.subscribe('ci/1');
  FakeSocket.last.drop();
  t.mock.timers.tick(499);
  assert.equal(FakeSocket.all.length + FakeSource.all.length, 1);
  t.mock.timers.tick(1);
  assert.equal(FakeSocket.all.length + FakeSource.all.length, 2);
});

test('where no WebSocket opens, an EventSource takes its place and resumes by id', (t) => {
  const { hub } = client(t);
  const got = [];
  hub.subscribe('ci/1', { since: 'all', onEvent: ({ data }) => got.push(data.line), onGap: () => got.push('gap') });
  FakeSocket.last.drop();
  t.mock.timers.tick(1_000);
  const source = FakeSource.last;
  assert.equal(source.url, 'http://hub.example/stream?topic=ci%2F1&since=all');
  source.open();
  assert.equal(hub.state.transport, 'EventSource');
  source.say(line(1));
  source.say({ id: 'k7-5', type: 'gap', topic: 'ci/1', data: { count: 4, reason: 'slow' } }, 'gap');
  source.drop();
  t.mock.timers.tick(2_000);
  FakeSocket.last.drop(); // a WebSocket is tried again first
  t.mock.timers.tick(4_000);
  assert.match(FakeSource.last.url, /since=k7-5$/);
  assert.deepEqual(got, ['1', 'gap']);
});

test('over EventSource, an ended topic is left and not asked for again', (t) => {
  const { hub } = client(t, { WebSocket: null });
  const subscription = hub.subscribe('ci/1', { since: 'all' });
  FakeSource.last.open();
  FakeSource.last.say({ ...line(1), type: 'end', data: { status: 'completed' } }, 'end');
  assert.equal(FakeSource.last.readyState, 2);
  assert.equal(subscription.state.name, 'ended');
  t.mock.timers.tick(300_000);
  assert.equal(FakeSource.all.length, 1);
});

test('a silent WebSocket is asked, and replaced when it does not answer', (t) => {
  const { hub } = client(t);
  hub.subscribe('ci/1');
  const socket = FakeSocket.last;
  socket.welcome();
  t.mock.timers.tick(15_000);
  assert.ok(socket.asked('ping'));
  socket.say({ type: 'ok', data: { op: 'ping' } });
  t.mock.timers.tick(15_000);
  assert.equal(hub.state.name, 'live');
  t.mock.timers.tick(30_000);
  assert.deepEqual([hub.state.name, hub.state.reason], ['reconnecting', 'silent']);
  t.mock.timers.tick(1_000);
  assert.notEqual(FakeSocket.last, socket);
});

test('a hub that does not answer is tried again', (t) => {
  const { hub } = client(t, { EventSource: null });
  hub.subscribe('ci/1');
  t.mock.timers.tick(10_000);
  assert.equal(hub.state.name, 'reconnecting');
  assert.equal(hub.state.reason, 'no answer');
});

test('close codes 4500 to 4999 are final, all others are not', (t) => {
  const { hub, states } = client(t);
  const subscription = hub.subscribe('ci/1');
  FakeSocket.last.welcome();
  FakeSocket.last.drop(1001);
  assert.equal(hub.state.name, 'reconnecting');
  t.mock.timers.tick(1_000);
  FakeSocket.last.welcome();
  FakeSocket.last.drop(4501, 'go away');
  t.mock.timers.tick(600_000);
  assert.equal(states.at(-1), 'closed');
  assert.deepEqual([subscription.state.name, subscription.state.reason], ['closed', 'go away']);
  assert.equal(FakeSocket.all.length, 2);
});

test('events of an earlier subscription to the same topic are not taken for a new one', (t) => {
  const { hub } = client(t);
  const got = [];
  const first = hub.subscribe('ci/1', { since: 'all' });
  const socket = FakeSocket.last;
  socket.welcome();
  first.close();
  hub.subscribe('ci/1', { since: 'all', onEvent: ({ id }) => got.push(id) });
  socket.say(line(40));
  const { ref, topics } = socket.asked('sub');
  socket.say({ type: 'ok', data: { op: 'sub', topics, ref } });
  n = 0;
  socket.say(line(1));
  assert.deepEqual(got, ['k7-1']);
  assert.deepEqual(socket.asked('unsub').topics, ['ci/1']);
});

test('a hub that says goodbye says when to come back', (t) => {
  const { hub } = client(t);
  hub.subscribe('ci/1');
  FakeSocket.last.welcome();
  FakeSocket.last.say({ type: 'bye', data: { reason: 'the hub is shutting down', retry: 7_000 } });
  FakeSocket.last.drop(1001, 'the hub is shutting down');
  assert.deepEqual([hub.state.seconds, hub.state.reason], [7, 'the hub is shutting down']);
  t.mock.timers.tick(6_900);
  assert.equal(FakeSocket.all.length, 1);
  t.mock.timers.tick(200);
  assert.equal(FakeSocket.all.length, 2);
});

test('an overloaded hub is left alone over EventSource as long as it asks', (t) => {
  const { hub } = client(t, { WebSocket: null });
  hub.subscribe('ci/1');
  FakeSource.last.open();
  FakeSource.last.say({ type: 'busy', data: { detail: 'too many streams are open', retry: 30_000 } }, 'busy');
  FakeSource.last.drop();
  assert.equal(hub.state.seconds, 30);
});

test('a subscription the hub refuses is closed and says why; the others live', (t) => {
  const { hub } = client(t);
  const said = [];
  const other = hub.subscribe('ci/2');
  const refused = hub.subscribe('ci/1', { onError: (detail) => said.push(detail) });
  FakeSocket.last.open();
  const { ref } = FakeSocket.last.asked('sub');
  FakeSocket.last.say({ type: 'error', data: { detail: 'not allowed', ref } });
  assert.deepEqual([said, refused.state.name, other.state.name], [['not allowed'], 'closed', 'live']);
});

test('missing numbers are told, gaps and ends come to their callbacks', (t) => {
  const { hub } = client(t);
  const said = [];
  hub.subscribe('ci/1', {
    since: 'all',
    onDoubt: ({ missing }) => said.push(`doubt ${missing}`),
    onGap: ({ data }) => said.push(`gap ${data.count}`),
    onEnd: ({ data }) => said.push(`end ${data.status}`),
    onState: ({ name }) => said.push(name),
  });
  FakeSocket.last.welcome();
  FakeSocket.last.say({ ...line(1), n: 3 });
  FakeSocket.last.say({ id: 'k7-8', type: 'gap', topic: 'ci/1', data: { count: 2, reason: 'slow' } });
  FakeSocket.last.say({ ...line(9), n: 6, type: 'end', data: { status: 'completed' } });
  FakeSocket.last.say({ ...line(10), n: 7 });
  assert.deepEqual(said, ['live', 'doubt 2', 'gap 2', 'end completed', 'ended', 'live']);
});

test('topics that overlap or are none are refused at once', (t) => {
  const { hub } = client(t);
  hub.subscribe('ci/*');
  assert.throws(() => hub.subscribe('ci/1'), /already follows ci\/\*/);
  assert.throws(() => hub.subscribe('a b'), /is not a topic/);
  assert.throws(() => hub.subscribe([]), /is not a topic/);
});

test('bad messages end nothing', (t) => {
  const { hub } = client(t);
  const got = [];
  hub.subscribe('ci/1', { onEvent: ({ id }) => got.push(id) });
  FakeSocket.last.welcome();
  for (const data of ['', '{', 'null', '[]', '{"type":1}', '{"type":"line"}']) FakeSocket.last.onmessage({ data });
  FakeSocket.last.say(line(1));
  assert.deepEqual(got, ['k7-1']);
});

test('only the types asked for come, and the numbers of the others are not missed', (t) => {
  const { hub } = client(t);
  const got = [];
  const doubts = [];
  hub.subscribe('tasks/*', { types: ['stage', 'end'], onEvent: ({ n: number }) => got.push(number), onDoubt: (doubt) => doubts.push(doubt) });
  FakeSocket.last.welcome();
  assert.deepEqual(FakeSocket.last.asked('sub').types, ['stage', 'end']);
  for (const [seq, number] of [[1, 1], [7, 5], [9, 8]]) FakeSocket.last.say({ ...line(seq, 'tasks/a'), type: 'stage', n: number });
  assert.deepEqual([got, doubts], [[1, 5, 8], []]);
});

test('it knows how far the hub’s clock is ahead, and its version', (t) => {
  const { hub } = client(t);
  hub.subscribe('ci/1');
  FakeSocket.last.open();
  FakeSocket.last.say({ type: 'hello', data: { time: new Date(Date.now() + 3_600_000).toISOString(), version: '1.4' } });
  assert.deepEqual([hub.clock, hub.version], [3_600_000, '1.4']);
});

test('it says whether topics are free to be followed', (t) => {
  const { hub } = client(t);
  const held = hub.subscribe(['system/usage', 'ci/*']);
  assert.deepEqual(['ci/1', '**', 'ci/1/x', ['a', 'system/*']].map((topics) => hub.free(topics)), [false, false, true, false]);
  held.close();
  assert.equal(hub.free('**'), true);
});

test('a message may hold many events, each on a line of its own', (t) => {
  const { hub } = client(t);
  const got = [];
  hub.subscribe('ci/1', { since: 'all', onEvent: ({ data }) => got.push(data.line) });
  FakeSocket.last.welcome();
  FakeSocket.last.onmessage({ data: [1, 2, 3].map((seq) => `${JSON.stringify(line(seq))}\n`).join('') });
  assert.deepEqual(got, ['1', '2', '3']);
});
