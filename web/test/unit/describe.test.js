import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from '../../static/lib/describe.js';

const cases = /** @type {[string, any, string, string][]} type, data, tone, text */ ([
  ['line', { stream: 'stdout', line: 'hello' }, 'line', 'hello'],
  ['line', { stream: 'stderr', line: 'oh' }, 'stderr', 'oh'],
  ['line', { line: 7 }, 'event', 'line=7'],
  ['status', { task: 'generic_task', status: 'queued', position: 3, cmd: 'make' }, 'event', 'queued, position 3  make'],
  ['status', { task: 'generic_task', status: 'running', cmd: 'make', cwd: '/srv' }, 'event', 'running  make  cwd=/srv'],
  ['stage', { stage: 'push', status: 'starting', repo_tag: 'a:b' }, 'event', 'push: starting  repo_tag=a:b'],
  ['stage', { stage: 'push', status: 'completed', repo_tag: 'a:b', duration_sec: 7.51 }, 'good', 'push: completed in 7.5 s  repo_tag=a:b'],
  ['stage', { stage: 'push', status: 'error', error: 'no', repo_tag: 'a:b', duration_sec: 0.07 }, 'bad', 'push: error after 0.1 s: no'],
  ['stage', { stage: 'clone', status: 'completed', reused: true, duration_sec: 2, commit: '9fceb02d0ae598e95dc970b74767f19372d61af8' }, 'good', 'clone: completed before, not run again  commit=9fceb02d0ae5'],
  ['stage', { stage: 'build', status: 'completed', image_id: `sha256:${'0123456789abcdef'.repeat(4)}` }, 'good', 'build: completed  image_id=sha256:0123456789ab'],
  ['stage', { stage: 'run', status: 'completed', candidate: { id: '0123456789abcdef'.repeat(4), port: 32768 } }, 'good', 'run: completed  candidate={"id":"0123456789ab","port":32768}'],
  ['progress', { percent: 42.5, current: 3 * 2 ** 20, total: 7 * 2 ** 20, layers: [] }, 'event', '42.5 %, 3.0 MB of 7.0 MB'],
  ['progress', { percent: 57.1, stage: 'push', stage_percent: 100, current: 0, total: 0 }, 'event', '57.1 %, push 100 %'],
  ['usage', { cpu_percent: 12.4, memory: { used: 3 * 2 ** 30, total: 16 * 2 ** 30 } }, 'event', 'CPU 12 %, memory 3.0 GB of 16 GB'],
  ['end', { status: 'completed', exit_code: 0 }, 'good', 'completed, exit code 0'],
  ['end', { status: 'completed', exit_code: 4 }, 'bad', 'completed, exit code 4'],
  ['end', { status: 'error', error: 'cannot pull' }, 'bad', 'error, cannot pull'],
  ['end', { status: 'cancelled' }, 'warn', 'cancelled'],
  ['end', { status: 'error', outcome: 'rolled_back', error: 'it answered 500' }, 'bad', 'error, rolled back, it answered 500'],
  ['end', { status: 'error', outcome: 'interrupted', error: 'interrupted: the hub is shutting down' }, 'bad', 'error, interrupted: the hub is shutting down'],
  ['gap', { count: 1, reason: 'slow' }, 'warn', '1 event missing: this page was too slow and has been overtaken'],
  ['gap', { count: 1204, reason: 'evicted' }, 'warn', '1,204 events missing: no longer kept when this page asked'],
  ['gap', { count: null, reason: 'upstream' }, 'warn', 'events are missing, nobody knows how many: lost before they reached the hub'],
  ['gap', { count: null, reason: 'restart' }, 'warn', 'the hub was restarted: what came in between is lost, what it keeps now follows'],
  ['deploy', { to: 'production', ok: true, none: null }, 'event', 'to=production  ok=true'],
  ['deploy', 'a string', 'event', 'a string'],
  ['deploy', null, 'event', ''],
]);
for (const [type, data, tone, text] of cases) {
  test(`${type} ${JSON.stringify(data)}`, () => {
    const described = describe({ type, data });
    assert.deepEqual([described.tone, described.text], [tone, text]);
  });
}
