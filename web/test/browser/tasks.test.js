// The tasks view: the list, and one task from its start to its end. Engine and
// registry are real.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { launch, open, row } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { Hub } from '../support/hub.js';
import { Registry } from '../support/registry.js';

const engine = await Engine.start();
const [registry, hub, browser] = await Promise.all([Registry.start(), Hub.start({ engine, flags: ['--tasks-running', '6'] }), launch()]);

async function post(path, body) {
  const answer = await fetch(new URL(path, hub.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

const start = async (cmd, more = {}) => (await post('tasks/start', { cmd, ...more })).task_id;
const task = (t, id, options) => page(t, `ui/tasks/${id}`, options);
const badge = (view, word) => view.locator('hub-task > header .badge', { hasText: word }).waitFor({ timeout: 60_000 });
const steps = (view) => view.locator('hub-task .side > .steps > li');
const step = (view, name, word) => steps(view).filter({ hasText: name }).locator('> .line .word', { hasText: word }).waitFor();
const build = async (lines, more = {}) => (await post('docker/build/start', { dockerfile_content: [`FROM ${IMAGE}`, ...lines, ''].join('\n'), ...more })).task_id;

/** Opens the view, again where Chromium drops what it loads, as it does whenever a container on this machine gets its network. */
async function page(t, path, options) {
  const view = await open(t, browser, hub.url + path, options);
  for (let tries = 0; tries < 5; tries++) {
    const there = view.locator('hub-tasks > *').waitFor({ timeout: 8_000 });
    if (await there.then(() => true, () => false)) break;
    await view.reload();
  }
  return view;
}

/** Leads to another task, as a link does. */
const lead = (view, id) => view.evaluate((path) => {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}, `/ui/tasks/${id}`);

/** What the page did wrong; that Chromium dropped something is no fault of its. */
const faults = (view) => view.faults.filter((fault) => !/ERR_NETWORK_CHANGED/.test(fault));

test('an empty list teaches, and its form runs a command that is watched, cancelled and run again', async (t) => {
  const view = await page(t, 'ui/tasks');
  await view.getByRole('heading', { name: 'No tasks yet' }).waitFor();
  await view.getByText(`${hub.url}tasks/start`).waitFor();
  await view.keyboard.press('c');
  await view.getByRole('textbox', { name: 'Command' }).fill('echo "$WORD"; sleep 600');
  await view.getByText('More').click();
  await view.getByRole('textbox', { name: 'Environment' }).fill('WORD=hello there');
  await view.keyboard.press('Control+Enter');
  await badge(view, 'running');
  await row(view, 'hello there');
  const first = new URL(view.url()).pathname;
  assert.match(first, /^\/ui\/tasks\/generic_task-[0-9a-f]{10}$/);
  await view.waitForFunction(() => document.title.startsWith('● command echo'));
  await view.locator('hub-task .time', { hasText: /^[2-9] s$/ }).waitFor();
  await view.getByRole('button', { name: 'Cancel the task' }).click();
  await view.getByRole('heading', { name: 'Stop the command echo "$WORD"; sleep 600?' }).waitFor();
  await view.getByRole('button', { name: 'Stop it' }).click();
  await badge(view, 'cancelled');
  await view.waitForFunction(() => document.title.startsWith('✗ command'));
  const over = await view.locator('hub-task .time').textContent();
  await view.getByRole('button', { name: 'Run again' }).click();
  await view.waitForFunction((before) => location.pathname !== before, first);
  await badge(view, 'running');
  await row(view, 'hello there');
  await post(`${new URL(view.url()).pathname.replace('/ui/', '')}/cancel`);
  await view.goBack();
  await badge(view, 'cancelled');
  assert.equal(await view.locator('hub-task .time').textContent(), over);
  assert.match(over, /^took /);
  assert.deepEqual(faults(view), []);
});

test('the list changes by itself, keeps the focus, and is filtered by its address', async (t) => {
  const held = await start('sleep 600', { task_id: 'held' });
  const view = await page(t, 'ui/tasks');
  const link = (id) => view.locator(`a.name[href$="/${id}"]`);
  const word = (id, text) => view.locator('tr', { has: link(id) }).locator('.badge', { hasText: text }).waitFor();
  await word(held, 'running');
  await link(held).focus();
  await start('exit 3', { task_id: 'three' });
  await word('three', 'exit code 3');
  assert.equal(await view.evaluate(() => document.activeElement.pathname), '/ui/tasks/held');
  await view.keyboard.press('k');
  assert.equal(await view.evaluate(() => document.activeElement.pathname), '/ui/tasks/three');
  await view.getByLabel('State').selectOption('running');
  await link('three').waitFor({ state: 'detached' });
  assert.equal(new URL(view.url()).search, '?status=running');
  await view.getByLabel('Filter the tasks').fill('nothing like it');
  await view.getByRole('heading', { name: 'No task fits' }).waitFor();
  await view.getByRole('button', { name: 'Show all' }).click();
  await link('three').waitFor();
  await post('tasks/held/cancel');
  await word(held, 'cancelled');
  const other = await page(t, 'ui/tasks?q=exit+3');
  await other.locator('a.name').waitFor();
  assert.equal(await other.locator('a.name').count(), 1);
  assert.deepEqual([...faults(view), ...faults(other)], []);
});

test('a build is watched from its start to its end, and what it made is offered', async (t) => {
  await build(['RUN echo warm > /warm'], { task_id: 'warm', tag: 'tasks:warm' });
  const view = await task(t, 'warm');
  await badge(view, 'completed');
  await build(['RUN echo warm > /warm', 'RUN echo begun; sleep 3; echo done'], { task_id: 'build', tag: 'tasks:one' });
  await lead(view, 'build');
  await step(view, 'RUN echo begun', 'running');
  await step(view, 'RUN echo warm', 'cached');
  await view.getByRole('progressbar').waitFor();
  await step(view, 'RUN echo begun', 'done');
  await badge(view, 'completed');
  assert.equal(await steps(view).count(), 3);
  assert.match(await steps(view).last().locator('.time').textContent(), /^[3-9](\.\d)? s$/);
  const result = view.getByRole('region', { name: 'Result' });
  await result.getByText('tasks:one').waitFor();
  assert.equal(await result.getByRole('link', { name: 'Run it' }).getAttribute('href'), '/ui/containers?run=tasks%3Aone');
  await result.getByRole('button', { name: 'Push' }).waitFor();
  await steps(view).last().locator('a.name').click();
  await view.waitForFunction(() => /^#L\d+$/.test(location.hash));
  await view.locator('hub-log-panel').getByText('Step 3/3 : RUN echo begun').waitFor();
  assert.deepEqual(faults(view), []);
});

test('a build that fails stands open on its error and its last lines', async (t) => {
  await build(['RUN echo "<b>almost</b>"; exit 5'], { task_id: 'broken' });
  const view = await task(t, 'broken');
  await badge(view, 'failed');
  const failed = view.locator('.steps li[data-state="error"]');
  await failed.getByText('returned a non-zero code: 5').first().waitFor();
  await failed.locator('pre', { hasText: '<b>almost</b>' }).waitFor();
  await view.keyboard.press(']');
  assert.equal(await view.evaluate(() => document.activeElement.closest('li').dataset.state), 'error');
  await view.waitForFunction(() => /^#L\d+$/.test(location.hash));
  assert.equal(await view.locator('hub-task > header .cause').isVisible(), false); // it stands at its step
  assert.deepEqual(faults(view), []);
});

test('a pipeline that fails is retried from the stage that failed, or from a chosen one', async (t) => {
  const stages = [{ kind: 'shell', name: 'one', cmd: 'echo 1' }, { kind: 'shell', name: 'two', cmd: 'test -e here || { touch here; exit 1; }' }, { kind: 'shell', name: 'three', cmd: 'true' }];
  await post('pipeline/start', { stages, task_id: 'stages' });
  const view = await task(t, 'stages');
  await badge(view, 'failed');
  await step(view, 'two', 'failed');
  await step(view, 'three', 'skipped');
  await view.getByRole('button', { name: 'retry from here: one' }).waitFor();
  await view.locator('header').getByRole('button', { name: 'Retry from two' }).click();
  await view.waitForFunction(() => location.pathname !== '/ui/tasks/stages');
  await badge(view, 'completed');
  await step(view, 'one', 'reused');
  await step(view, 'two', 'done');
  await view.locator('hub-task .about a[href="/ui/tasks/stages"]').click();
  await badge(view, 'failed');
  await view.locator('hub-task .about', { hasText: 'retried as pipeline-' }).waitFor();
  await view.getByRole('button', { name: 'Run again' }).click();
  await view.waitForFunction(() => location.pathname !== '/ui/tasks/stages');
  await step(view, 'two', 'failed');
  await step(view, 'one', 'done');
  assert.deepEqual(faults(view), []);
});

test('a pull tells its bytes and its layers, and leads to the image', async (t) => {
  const name = `${registry.host}/team/pulled`;
  await post('docker/build/start', { dockerfile_content: `FROM ${IMAGE}\nRUN head -c 60000000 /dev/urandom > /data\n`, tag: name, task_id: 'big' });
  const view = await task(t, 'big');
  await badge(view, 'completed');
  await post('docker/login', { username: registry.user, password: registry.password, registry: registry.host });
  const answer = await fetch(new URL('docker/push', hub.url), { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' }, body: JSON.stringify({ repo_tag: name, task_id: 'push' }) });
  await lead(view, 'push');
  const bar = view.getByRole('progressbar', { name: 'Progress' });
  await bar.waitFor();
  await badge(view, 'completed');
  await answer.text();
  engine.docker('rmi', '-f', name);
  const pulled = post('docker/pull', { name, task_id: 'pull' });
  await lead(view, 'pull');
  await bar.waitFor();
  await badge(view, 'completed');
  await pulled;
  assert.match(await bar.getAttribute('aria-valuetext'), /^100 %, [\d.]+ MB$/);
  assert.equal(await bar.getAttribute('aria-valuenow'), '100');
  await view.locator('.layers summary', { hasText: /^\d layers?$/ }).click();
  await view.locator('.layers li', { hasText: 'Pull complete' }).first().waitFor();
  const result = view.getByRole('region', { name: 'Result' });
  assert.equal(await result.getByRole('link', { name: 'Run it' }).getAttribute('href'), `/ui/containers?run=${encodeURIComponent(`${name}:latest`)}`);
  assert.deepEqual(faults(view), []);
});

test('one that waits says at which place, for whom it is not known yet, too', async (t) => {
  const view = await task(t, 'later');
  await view.getByRole('heading', { name: 'There is no task later' }).waitFor();
  const holders = await Promise.all(Array.from({ length: 6 }, () => start('sleep 600')));
  const release = () => Promise.all(holders.map((id) => post(`tasks/${id}/cancel`)));
  t.after(release);
  await start('echo soon', { task_id: 'later' });
  await badge(view, 'waiting, position 1');
  await release();
  await badge(view, 'completed');
  await row(view, 'soon');
  assert.equal(await view.getByRole('heading', { name: 'There is no task later' }).isVisible(), false);
  assert.deepEqual(faults(view), []);
});

test('elapsed time is the hub’s, whatever the clock of the reader says', async (t) => {
  const id = await start('sleep 600');
  const context = await browser.newContext();
  t.after(() => context.close());
  await context.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
  });
  const view = await context.newPage();
  await view.goto(`${hub.url}ui/tasks/${id}`);
  await view.locator('hub-task .time', { hasText: /^([2-9]|[1-5]\d) s$/ }).waitFor();
  await post(`tasks/${id}/cancel`);
});

test('at 360 px nothing is wider than the screen, and the log stands below', async (t) => {
  const view = await task(t, 'broken', { viewport: { width: 360, height: 740 } });
  await badge(view, 'failed');
  const wide = () => view.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth));
  assert.equal(await wide(), 360);
  const [timeline, log] = await Promise.all(['.side', 'hub-log-panel'].map((part) => view.locator(`hub-task > ${part}`).boundingBox()));
  assert.ok(log.y >= timeline.y + timeline.height);
  await view.getByRole('link', { name: 'All tasks' }).click();
  await view.locator('a.name').first().waitFor();
  assert.equal(await wide(), 360);
  assert.deepEqual(faults(view), []);
});

test('the commands that a task offers do the same in a terminal', async (t) => {
  await start('echo from afar', { task_id: 'afar' });
  const view = await task(t, 'afar');
  await badge(view, 'completed');
  await view.getByText('As commands').click();
  const command = await view.locator('.commands code', { hasText: '/rerun' }).textContent();
  const { task_id: next, rerun_of: of } = JSON.parse(execFileSync('sh', ['-c', `${command} -s`], { encoding: 'utf8' }));
  assert.equal(of, 'afar');
  await lead(view, next);
  await row(view, 'from afar');
  assert.deepEqual(faults(view), []);
});
