// The containers view on a real engine: found, run, acted on, looked into, and
// the engine away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { Hub } from '../support/hub.js';
import { Registry } from '../support/registry.js';

const engine = await Engine.start();
const hub = await Hub.start({ engine });
const registry = await Registry.start();
const browser = await launch();

const TALKS = ['sh', '-c', 'for i in 0 1 2; do echo "$HOSTNAME says $i"; sleep 0.5; done; sleep 1000'];

/**
 * Runs a container that goes after the test. It has no network: a new interface
 * of this machine makes Chromium drop what it is loading.
 */
function run(t, name, ...rest) {
  engine.docker('run', '-d', '--network', 'none', '--name', name, ...(rest.length ? rest : [IMAGE, 'sleep', '1000']));
  t.after(() => {
    try {
      engine.docker('rm', '-f', name);
    } catch {
      // The test has removed it.
    }
  });
}

const row = (view, name) => view.locator('hub-container-list tbody tr', { has: view.getByRole('link', { name, exact: true }) });
const named = (view, name) => view.getByRole('button', { name, exact: true });
const status = (name) => engine.docker('inspect', '-f', '{{.State.Status}}', name);
const list = new URL('ui/containers', hub.url);

/** Asks the hub by its API. */
async function ask(path, body) {
  const answer = await fetch(new URL(path, hub.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}

/** What must never happen; a browser also reports answers that are errors, and what it drops when the machine's network changes. */
const faults = (view) => view.faults.filter((text) => !text.includes('Failed to load resource'));

test('an engine without containers teaches how to run one, with an image it has', async (t) => {
  const view = await open(t, browser, list);
  await view.getByRole('heading', { name: 'No containers yet' }).waitFor();
  await view.locator('.empty code', { hasText: IMAGE }).waitFor();
  assert.match(await view.locator('.empty code').textContent(), /^curl -H 'Content-Type: application\/json' -d '\{"image":"hub-test\/busybox:latest".*docker\/run$/);
  await view.locator('.empty').getByRole('link', { name: 'Run a container' }).click();
  assert.equal(await view.getByLabel('Image').inputValue(), `${IMAGE}:latest`);
  assert.deepEqual(faults(view), []);
});

test('the form runs a container as it says, and its log opens', async (t) => {
  const view = await open(t, browser, `${list}?run=${IMAGE}`);
  t.after(() => engine.docker('rm', '-f', 'made'));
  await view.getByLabel('Name').fill('made');
  await view.getByRole('textbox', { name: 'Command' }).fill('sh -c "echo hello from $MODE; sleep 1000"');
  await view.getByLabel('Ports').fill('nonsense');
  await view.getByRole('button', { name: 'Run', exact: true }).click();
  await view.getByText('“nonsense” is not a port').waitFor();
  await view.getByLabel('Ports').fill('127.0.0.1:0:80');
  await view.getByLabel('Environment').fill('MODE=live\nEMPTY=');
  await view.getByLabel('Restart').selectOption('on-failure');
  await view.getByRole('button', { name: 'Run', exact: true }).click();
  await view.waitForURL('**/ui/containers/made/log');
  await view.getByText('hello from live', { exact: true }).waitFor();
  const port = view.getByRole('link', { name: /^127\.0\.0\.1:\d+ → 80$/ });
  assert.match(await port.getAttribute('href'), /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const [{ Config, HostConfig }] = JSON.parse(engine.docker('inspect', 'made'));
  assert.deepEqual(Config.Env.filter((line) => !line.startsWith('PATH')).sort(), ['EMPTY=', 'MODE=live']);
  assert.equal(HostConfig.RestartPolicy.Name, 'on-failure');
  assert.equal(HostConfig.PortBindings['80/tcp'][0].HostIp, '127.0.0.1');
  assert.deepEqual(faults(view), []);
});

test('an image that is not there is pulled first, as a task in sight', async (t) => {
  const image = `${registry.host}/away:1`;
  engine.docker('tag', IMAGE, image);
  await ask('docker/login', { username: registry.user, password: registry.password, registry: registry.host });
  await ask('docker/push', { repo_tag: image });
  engine.docker('rmi', image);
  const view = await open(t, browser, `${list}?run=${image}`);
  t.after(() => engine.docker('rm', '-f', 'pulled'));
  await view.evaluate(() => { // it may be over in a moment
    globalThis.seen = [];
    new MutationObserver(() => globalThis.seen.push(document.querySelector('.pulling:not([hidden])')?.textContent)).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await view.getByLabel('Name').fill('pulled');
  await view.getByRole('textbox', { name: 'Command' }).fill('sleep 1000');
  await view.getByRole('button', { name: 'Run', exact: true }).click();
  await view.waitForURL('**/ui/containers/pulled/log');
  assert.equal(status('pulled'), 'running');
  assert.ok((await view.evaluate(() => globalThis.seen)).some((text) => text?.startsWith(`Pulling ${image}`) && text.includes('as a task')));
  assert.deepEqual(faults(view), []);
});

test('an image that cannot be had: why, what to do, and the request', async (t) => {
  const view = await open(t, browser, `${list}?run=127.0.0.1:1/none`);
  await view.getByRole('button', { name: 'Run', exact: true }).click();
  const problem = view.locator('hub-container-run .problem');
  await problem.waitFor();
  assert.match(await problem.textContent(), /^Cannot pull 127\.0\.0\.1:1\/none.*see whether the registry runs.*Request [0-9a-f]{12}/);
  assert.deepEqual(faults(view), []);
});

test('the list is live: a container comes, is measured, stops and goes without a reload', async (t) => {
  const view = await open(t, browser, list);
  await view.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
  run(t, 'live', IMAGE, 'sh', '-c', 'while :; do :; done');
  await row(view, 'live').getByText('running').waitFor();
  await row(view, 'live').getByText(/^\d+\.\d %$/).waitFor();
  await row(view, 'live').getByText(/^\d[\d.]* (KB|MB)$/).waitFor();
  engine.docker('kill', 'live');
  await row(view, 'live').getByText('exited', { exact: true }).waitFor();
  await row(view, 'live').getByText(/^\d+\.\d %$/).waitFor({ state: 'detached' });
  engine.docker('rm', 'live');
  await row(view, 'live').waitFor({ state: 'detached' });
  assert.deepEqual(faults(view), []);
});

test('stop, start, restart and remove act on the container they name, and removing asks', async (t) => {
  run(t, 'acted');
  const view = await open(t, browser, list);
  await named(view, 'Stop acted').click();
  await named(view, 'Start acted').waitFor();
  assert.equal(status('acted'), 'exited');
  await named(view, 'Start acted').click();
  await named(view, 'Restart acted').waitFor();
  const started = engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'acted');
  await named(view, 'Restart acted').click();
  await view.waitForFunction(() => !document.querySelector('[aria-busy]'));
  assert.notEqual(engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'acted'), started);
  await named(view, 'Remove acted').click();
  const question = view.getByRole('dialog', { name: 'Remove the container acted?' });
  await question.getByText('It runs, and is killed first.').waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(status('acted'), 'running');
  await named(view, 'Remove acted').click();
  await question.getByRole('button', { name: 'Kill and remove' }).click();
  await row(view, 'acted').waitFor({ state: 'detached' });
  assert.equal(engine.docker('ps', '-aq', '--filter', 'name=acted'), '');
  assert.deepEqual(faults(view), []);
});

test('text and state narrow the list, and stand in the address', async (t) => {
  run(t, 'alpha');
  run(t, 'beta');
  run(t, 'gamma', IMAGE, 'true');
  const names = (view) => view.locator('hub-container-list a.name').allTextContents();
  const view = await open(t, browser, list);
  await row(view, 'gamma').getByText('exited', { exact: true }).waitFor();
  await view.getByRole('searchbox').fill('BETA');
  assert.deepEqual(await names(view), ['beta']);
  await view.getByRole('searchbox').fill('');
  await view.getByLabel('State').selectOption('stopped');
  assert.deepEqual(await names(view), ['gamma']);
  assert.equal(new URL(view.url()).search, '?state=stopped');
  await view.reload();
  await row(view, 'gamma').waitFor();
  assert.deepEqual(await names(view), ['gamma']);
  await view.getByRole('searchbox').fill('nothing like it');
  await view.getByRole('heading', { name: 'None of 3 containers fits' }).waitFor();
  await view.getByRole('link', { name: 'Show all' }).click();
  assert.deepEqual(await names(view), ['alpha', 'beta', 'gamma']);
  assert.deepEqual(faults(view), []);
});

test('what has the focus keeps it while the list changes around it', async (t) => {
  run(t, 'focus-m');
  const view = await open(t, browser, list);
  const link = view.getByRole('link', { name: 'focus-m', exact: true });
  await link.focus();
  await link.evaluate((element) => { element.dataset.seen = 'before'; });
  run(t, 'focus-a');
  run(t, 'focus-z');
  await row(view, 'focus-z').waitFor();
  engine.docker('pause', 'focus-m');
  await row(view, 'focus-m').getByText('paused', { exact: true }).waitFor();
  engine.docker('unpause', 'focus-m');
  assert.deepEqual(await view.evaluate(() => [document.activeElement.textContent, document.activeElement.dataset.seen]), ['focus-m', 'before']);
  await view.keyboard.press('j');
  assert.equal(await view.evaluate(() => document.activeElement.textContent), 'focus-z');
  await view.keyboard.press('k');
  await view.keyboard.press('k');
  assert.equal(await view.evaluate(() => document.activeElement.textContent), 'focus-a');
});

test('several containers are read as one log', async (t) => {
  run(t, 'one', '--hostname', 'one', IMAGE, ...TALKS);
  run(t, 'two', '--hostname', 'two', IMAGE, ...TALKS);
  const view = await open(t, browser, list);
  await view.getByLabel('Choose one').check();
  await view.getByLabel('Choose two').check();
  await view.getByRole('link', { name: 'One log of these 2, in order of time' }).click();
  assert.equal(view.url(), `${hub.url}stream?topic=containers/one/logs&topic=containers/two/logs`);
  await view.getByText('one says 0').waitFor();
  await view.getByText('two says 0').waitFor();
  assert.deepEqual(faults(view), []);
});

test('the tabs of a container are links, reached and opened by the keyboard', async (t) => {
  run(t, 'tabs', '--env', 'TOKEN=hidden-value', '--env', 'MODE=live', '--memory', '64m', IMAGE, ...TALKS);
  const view = await open(t, browser, `${list}/tabs`);
  await view.getByText('says 1').first().waitFor();
  const tabs = view.getByRole('navigation', { name: 'Of this container' });
  assert.equal(await tabs.locator('[aria-current]').textContent(), 'log');
  await tabs.getByRole('link', { name: 'log' }).focus();
  await view.keyboard.press('Tab');
  await view.keyboard.press('Enter');
  await view.waitForURL('**/tabs/stats');
  await view.getByText(/^Memory .* of 64 MB/).waitFor();
  for (const label of ['CPU', 'Memory', 'Network', 'Block devices', 'Processes and threads']) {
    await view.getByRole('img', { name: new RegExp(`^${label}, the last 10 minutes\\..*now`) }).waitFor();
  }
  await tabs.getByRole('link', { name: 'inspect' }).focus();
  await view.keyboard.press('Enter');
  await view.getByRole('row', { name: 'MODE live' }).waitFor();
  await view.getByRole('row', { name: 'TOKEN *** (masked)' }).waitFor();
  await view.getByRole('row', { name: 'Memory 64 MB', exact: true }).waitFor();
  assert.equal((await view.locator('body').textContent()).includes('hidden-value'), false);
  await view.goBack();
  await view.getByText(/^Memory .* of 64 MB/).waitFor();
  assert.deepEqual(faults(view), []);
});

test('the whole inspection is JSON to fold and to search', async (t) => {
  run(t, 'json');
  const view = await open(t, browser, `${list}/json/inspect`);
  await view.getByRole('button', { name: 'Fold "HostConfig"' }).click();
  assert.equal(await view.getByText('"RestartPolicy"').isVisible(), false);
  await view.getByLabel('Search the JSON').fill('restartpolicy');
  await view.getByText('1 of 1', { exact: true }).waitFor();
  assert.equal(await view.getByText('"RestartPolicy"').isVisible(), true);
  assert.match(await view.locator('hub-json .current').textContent(), /"RestartPolicy"/);
  const shown = await view.locator('hub-json .line > span:not(.soft)').allTextContents();
  assert.equal(JSON.parse(shown.join('\n')).Name, '/json', 'what is shown is the JSON itself');
});

test('a signal is chosen and sent; what came of it is said', async (t) => {
  run(t, 'signalled', IMAGE, 'sh', '-c', 'trap "exit 7" USR1; while :; do sleep 0.1; done');
  const view = await open(t, browser, `${list}/signalled/stats`);
  await named(view, 'Kill… signalled').click();
  await view.getByLabel('Signal', { exact: true }).selectOption('SIGUSR1');
  await view.getByRole('button', { name: 'Send to signalled' }).click();
  await view.getByText(/^exit code 7, .* ago$/).waitFor();
  await view.getByText('It does not run (exited)').waitFor();
  await view.waitForFunction(() => document.title.startsWith('✗ signalled'));
  assert.deepEqual(faults(view), []);
});

test('a container that is gone says so, its log still shows, and a new one of its name takes its place', async (t) => {
  run(t, 'gone', IMAGE, 'sh', '-c', 'echo last words; sleep 1000');
  const view = await open(t, browser, `${list}/gone/log`);
  await view.getByText('last words', { exact: true }).waitFor();
  engine.docker('rm', '-f', 'gone');
  await view.getByText('There is no container gone now.').waitFor();
  assert.equal(await view.getByText('last words', { exact: true }).isVisible(), true);
  run(t, 'gone', IMAGE, 'sh', '-c', 'echo first words; sleep 1000');
  await view.getByText('first words', { exact: true }).waitFor();
  await view.getByText('There is no container gone now.').waitFor({ state: 'detached' });
  assert.deepEqual(faults(view), []);
});

test('an id in the address leads to the name', async (t) => {
  run(t, 'by-id');
  const view = await open(t, browser, `${list}/${engine.docker('inspect', '-f', '{{.Id}}', 'by-id').slice(0, 12)}/inspect`);
  await view.waitForURL('**/ui/containers/by-id/inspect');
  await view.getByRole('heading', { name: 'by-id' }).waitFor();
  assert.deepEqual(faults(view), []);
});

test('at 360 px nothing is wider than the screen', async (t) => {
  run(t, 'a-container-with-a-name-that-is-as-long-as-they-become', IMAGE, ...TALKS);
  const name = 'a-container-with-a-name-that-is-as-long-as-they-become';
  const view = await open(t, browser, list, { viewport: { width: 360, height: 700 } });
  for (const path of ['', '?run=', ...['log', 'stats', 'inspect', 'files?path=/etc'].map((tab) => `/${name}/${tab}`)]) {
    await view.goto(`${list}${path}`);
    await view.getByRole('heading', { name: path.startsWith('/') ? name : 'Containers', exact: true }).waitFor();
    await view.locator(path.startsWith('/') ? 'hub-container .place > *' : 'tbody tr').first().waitFor();
    assert.equal(await view.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth)), 360, path);
  }
});

test('while the engine is away the list says so with the fix, and comes back by itself', async (t) => {
  engine.docker('run', '-d', '--network', 'none', '--name', 'stays', '--restart', 'always', IMAGE, 'sleep', '1000');
  const view = await open(t, browser, list);
  await row(view, 'stays').getByText('running').waitFor();
  await engine.stop();
  const problem = view.locator('hub-container-list .problem');
  await problem.waitFor();
  assert.match(await problem.textContent(), /no Docker engine answers at .*start the engine.*Request [0-9a-f]{12}/s);
  await engine.run();
  await problem.waitFor({ state: 'detached' });
  await row(view, 'stays').getByText('running').waitFor();
  assert.deepEqual(faults(view), []);
});
