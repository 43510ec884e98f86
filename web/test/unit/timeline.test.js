import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline } from '../../static/lib/timeline.js';

/** Takes events of one task, written as [second, type, data]. @param {[number, string, any][]} told */
function read(...told) {
  const timeline = new Timeline();
  told.forEach(([second, type, data], i) => timeline.take({ type, data, n: i + 1, topic: 'tasks/x', time: new Date(second * 1000).toISOString() }));
  return timeline;
}

const line = (/** @type {string} */ text) => ({ stream: 'stdout', line: text });
const picture = (/** @type {import('../../static/lib/timeline.js').Step[]} */ steps) => steps.map(({ name, state, took, reused, cached }) =>
  [name, state, Number.isNaN(took) ? '' : `${took / 1000} s`, reused && 'reused', cached && 'cached'].filter(Boolean).join(' '));

const running = (about = {}, task = 'docker_build') => ({ task, status: 'running', ...about });

test('what it is, when it waited, ran and ended', () => {
  const timeline = read(
    [1, 'status', { task: 'generic_task', status: 'queued', position: 2, cmd: 'make' }],
    [2, 'status', { task: 'generic_task', status: 'queued', position: 1, cmd: 'make' }]);
  assert.equal(timeline.position, 1);
  timeline.take({ type: 'status', data: { task: 'generic_task', status: 'running', cmd: 'make' }, time: new Date(5_000).toISOString(), n: 3, topic: 'x' });
  timeline.take({ type: 'end', data: { status: 'completed', exit_code: 4 }, time: new Date(7_000).toISOString(), n: 4, topic: 'x' });
  assert.deepEqual([timeline.type, timeline.about, timeline.created, timeline.started, timeline.ended, timeline.position],
    ['generic_task', { cmd: 'make' }, 1_000, 5_000, 7_000, 0]);
  assert.equal(timeline.end?.exit_code, 4);
});

test('the steps of a build, as the classic builder tells of them', () => {
  const timeline = read(
    [0, 'status', running()],
    [1, 'line', line('Step 1/3 : FROM nginx:alpine')],
    [1, 'line', line(' ---> 5f7c3c0f1d3f')],
    [2, 'line', line('Step 2/3 : COPY . /srv')],
    [2, 'line', line(' ---> Using cache')],
    [2, 'line', line('Step 3/3 : RUN make')]);
  assert.deepEqual(picture(timeline.steps), ['FROM nginx:alpine completed 1 s', 'COPY . /srv completed 0 s cached', 'RUN make running']);
  assert.deepEqual(timeline.steps.map(({ n }) => n), [2, 4, 6]);
  timeline.take({ type: 'line', data: line('Successfully built 0a1b2c3d4e5f'), time: new Date(9_000).toISOString(), n: 7, topic: 'x' });
  assert.equal(picture(timeline.steps)[2], 'RUN make completed 7 s');
});

test('what a step prints and looks like the head of one is none', () => {
  const timeline = read(
    [0, 'status', running()],
    [1, 'line', line('Step 1/3 : FROM busybox')],
    [2, 'line', line('Step 3/3 : RUN evil')],
    [2, 'line', line('Step 2/9 : RUN evil')],
    [2, 'line', { ...line('Step 2/3 : RUN evil'), part: 2 }],
    [3, 'line', line('Step 2/3 : RUN true')]);
  assert.deepEqual(picture(timeline.steps), ['FROM busybox completed 2 s', 'RUN true running']);
});

test('the step that fails keeps what it wrote last', () => {
  const wrote = Array.from({ length: 20 }, (_, i) => /** @type {[number, string, any]} */ ([2, 'line', line(`\x1b[31mline ${i}\x1b[0m`)]));
  const timeline = read(
    [0, 'status', running()],
    [1, 'line', line('Step 1/2 : FROM busybox')],
    [2, 'line', line('Step 2/2 : RUN false')],
    ...wrote,
    [4, 'end', { status: 'error', error: 'it returned a non-zero code: 1' }]);
  const [failed] = timeline.failed;
  assert.deepEqual([failed.name, failed.error, failed.took], ['RUN false', 'it returned a non-zero code: 1', 2_000]);
  assert.deepEqual(failed.last, wrote.slice(-8).map(([, , { line }]) => line.replace(/\x1b\[\d+m/g, '')));
  assert.deepEqual(timeline.steps[0].last, []);
});

test('the stages of a pipeline, those to come among them', () => {
  const timeline = read(
    [0, 'status', running({ stages: ['clone', 'build', 'push', 'run'], retry_of: 'y' }, 'pipeline')],
    [0, 'stage', { stage: 'clone', status: 'completed', reused: true, commit: 'abc', duration_sec: 7 }],
    [1, 'stage', { stage: 'build', status: 'starting', repo_tag: 'a:1' }],
    [1, 'line', line('Step 1/2 : FROM busybox')],
    [2, 'line', line('Step 2/2 : RUN true')]);
  assert.deepEqual(picture(timeline.steps), ['clone completed 7 s reused', 'build running', 'push waiting', 'run waiting']);
  assert.deepEqual(picture(timeline.steps[1].steps), ['FROM busybox completed 1 s', 'RUN true running']);
  assert.deepEqual(timeline.steps[0].facts, { commit: 'abc' });
});

test('a stage that fails takes its step along, and what comes after it is skipped', () => {
  const timeline = read(
    [0, 'status', running({ stages: ['build', 'push'] }, 'pipeline')],
    [1, 'stage', { stage: 'build', status: 'starting' }],
    [1, 'line', line('Step 1/1 : RUN false')],
    [1, 'line', line('oh no')],
    [3, 'stage', { stage: 'build', status: 'error', error: 'cannot build image', duration_sec: 1.5 }],
    [3, 'end', { status: 'error', error: 'cannot build image' }]);
  assert.deepEqual(picture(timeline.steps), ['build error 1.5 s', 'push skipped']);
  assert.deepEqual(timeline.steps[0].error, 'cannot build image');
  assert.deepEqual(timeline.failed.map(({ name, last }) => [name, last]), [['RUN false', ['oh no']]]);
});

test('what a stage prints is no stage of the pipeline', () => {
  const timeline = read(
    [0, 'status', running({ stages: ['test', 'deploy'] }, 'pipeline')],
    [0, 'line', line('Step 3/9 : RUN evil')],
    [1, 'stage', { stage: 'test', status: 'starting', kind: 'shell' }],
    [1, 'line', line('Step 1/2 : npm ci')],
    [2, 'stage', { stage: 'test', status: 'completed', kind: 'shell', duration_sec: 1 }],
    [2, 'line', line('Step 3/9 : RUN evil')]);
  assert.deepEqual(picture(timeline.steps), ['test completed 1 s', 'deploy waiting']);
});

test('one that is cancelled has neither succeeded nor failed', () => {
  const timeline = read(
    [0, 'status', running({ stages: ['one', 'two'] }, 'pipeline')],
    [1, 'stage', { stage: 'one', status: 'starting', kind: 'shell' }],
    [2, 'end', { status: 'cancelled', error: 'cancelled' }]);
  assert.deepEqual(picture(timeline.steps), ['one stopped 1 s', 'two skipped']);
  assert.deepEqual(timeline.failed, []);
});

test('each stage has its own transfer, in its own percent', () => {
  const timeline = read(
    [0, 'status', running({ stages: ['push', 'pull'] }, 'pipeline')],
    [1, 'stage', { stage: 'push', status: 'starting' }],
    [2, 'progress', { stage: 'push', percent: 25, stage_percent: 50, current: 5, total: 10 }],
    [2, 'progress', { line: 'a bar', redraw: true, stream: 'stdout' }]);
  assert.deepEqual([timeline.carries, timeline.transfer?.percent], ['push', 50]);
  timeline.take({ type: 'stage', data: { stage: 'push', status: 'completed' }, time: new Date(3_000).toISOString(), n: 9, topic: 'x' });
  assert.equal(timeline.transfer, undefined);
  timeline.take({ type: 'progress', data: { stage: 'pull', percent: 51, stage_percent: 2 }, time: new Date(4_000).toISOString(), n: 10, topic: 'x' });
  assert.deepEqual([timeline.carries, timeline.transfer?.percent], ['pull', 2]);
});

test('a new run of the same id begins a new picture', () => {
  const timeline = read(
    [0, 'status', running({ stages: ['one'] }, 'pipeline')],
    [1, 'stage', { stage: 'one', status: 'starting', kind: 'shell' }],
    [2, 'end', { status: 'error', error: 'no' }],
    [9, 'status', { task: 'generic_task', status: 'running', cmd: 'ls' }]);
  assert.deepEqual([timeline.type, timeline.steps, timeline.end, timeline.created, timeline.started], ['generic_task', [], undefined, 9_000, 9_000]);
});

test('what the events no longer tell comes from the lists', () => {
  const timeline = read([9, 'line', line('late')]);
  timeline.know({ task_type: 'pipeline', about: { stages: ['one', 'two'] }, created_at: 1, started_at: 2 });
  timeline.fill([{ stage: 'one', kind: 'shell', status: 'completed', started_at: 2, duration_sec: 3 }, { stage: 'two', kind: 'shell', status: 'waiting' }]);
  assert.deepEqual([timeline.created, timeline.started], [1_000, 2_000]);
  assert.deepEqual(picture(timeline.steps), ['one completed 3 s', 'two waiting']);
});
