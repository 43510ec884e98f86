import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interruption } from '../../static/log/interruption.js';
import { badge } from '../../static/log/state.js';

const calm = { state: { name: 'live' }, online: true, empty: false, following: true, unseen: 0 };
const end = (data) => ({ type: 'end', topic: 'ci/1', data });

test('the badge says the one thing that matters most', () => {
  const cases = /** @type {[object, string, string][]} facts, name, words */ ([
    [{}, 'live', 'live'],
    [{ empty: true }, 'waiting', 'waiting'],
    [{ empty: true, following: false }, 'waiting', 'waiting'],
    [{ following: false }, 'paused', 'paused'],
    [{ following: false, unseen: 1204 }, 'paused', 'paused, 1,204 new'],
    [{ online: false }, 'live', 'live'], // a hub on this machine needs no network
    [{ state: { name: 'connecting' } }, 'connecting', 'connecting'],
    [{ state: { name: 'reconnecting', seconds: 4 } }, 'reconnecting', 'reconnecting in 4 s'],
    [{ state: { name: 'reconnecting', seconds: 4 }, online: false }, 'offline', 'offline'],
    [{ state: { name: 'reconnecting', seconds: 4 }, following: false, unseen: 3 }, 'reconnecting', 'reconnecting in 4 s'],
    [{ state: { name: 'ended' }, end: end({ status: 'completed', exit_code: 4 }) }, 'ended', 'ended: completed, exit code 4'],
    [{ state: { name: 'ended' }, end: end({ status: 'cancelled' }), following: false }, 'ended', 'ended: cancelled'],
    [{ state: { name: 'ended' } }, 'ended', 'ended'],
    [{ state: { name: 'closed', reason: 'the hub asked to stay away' } }, 'closed', 'closed: the hub asked to stay away'],
    [{ state: { name: 'closed' } }, 'closed', 'closed'],
  ]);
  for (const [facts, name, text] of cases) {
    const said = badge({ ...calm, ...facts });
    assert.deepEqual([said.name, said.text], [name, text], JSON.stringify(facts));
  }
});

test('an end has the tone of how it went, and waiting can be cut short', () => {
  const tone = (data) => badge({ ...calm, state: { name: 'ended' }, end: end(data) }).tone;
  assert.deepEqual([{ status: 'completed' }, { status: 'error' }, { status: 'cancelled' }].map(tone), ['good', 'bad', 'warn']);
  assert.equal(badge({ ...calm, state: { name: 'reconnecting', seconds: 9 } }).now, true);
  assert.equal(badge(calm).now, undefined);
});

/** A log that only remembers its notes. */
function fakeLog(length = 1) {
  const notes = [];
  return { length, notes, note: (note) => notes.push({ ...note }) - 1, rewrite: (id, part) => Object.assign(notes[id], part) };
}

test('a lost connection is one row, which says afterwards for how long it was lost', () => {
  const log = fakeLog();
  let now = 1_000;
  const interruption = new Interruption(log, () => now);
  for (const name of ['connecting', 'live']) interruption.follow({ name });
  assert.deepEqual(log.notes, []);
  for (const seconds of [2, 1]) interruption.follow({ name: 'reconnecting', seconds, reason: 'cut off' });
  interruption.follow({ name: 'connecting' });
  interruption.follow({ name: 'reconnecting', seconds: 4, reason: 'no answer' });
  assert.deepEqual(log.notes, [{ tone: 'warn', mark: 'hub', time: 1_000, text: 'connection lost (cut off), reconnecting …' }]);
  now += 12_000;
  interruption.follow({ name: 'live' });
  assert.deepEqual(log.notes, [{ tone: 'note', mark: 'hub', time: 1_000, text: 'connection lost for 12 s, then reconnected' }]);
  interruption.follow({ name: 'reconnecting', seconds: 1, reason: 'cut off' });
  interruption.follow({ name: 'ended' });
  assert.equal(log.notes.length, 2);
});

test('where nothing was shown, nothing is missed', () => {
  const log = fakeLog(0);
  new Interruption(log).follow({ name: 'reconnecting', seconds: 1, reason: 'cut off' });
  assert.deepEqual(log.notes, []);
});
