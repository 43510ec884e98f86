// The deploy view from the first deploy on: forms, runs as they go, retry, roll
// back, and what is said when something fails. Git server, registry and engine
// are real; nginx:alpine is a busybox that serves the same folder.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { GitServer } from '../support/gitserver.js';
import { Hub } from '../support/hub.js';
import { Registry } from '../support/registry.js';

const engine = await Engine.start();
const [git, registry, hub, browser] = await Promise.all([GitServer.start(), Registry.start(), Hub.start({ engine }), launch()]);
const repo = git.repo('team/site', { 'index.html': 'one' });
const image = `${registry.host}/team/site`;
const port = await freePort();

const nginx = join(engine.folder, 'nginx');
mkdirSync(nginx);
writeFileSync(join(nginx, 'Dockerfile'), `FROM ${IMAGE}\nRUN mkdir -p /usr/share/nginx/html\nCMD ["httpd", "-f", "-p", "80", "-h", "/usr/share/nginx/html"]\n`);
engine.docker('build', '--quiet', '--tag', 'nginx:alpine', nginx);

async function freePort() {
  const server = createServer().listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port: free } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return free;
}

const served = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();
const deploys = (t, path = 'ui/deploy', options) => open(t, browser, `${hub.url}${path}`, options);
const field = (view, name) => view.locator(`[name=${name}]`);
const newest = (view) => view.locator('hub-run').first();

async function fill(view, values) {
  for (const [name, value] of Object.entries(values)) await field(view, name).fill(value);
}

/** Waits for the newest of so many runs to have ended, and returns what is said of it. */
async function ended(view, count) {
  await view.waitForFunction((wanted) => {
    const runs = document.querySelectorAll('hub-run');
    return runs.length === wanted && ['good', 'warn', 'bad'].includes(runs[0].dataset.tone);
  }, count, { timeout: 20_000 });
  return newest(view).locator('.outcome').innerText();
}

/**
 * What the page did wrong. That a request was refused, as the test wanted, is no
 * fault of its, nor that Chromium drops what is under way whenever a container
 * on this machine gets its network.
 */
const faults = (view) => view.faults.filter((fault) => !/status of 422|ERR_NETWORK_CHANGED/.test(fault));

test('an empty page teaches the first deploy, and the form does it', async (t) => {
  const view = await deploys(t);
  await view.getByText('Nothing is deployed yet').waitFor();
  await view.getByText('docker run -d --name registry').waitFor();
  await view.getByRole('button', { name: 'Deploy', exact: true }).click();
  assert.equal(await field(view, 'repo_url').getAttribute('aria-invalid'), 'true');

  await fill(view, { repo_url: repo.url, dockerhub_repo: image, host_port: '70000', dockerhub_username: registry.user, dockerhub_password: registry.password });
  await view.getByRole('button', { name: 'Deploy', exact: true }).click();
  await view.locator('.field', { has: field(view, 'host_port') }).getByText('it must be from 1 to 65535').waitFor();
  assert.equal(await view.evaluate(() => document.activeElement.name), 'host_port');
  const command = await view.locator('form hub-copy button').getAttribute('title');
  assert.match(command, /"dockerhub_password":"'"\$DOCKERHUB_PASSWORD"'"/);
  assert.ok(!command.includes(registry.password));

  await field(view, 'host_port').fill(`${port}`);
  await view.getByRole('button', { name: 'Deploy', exact: true }).click();
  assert.match(await ended(view, 1), /^Completed in .+ s/);
  assert.deepEqual(await newest(view).locator('.stages .name').allTextContents(), ['clone', 'build', 'login', 'push', 'pull', 'run', 'probe']);
  assert.equal(await view.locator('form').count(), 0);
  assert.ok(!view.url().includes('?'), view.url());
  assert.equal(await served(), 'one');
  const now = view.locator('.served li');
  await now.getByText(`commit ${repo.first.slice(0, 12)}`).waitFor();
  assert.equal(await now.getByRole('link', { name: `127.0.0.1:${port}` }).getAttribute('href'), `http://127.0.0.1:${port}/`);
  await newest(view).getByText('and serves now').waitFor();
  assert.match(await view.title(), /^✓ deploy/);
  assert.deepEqual(faults(view), []);
});

test('the same is deployed again from its form, and rolled back to the commit before', async (t) => {
  repo.commit({ 'index.html': 'two' });
  const view = await deploys(t);
  await newest(view).getByRole('link', { name: 'Deploy again' }).click();
  await view.getByRole('heading', { name: `Deploy ${repo.url} again` }).waitFor();
  assert.deepEqual(await Promise.all(['repo_url', 'dockerhub_repo', 'host_port', 'dockerhub_password'].map((name) => field(view, name).inputValue())), [repo.url, image, `${port}`, '']);
  const secrets = { dockerhub_username: registry.user, dockerhub_password: registry.password };
  await fill(view, secrets);
  await view.getByRole('button', { name: 'Deploy again' }).click();
  await ended(view, 2);
  assert.equal(await served(), 'two');

  await view.getByRole('link', { name: `Roll back ${repo.url}` }).click();
  await view.getByText(`commit ${repo.first} is cloned and its image built`).waitFor();
  await view.getByText(`once it answers it takes port ${port}`).waitFor();
  await fill(view, secrets);
  await view.getByRole('button', { name: 'Roll back', exact: true }).click();
  await ended(view, 3);
  assert.equal(await served(), 'one');
  await view.locator('.served li').getByText(`commit ${repo.first.slice(0, 12)}`).waitFor();
  assert.deepEqual(faults(view), []);
});

test('one that fails says where and why, and goes on from there', async (t) => {
  await registry.stop();
  const view = await deploys(t, 'ui/deploy?new=site');
  await fill(view, { repo_url: repo.url, dockerhub_repo: image, host_port: `${port}`, dockerhub_username: registry.user, dockerhub_password: registry.password });
  await view.getByRole('button', { name: 'Deploy', exact: true }).click();
  assert.match(await ended(view, 4), /^Error at login after .+: cannot log in to/);
  await newest(view).getByText('is kept for a retry until').waitFor();
  assert.equal(await served(), 'one');

  await registry.run();
  await newest(view).getByRole('button', { name: /from a stage of your choice/ }).click();
  const dialog = view.getByRole('dialog');
  assert.deepEqual(await dialog.locator('option').allTextContents(), ['clone', 'build', 'login']);
  await dialog.getByText('Not run again: clone, build. Run again: login, push, pull, run, probe.').waitFor();
  await view.keyboard.press('Escape');
  await newest(view).getByRole('button', { name: `Retry ${repo.url} from login` }).click();
  assert.match(await ended(view, 5), /^Completed/);
  assert.deepEqual(await newest(view).locator('.stages .time').allTextContents().then((all) => all.slice(0, 2)), ['reused', 'reused']);
  await view.locator('hub-run').nth(1).getByText('was retried as').waitFor();
  assert.equal(await served(), 'two');
  assert.deepEqual(faults(view), []);
});

test('one that never answers is rolled back, in words', async (t) => {
  const view = await deploys(t, 'ui/deploy?new=site');
  await fill(view, { repo_url: repo.url, dockerhub_repo: image, host_port: `${port}`, dockerhub_username: registry.user, dockerhub_password: registry.password });
  await view.locator('summary').click();
  await fill(view, { probe_path: '/none', probe_timeout: '1' });
  await view.getByRole('button', { name: 'Deploy', exact: true }).click();
  assert.match(await ended(view, 6), /^Rolled back at probe: the one before serves on\./);
  assert.equal(await served(), 'two');
  assert.deepEqual(faults(view), []);
});

test('stages of one’s own: a fault at its field, a run that is watched, a cancel that asks', async (t) => {
  const view = await deploys(t, 'ui/deploy?new=stages');
  const pipeline = field(view, 'pipeline');
  await pipeline.waitFor();
  assert.equal(JSON.parse(await pipeline.inputValue()).stages.length, 5);
  const run = view.getByRole('button', { name: 'Run the stages' });
  for (const [text, said] of [['{', 'not JSON'], ['{"stages":[{"kind":"shell","cmd":"true","nonsense":1}]}', 'stages.0.nonsense']]) {
    await pipeline.fill(text);
    await run.click();
    await view.locator('.fault', { hasText: said }).waitFor();
  }
  await pipeline.fill('{"site":"shop","stages":[{"kind":"shell","name":"wait","cmd":"sleep 60"}]}');
  await run.click();
  await newest(view).getByText('At wait, ').waitFor();
  assert.match(await view.title(), /^● deploy/);
  await newest(view).getByRole('button', { name: 'Cancel the deploy of shop' }).click();
  await view.getByRole('dialog', { name: 'Cancel the deploy of shop?' }).getByRole('button', { name: 'Cancel the deploy' }).click();
  assert.match(await ended(view, 7), /^Cancelled at wait/);
  assert.deepEqual(faults(view), []);
});

test('the filter stands in the address, and 360 pixels are enough', async (t) => {
  const view = await deploys(t, 'ui/deploy?filter=shop', { viewport: { width: 360, height: 700 } });
  await newest(view).waitFor();
  assert.equal(await view.locator('hub-run').count(), 1);
  await view.getByRole('searchbox').fill('rolled back');
  await view.waitForFunction(() => location.search === '?filter=rolled+back' && document.querySelectorAll('hub-run').length === 1);
  await view.getByRole('searchbox').fill('');
  await view.waitForFunction(() => location.search === '' && document.querySelectorAll('hub-run').length === 7);
  assert.equal(await view.evaluate(() => document.querySelector('main').scrollWidth), 360);
  assert.deepEqual(faults(view), []);
});

test('without an engine the page says so, and not that nothing is deployed', async (t) => {
  const lone = await Hub.start();
  const view = await open(t, browser, `${lone.url}ui/deploy`);
  await view.locator('.problem .cause').waitFor();
  assert.equal(await view.getByText('Nothing is deployed yet').isVisible(), false);
});
