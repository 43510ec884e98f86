import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity, elapsed, kindOf, standingOf, subjectOf } from '../../static/views/overview/activity.js';
import { causeOf, fixFor } from '../../static/views/overview/fix.js';
import { chosen } from '../../static/views/system/order.js';

/** @param {string} id @param {object} [rest] */
const task = (id, rest = {}) => ({ task_id: id, task_type: 'generic_task', status: 'running', created_at: 100, started_at: 100, ...rest });
const event = (/** @type {string} */ id, /** @type {number} */ n, /** @type {string} */ type, /** @type {any} */ data, time = '1970-01-01T00:03:20Z') => ({ topic: `tasks/${id}`, n, type, data, time });
const ids = (/** @type {{task_id: string}[]} */ list) => list.map(({ task_id: id }) => id).join(' ');

test('what runs comes first, the newest at the top, and what waits by its place', () => {
  const activity = new Activity();
  activity.read([
    task('old', { created_at: 1 }), task('new', { created_at: 9 }), task('second', { queued: true, position: 2 }), task('first', { queued: true, position: 1, created_at: 5 }),
    task('done', { status: 'completed', ended_at: 50 }), task('failed', { status: 'error', ended_at: 60 }),
  ]);
  assert.equal(ids(activity.running), 'new old first second');
  assert.equal(ids(activity.ended), 'failed done');
});

test('events tell how far a task is, the newest of them', () => {
  const activity = new Activity();
  activity.read([task('a')]);
  assert.ok(Number.isNaN(activity.progress('a').percent));
  assert.equal(activity.take(event('a', 3, 'stage', { stage: 'build', status: 'starting' })), false);
  activity.take(event('a', 5, 'progress', { percent: 40 }));
  activity.take(event('a', 4, 'progress', { percent: 30, stage: 'clone' })); // from an answer that was late
  activity.take(event('a', 6, 'progress', { line: '50%', redraw: true })); // a line that a program redraws
  assert.deepEqual(activity.progress('a'), { n: 6, stage: 'build', percent: 40 });
});

test('an end counts at once, and an answer from before it does not undo it', () => {
  const activity = new Activity();
  activity.read([task('a')]);
  assert.equal(activity.take(event('a', 9, 'end', { status: 'error', outcome: 'rolled_back', error: 'no' })), true);
  activity.read([task('a')]);
  assert.equal(ids(activity.running), '');
  assert.deepEqual(standingOf(activity.ended[0]), { tone: 'bad', word: 'rolled back' });
  assert.equal(activity.ended[0].ended_at, 200);
  activity.read([task('a', { created_at: 300 })]); // a new run under the same id
  assert.equal(ids(activity.running), 'a');
});

test('a task that is not known yet, or changes its state, has the list read again', () => {
  const activity = new Activity();
  assert.equal(activity.take(event('b', 1, 'status', { status: 'queued', position: 2 })), true);
  assert.equal(activity.take(event('b', 2, 'end', { status: 'completed' })), true);
  assert.equal(activity.take({ type: 'gap', data: {} }), false);
  assert.equal(ids([...activity.running, ...activity.ended]), '');
});

test('a task has a word for its kind and names what it works on', () => {
  const cases = /** @type {[string, any, string, string][]} */ ([
    ['generic_task', { cmd: 'make all' }, 'command', 'make all'],
    ['docker_exec', { container: 'web', cmd: ['ls', '-l'] }, 'exec', 'web: ls -l'],
    ['docker_build', { tag: 'a:b', context_path: null }, 'build', 'a:b'],
    ['docker_pull', { name: 'nginx', tag: 'alpine' }, 'pull', 'nginx:alpine'],
    ['docker_pull', { name: 'nginx', tag: null }, 'pull', 'nginx'],
    ['docker_push', { repo_tag: 'a/b:c' }, 'push', 'a/b:c'],
    ['html_site_pipeline', { site: 'https://a.test/site', stages: ['clone'] }, 'deploy', 'https://a.test/site'],
    ['own_thing', undefined, 'own thing', 'x-1'],
  ]);
  for (const [type, about, kind, subject] of cases) {
    const one = task('x-1', { task_type: type, about });
    assert.deepEqual([kindOf(one), subjectOf(one)], [kind, subject]);
  }
});

test('how a task stands has a word, and never only a colour', () => {
  const words = [
    task('a'), task('a', { queued: true, position: 3 }), task('a', { status: 'completed', exit_code: 0 }), task('a', { status: 'completed', exit_code: 4 }),
    task('a', { status: 'error', outcome: 'error' }), task('a', { status: 'error', outcome: 'cancelled' }), task('a', { status: 'error', outcome: 'interrupted' }),
  ].map((one) => standingOf(one)).map(({ tone, word }) => `${tone}/${word}`);
  assert.deepEqual(words, ['running/running', '/waits, number 3', 'good/completed', 'bad/exit code 4', 'bad/failed', 'warn/cancelled', 'warn/interrupted']);
});

test('elapsed time reads as a clock', () => {
  assert.deepEqual([-5, 900, 61_000, 3_599_000, 3_723_000].map(elapsed), ['0:00', '0:00', '1:01', '59:59', '1:02:03']);
});

test('an engine that is not there comes with what helps', () => {
  assert.match(fixFor('dial unix /var/run/docker.sock: connect: permission denied').run, /usermod/);
  assert.match(fixFor('dial tcp: lookup builder: no such host').run, /DOCKER_HOST/);
  assert.match(fixFor('dial unix /x.sock: connect: no such file or directory').run, /start docker/);
  assert.match(fixFor('').fix, /Start it/);
  assert.equal(causeOf('cannot speak with the engine: no Docker engine answers at unix:///x: there is no /x; start the engine, or name another'), 'no Docker engine answers at unix:///x: there is no /x');
  assert.equal(causeOf(''), 'nobody knows why');
});

test('topics are found by the words of their name, and ordered', () => {
  const topic = (/** @type {string} */ name, /** @type {object} */ rest) => ({ topic: name, readers: 0, events: 0, bytes: 0, time: null, ended: false, ...rest });
  const all = [topic('ci/b', { events: 1, time: '2026-11-24T10:00:00Z' }), topic('ci/a', { events: 5, lag: 3 }), topic('tasks/ci', { events: 5, readers: 2, time: '2026-11-24T11:00:00Z' })];
  const names = (/** @type {string} */ filter, /** @type {string} */ order) => chosen(all, { filter, order }).map((each) => each.topic).join(' ');
  assert.equal(names('', 'topic'), 'ci/a ci/b tasks/ci');
  assert.equal(names('', 'events'), 'ci/a tasks/ci ci/b');
  assert.equal(names('', 'lag'), 'ci/a ci/b tasks/ci');
  assert.equal(names('', 'readers'), 'tasks/ci ci/a ci/b');
  assert.equal(names('', 'time'), 'tasks/ci ci/b ci/a');
  assert.equal(names(' CI /b', 'topic'), 'ci/b');
  assert.equal(names('none', 'topic'), '');
});
