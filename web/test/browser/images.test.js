// The images view on a real engine, with a real registry beside it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { Hub } from '../support/hub.js';
import { Registry } from '../support/registry.js';

const engine = await Engine.start();
const registry = await Registry.start();
const hub = await Hub.start({ engine });
const browser = await launch();

const at = (query = '') => new URL(`ui/images${query}`, hub.url);
const row = (view, name) => view.locator('hub-images tbody tr', { has: view.locator(`.name[title="${name}"]`) });
const button = (view, name) => view.getByRole('button', { name, exact: true });
const tags = () => engine.docker('images', '--format', '{{.Repository}}:{{.Tag}}').split('\n').filter(Boolean);
/** Runs a docker command that may fail. */
function attempt(...args) {
  try {
    engine.docker(...args);
  } catch {
    // It was done already, or its turn comes later.
  }
}
/** An answer that is an error is reported by the browser, too, and is no fault of the page. */
const faults = (view) => view.faults.filter((text) => !/Failed to load resource|ERR_NETWORK_CHANGED/.test(text));

/**
 * Opens the view. A browser breaks off what it loads when the machine's networks
 * change, as they do when any container starts: then it loads again.
 */
async function page(t, query, options) {
  const view = await open(t, browser, at(query), options);
  for (let tries = 0; tries < 5; tries++) {
    if (await view.locator('hub-images :is(.table, .empty):not([hidden])').first().waitFor({ timeout: 6_000 }).then(() => true, () => false)) break;
    await view.reload();
  }
  return view;
}

/** An image of its own from the one there is, gone after the test. */
function make(t, name) {
  engine.docker('tag', IMAGE, name);
  t.after(() => {
    if (tags().includes(name)) engine.docker('rmi', '-f', name);
  });
}

test('the list shows what the engine has, live, by a filter that stands in the address', async (t) => {
  const view = await page(t, '');
  await row(view, `${IMAGE}:latest`).getByText('MB').waitFor();
  make(t, 'live/one:1');
  await row(view, 'live/one:1').waitFor();
  engine.docker('create', '--name', 'uses-it', '--network', 'none', 'live/one:1');
  await row(view, 'live/one:1').getByRole('link', { name: 'uses-it' }).waitFor();
  engine.docker('rm', 'uses-it');
  await row(view, 'live/one:1').getByRole('link', { name: 'uses-it' }).waitFor({ state: 'detached' });
  const filter = view.getByRole('searchbox', { name: 'Filter images' });
  await filter.fill('one:1');
  await view.getByText('1 of 2').waitFor();
  assert.equal(new URL(view.url()).search, '?filter=one%3A1');
  await view.reload();
  await row(view, 'live/one:1').waitFor();
  assert.equal(await row(view, `${IMAGE}:latest`).count(), 0);
  assert.equal(await row(view, 'live/one:1').getByRole('link', { name: 'Run' }).getAttribute('href'), '/ui/containers?run=live%2Fone%3A1');
  assert.deepEqual(faults(view), []);
});

test('a build from the form’s own example succeeds and leads to its task', async (t) => {
  const view = await page(t, '?build=1');
  await view.waitForFunction((image) => document.querySelector('[name=dockerfile_content]').value.startsWith(`FROM ${image}`), IMAGE);
  await view.getByLabel('Name').fill('example:1');
  await view.getByLabel('Dockerfile', { exact: true }).fill(`FROM ${IMAGE}\nLABEL made=here\n`);
  await button(view, 'Build').click();
  await view.waitForURL('**/ui/tasks/docker_build-*');
  t.after(() => engine.docker('rmi', '-f', 'example:1'));
  await view.goto(String(at()));
  await row(view, 'example:1').waitFor();
  assert.deepEqual(faults(view), []);
});

test('a registry that wants a password says so, takes a login, a push and a pull with a bar', async (t) => {
  const view = await page(t, '', { permissions: ['clipboard-read', 'clipboard-write'] });
  const name = `${registry.host}/mine:1`;
  await row(view, `${IMAGE}:latest`).getByRole('link', { name: 'Tag' }).click();
  await view.getByRole('textbox', { name: 'Name' }).fill(`${registry.host}/mine`);
  await view.getByRole('textbox', { name: 'Tag' }).fill('1');
  await button(view, 'Tag').click();
  await row(view, name).waitFor();
  t.after(() => tags().includes(name) && engine.docker('rmi', name));

  await row(view, name).getByRole('link', { name: 'Push' }).click();
  await button(view, 'Push').click();
  const entry = view.locator('.transfers article', { hasText: `Push ${name}` });
  await entry.getByText('failed').waitFor();
  await entry.getByRole('link', { name: 'Log in to the registry' }).click();
  assert.equal(await view.getByRole('textbox', { name: 'Registry' }).inputValue(), registry.host);
  await view.getByRole('textbox', { name: 'User' }).fill(registry.user);
  await view.getByLabel('Password or token').fill('wrong');
  await button(view, 'Log in').click();
  await view.locator('.panel .problem').waitFor();
  await view.getByLabel('Password or token').fill(registry.password);
  await view.locator('.panel').getByRole('button', { name: 'Copy as curl' }).click();
  await view.getByText('Copied', { exact: true }).waitFor();
  const command = await view.evaluate(() => navigator.clipboard.readText());
  assert.match(command, /docker\/login$/);
  assert.ok(!command.includes(registry.password) && !view.url().includes('horse'), command);
  await button(view, 'Log in').click();
  await view.getByText(`Logged in to ${registry.host} as ${registry.user}.`).waitFor();
  await entry.getByRole('button', { name: 'Put away' }).click();

  await row(view, name).getByRole('link', { name: 'Push' }).click();
  await button(view, 'Push').click();
  await entry.getByText('✓ pushed').waitFor();
  assert.equal(await entry.getByRole('progressbar', { name: 'Progress' }).getAttribute('aria-valuenow'), '100');
  assert.ok(await entry.locator('.layers li').count() >= 1);
  await view.goto(String(at(`?pull=${encodeURIComponent(name)}`)));
  await button(view, 'Pull').click();
  const pulled = view.locator('.transfers article', { hasText: `Pull ${name}` });
  await pulled.getByText('✓ pulled').waitFor();
  assert.match(await pulled.getByRole('link', { name: 'as a task' }).getAttribute('href'), /^\/ui\/tasks\/docker_pull-/);
  assert.deepEqual(faults(view), []);
});

test('removing asks by name, and an image in use stays and says for whom', async (t) => {
  make(t, 'doomed:1');
  const view = await page(t, '');
  await row(view, 'doomed:1').getByRole('button', { name: 'Remove' }).click();
  await view.getByRole('heading', { name: 'Remove doomed:1?' }).waitFor();
  await button(view, 'Cancel').click();
  assert.ok(tags().includes('doomed:1'));
  await row(view, 'doomed:1').getByRole('button', { name: 'Remove' }).click();
  await view.locator('dialog').getByRole('button', { name: 'Remove' }).click();
  await row(view, 'doomed:1').waitFor({ state: 'detached' });
  assert.ok(!tags().includes('doomed:1'));

  engine.docker('run', '-d', '--name', 'holder', '--network', 'none', IMAGE, 'sleep', '1000');
  t.after(() => engine.docker('rm', '-f', 'holder'));
  await row(view, `${IMAGE}:latest`).getByRole('link', { name: 'holder' }).waitFor();
  await row(view, `${IMAGE}:latest`).getByRole('button', { name: 'Remove' }).click();
  await view.locator('dialog', { hasText: '1 container of it: holder' }).getByRole('button', { name: 'Remove' }).click();
  const problem = view.locator('.toast .problem', { hasText: 'holder (running)' });
  await problem.getByRole('link', { name: 'holder' }).waitFor();
  assert.equal(await problem.getByRole('button', { name: 'Remove anyway' }).count(), 0, 'force removes no image of a running container');
  assert.ok(tags().includes(`${IMAGE}:latest`));

  // One that is used by nothing but what does not run may go all the same.
  writeFileSync(join(hub.folder, 'Dockerfile'), `FROM ${IMAGE}\nLABEL spent=1\n`);
  engine.docker('build', '-q', '-t', 'spent:1', hub.folder);
  t.after(() => attempt('rm', '-f', 'stopped'));
  engine.docker('create', '--name', 'stopped', '--network', 'none', 'spent:1', 'sh');
  await row(view, 'spent:1').getByRole('link', { name: 'stopped' }).waitFor();
  await row(view, 'spent:1').getByRole('button', { name: 'Remove' }).click();
  await view.locator('dialog').getByRole('button', { name: 'Remove' }).click();
  await view.locator('.toast', { hasText: 'stopped (created)' }).getByRole('button', { name: 'Remove anyway' }).click();
  await row(view, 'spent:1').waitFor({ state: 'detached' });
  assert.ok(!tags().includes('spent:1'));
  assert.deepEqual(faults(view), []);
});

test('pruning shows what would go and what it frees before it removes anything', async (t) => {
  engine.docker('create', '--name', 'left', '--network', 'none', IMAGE);
  engine.docker('commit', '-c', 'LABEL x=1', 'left');
  const loose = () => engine.docker('images', '-q', '--filter', 'dangling=true');
  t.after(() => loose() && engine.docker('image', 'prune', '-f'));
  const view = await page(t, '?prune=1');
  await view.getByLabel('Stopped containers').check();
  await button(view, 'See what would go').click();
  await view.locator('.found', { hasText: /would go/ }).getByText('1 container', { exact: false }).first().waitFor();
  assert.notEqual(engine.docker('ps', '-aq', '--filter', 'name=left'), '');
  await view.locator('.found').getByRole('button', { name: /^Remove them, free/ }).click();
  await view.locator('dialog h2', { hasText: /^Remove .*container.*\?$/ }).waitFor();
  await view.locator('dialog').getByRole('button', { name: 'Remove' }).click();
  await view.getByText(/^Removed .*freed\./).waitFor();
  assert.equal(engine.docker('ps', '-aq', '--filter', 'name=left'), '');
  assert.equal(loose(), '');
  assert.deepEqual(faults(view), []);
});

test('by the keyboard alone one filters, opens a form and closes it; live changes leave the focus alone', async (t) => {
  const view = await page(t, '');
  await view.keyboard.press('p');
  await view.getByRole('heading', { name: 'Pull an image' }).waitFor();
  assert.equal(await view.evaluate(() => document.activeElement.getAttribute('name')), 'name');
  await button(view, 'Close the form').press('Enter');
  await view.getByRole('heading', { name: 'Pull an image' }).waitFor({ state: 'detached' });
  await row(view, `${IMAGE}:latest`).getByRole('button', { name: 'Remove' }).focus();
  make(t, 'zfresh:1');
  await row(view, 'zfresh:1').waitFor();
  assert.equal(await view.evaluate(() => document.activeElement.getAttribute('aria-label')), `Remove ${IMAGE}:latest`);
});

test('an engine without images teaches, and at 360 px nothing is wider than the screen', async (t) => {
  for (let left; (left = engine.docker('images', '-aq'));) { // those that others are made from go after these
    for (const id of new Set(left.split('\n'))) attempt('rmi', '-f', id);
  }
  const view = await page(t, '', { viewport: { width: 360, height: 700 } });
  await view.getByRole('heading', { name: 'No images yet' }).waitFor();
  const wide = () => view.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth));
  assert.equal(await wide(), 360);
  await view.locator('.empty').getByRole('link', { name: 'Build an image' }).click();
  assert.match(await view.getByLabel('Dockerfile', { exact: true }).inputValue(), /^FROM scratch$/m);
  assert.equal(await wide(), 360);
  await button(view, 'Build').click();
  await view.waitForURL('**/ui/tasks/docker_build-*');
  await view.goto(String(at()));
  await row(view, 'hello:latest').waitFor();
  assert.deepEqual(faults(view), []);
});
