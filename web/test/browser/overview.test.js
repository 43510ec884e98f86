// The overview on a real engine: how a new user begins, what runs, the
// containers, the host, and what a hidden tab no longer costs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch, open } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { Hub } from '../support/hub.js';

const engine = await Engine.start();
const hub = await Hub.start({ engine });
const browser = await launch();

async function post(path, body) {
  const answer = await fetch(new URL(path, hub.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}
const start = async (cmd) => (await post('tasks/start', { cmd })).task_id;
const figures = async () => (await fetch(new URL('system/hub', hub.url))).json();

// Where page and engine share a machine, a container's new network interface makes Chromium drop what it is loading.
const faults = (view) => view.faults.filter((fault) => !/ERR_NETWORK_CHANGED/.test(fault));

/** Waits until it holds; tells what it last was. */
async function until(what, value, holds) {
  let last;
  for (let tries = 0; tries < 300; tries++) {
    if (holds(last = await value())) return last;
    await sleep(100);
  }
  return assert.fail(`${what}: ${JSON.stringify(last)}`);
}

const running = (view, id) => view.locator('.running li', { has: view.locator(`a[title="${id}"]`) });
const ended = (view, id) => view.locator('.ended li', { has: view.locator(`a[title="${id}"]`) });
const container = (view, name) => view.locator('hub-overview-containers tbody tr', { has: view.getByRole('link', { name, exact: true }) });

test('on an engine without a container it leads from build to run, watch and deploy, and marks what is done', async (t) => {
  const view = await open(t, browser, hub.url);
  const steps = view.locator('hub-first-steps');
  await steps.getByRole('heading', { name: 'First steps' }).waitFor();
  for (const part of ['docker/build/start', 'docker/run', 'stream/containers/hello/logs', 'pipeline/html-site/start']) {
    assert.equal(await steps.locator('code', { hasText: hub.url + part }).count(), 1, part);
  }
  const links = await steps.getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.deepEqual(links, ['/ui/images?build=1', '/ui/images?pull=1', '/ui/containers?run=hello%3Alatest', '/ui/containers/hello/log', '/ui/deploy']);
  const done = () => steps.locator('li[data-state="done"] h3').allTextContents();
  assert.deepEqual(await done(), ['Build an image ✓ done']); // the engine has one
  assert.equal(await view.getByRole('table', { name: 'Containers' }).isVisible(), false);

  engine.docker('run', '-d', '--name', 'first', IMAGE, 'sleep', '1000');
  t.after(() => engine.docker('rm', '-f', 'first'));
  await steps.getByRole('link', { name: 'The log of first' }).waitFor();
  assert.deepEqual(await done(), ['Build an image ✓ done', 'Run it ✓ done']);
  await steps.getByRole('button', { name: 'Hide these' }).click();
  await steps.waitFor({ state: 'hidden' });
  await container(view, 'first').waitFor();
  assert.deepEqual(faults(view), []);
});

test('nothing that runs teaches what a task is, with a command that works', async (t) => {
  const view = await open(t, browser, hub.url);
  const empty = view.locator('hub-overview-tasks .empty');
  await empty.waitFor();
  assert.equal(await empty.getByRole('link', { name: 'Build an image' }).getAttribute('href'), '/ui/images?build=1');
  const command = await empty.locator('code').textContent();
  const body = /-d '(.*)' /.exec(command)[1];
  const { task_id: id } = await post('tasks/start', JSON.parse(body));
  await running(view, id).waitFor();
  await empty.waitFor({ state: 'hidden' });
  await ended(view, id).getByText('✓ completed').waitFor();
});

test('a running task shows up, counts by the hub’s clock, says how far it is, and is cancelled by name', async (t) => {
  const view = await open(t, browser, 'about:blank');
  await view.clock.install({ time: Date.now() + 3_600_000 }); // the reader's clock is an hour ahead
  await view.clock.resume();
  await view.goto(hub.url);
  await view.getByRole('heading', { name: 'Overview' }).waitFor();
  const id = await start('echo one; sleep 1000');
  const row = running(view, id);
  await row.waitFor();
  assert.match(await row.textContent(), /● running\s*command echo one; sleep 1000/);
  await row.getByText(/^0:0[1-9]$/).waitFor();

  const cancel = view.getByRole('button', { name: `Cancel ${id}` });
  await cancel.focus();
  const other = await start('exit 4');
  await ended(view, other).getByText('✗ exit code 4').waitFor();
  assert.equal(await cancel.evaluate((button) => button === document.activeElement), true, 'the focus was lost');
  await view.keyboard.press('Enter');
  const dialog = view.getByRole('dialog');
  await dialog.getByText('Cancel the command echo one; sleep 1000?').waitFor();
  await dialog.getByRole('button', { name: 'Cancel the task' }).click();
  await ended(view, id).getByText('– cancelled').waitFor();
  assert.equal(await row.count(), 0);
  assert.equal(await ended(view, id).getByRole('link').getAttribute('href'), `/ui/tasks/${id}`);
  assert.deepEqual(faults(view), []);
});

test('who comes while a build runs sees how far it is, though it says nothing more', async (t) => {
  const { task_id: id } = await post('docker/build/start', { dockerfile_content: `FROM ${IMAGE}\nRUN echo a\nRUN echo b; sleep 1000\n`, app_id: 'overview' });
  const lines = async () => (await fetch(new URL(`stream/tasks/${id}?follow=0`, hub.url))).text();
  await until('the build sleeps', lines, (text) => /^b$/m.test(text));
  const view = await open(t, browser, hub.url);
  await running(view, id).getByRole('progressbar').waitFor();
  assert.match(await running(view, id).locator('.percent').textContent(), /^[1-9]\d %$/);
  assert.match(await running(view, id).textContent(), /build overview:latest/);
  await post(`tasks/${id}/cancel`);
  await ended(view, id).getByText('– cancelled').waitFor();
  assert.deepEqual(faults(view), []);
});

test('containers come, use CPU and memory, and stop, without a reload; each leads to its log', async (t) => {
  const view = await open(t, browser, hub.url);
  await view.getByRole('heading', { name: 'Overview' }).waitFor();
  engine.docker('run', '-d', '--name', 'busy', IMAGE, 'sh', '-c', 'while :; do sleep 0.2; done');
  t.after(() => engine.docker('rm', '-f', 'busy'));
  const row = container(view, 'busy');
  await row.getByText('● running').waitFor();
  await row.getByText(/^\d+\.\d %$/).waitFor();
  await row.getByText(/^[\d.]+ [KM]B$/).waitFor();
  assert.equal(await row.getByRole('link').getAttribute('href'), '/ui/containers/busy/log');
  engine.docker('kill', 'busy');
  await row.getByText('○ exited').waitFor();
  await view.waitForFunction((text) => !text.test(document.querySelector('hub-overview-containers tbody')?.textContent ?? ''), /\d %/);
  assert.deepEqual(faults(view), []);
});

test('the host’s lines are painted, and told in words', async (t) => {
  const view = await open(t, browser, hub.url);
  for (const name of ['CPU', 'Memory', 'Disk', 'Network']) {
    const canvas = view.getByRole('img', { name: new RegExp(`^${name}, the last 10 minutes\\..* now, from .* to `) });
    await canvas.waitFor();
    const painted = await canvas.evaluate((/** @type {HTMLCanvasElement} */ element) => {
      const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(painted > 2, `${name}: ${painted} colours`);
  }
  await view.locator('hub-chart', { hasText: 'Network' }).getByText(/^in .*\/s$/).waitFor();
  assert.deepEqual(faults(view), []);
});

test('a hidden tab stops to read what costs, and goes on at once when it is looked at', async (t) => {
  engine.docker('run', '-d', '--name', 'watched', IMAGE, 'sleep', '1000');
  t.after(() => engine.docker('rm', '-f', 'watched'));
  const view = await open(t, browser, 'about:blank');
  await view.clock.install();
  await view.clock.resume();
  await view.goto(hub.url);
  await container(view, 'watched').getByText(/^\d+\.\d %$/).waitFor();
  const before = (await figures()).readers.total;
  const look = (hidden) => view.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { value: is, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await look(true);
  await view.clock.fastForward(30_000);
  const less = await until('fewer readers', async () => (await figures()).readers.total, (total) => total <= before - 2);
  assert.ok(less >= 1);
  await look(false);
  await until('the readers are back', async () => (await figures()).readers.total, (total) => total === before);
  await container(view, 'watched').getByText(/^\d+\.\d %$/).waitFor();
  assert.deepEqual(faults(view), []);
});

test('an engine that goes away is named with cause and fix, and noticed when it is back', async (t) => {
  const view = await open(t, browser, hub.url);
  await view.getByText(/✓ Docker .* connected/).waitFor();
  await engine.stop();
  const trouble = view.getByRole('alert').filter({ hasText: 'The Docker engine is not there' });
  await trouble.waitFor();
  await trouble.getByText('sudo systemctl start docker').waitFor();
  await view.getByRole('link', { name: 'All tasks' }).waitFor(); // the rest goes on
  await engine.run();
  await view.getByText(/✓ Docker .* connected/).waitFor();
  await trouble.waitFor({ state: 'detached' });
  assert.deepEqual(faults(view).filter((fault) => !fault.includes('503')), []);
});

test('at 360 px nothing is wider than the screen', async (t) => {
  await start(`echo ${'a-long-word'.repeat(30)}`);
  const view = await open(t, browser, hub.url, { viewport: { width: 360, height: 700 } });
  await view.locator('.ended li').first().waitFor();
  assert.equal(await view.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth)), 360);
});
