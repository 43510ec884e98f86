// The page itself: reading, keyboard, copying, small screens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open, row, rows, state } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const hub = await Hub.start();
const browser = await launch();
const numbered = (from, to) => Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`).join('');
const distance = (view) => view.evaluate(() => {
  const { scrollHeight, scrollTop, clientHeight } = document.querySelector('.pane');
  return scrollHeight - scrollTop - clientHeight;
});

test('with nothing chosen the logs teach how to begin, with the hub’s own address', async (t) => {
  const view = await open(t, browser, `${hub.url}ui/logs`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const command = `npm run build 2>&1 | curl -NsT - ${hub.url}stream/ci/1`;
  await view.getByText(command).waitFor();
  await view.locator('hub-copy', { hasText: command }).getByRole('button').click();
  await view.getByRole('button', { name: 'Copy' }).getByText('Copied').waitFor();
  assert.equal(await view.evaluate(() => navigator.clipboard.readText()), command);
  assert.deepEqual(view.faults, []);
});

test('the commands of the chosen topic are copied from its head', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/1`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const address = `${new URL(hub.url).host}/stream/ci/1`;
  for (const [name, command] of [['curl', `curl -N http://${address}`], ['websocat', `websocat ws://${address}`]]) {
    await view.getByRole('button', { name: `Copy ${name}` }).click();
    await view.getByText('Copied').first().waitFor();
    assert.equal(await view.evaluate(() => navigator.clipboard.readText()), command);
  }
});

test('it follows, lets go when the reader scrolls up, counts what is new, and follows again', async (t) => {
  await hub.publish('ci/scroll', numbered(0, 400));
  const view = await open(t, browser, `${hub.url}stream/ci/scroll`);
  await row(view, 'line 399');
  await view.waitForFunction(() => document.querySelector('.pill').hidden);
  assert.ok(await distance(view) <= 1);
  await view.mouse.move(700, 400);
  await view.mouse.wheel(0, -600);
  await view.getByRole('button', { name: 'to the end' }).waitFor();
  const reading = await view.evaluate(() => document.querySelector('.pane').scrollTop);
  await hub.publish('ci/scroll', numbered(400, 412));
  const pill = view.getByRole('button', { name: '▼ 12 new lines' });
  await pill.waitFor();
  assert.equal(await view.evaluate(() => document.querySelector('.pane').scrollTop), reading);
  await pill.click();
  await view.waitForFunction(() => document.querySelector('.pill').hidden);
  assert.ok(await distance(view) <= 1);
  await hub.publish('ci/scroll', numbered(412, 413));
  await row(view, 'line 412');
  await view.waitForFunction(() => document.querySelector('.pill').hidden);
  assert.ok(await distance(view) <= 1);
});

test('what the reader is marking stays where it is', async (t) => {
  await hub.publish('ci/mark', numbered(0, 100));
  const view = await open(t, browser, `${hub.url}stream/ci/mark`);
  await row(view, 'line 99');
  await view.locator('.row .text').last().dblclick({ position: { x: 8, y: 8 } });
  const marked = await view.evaluate(() => String(getSelection()).trim());
  await hub.publish('ci/mark', numbered(100, 150));
  await view.getByRole('button', { name: '▼ 50 new lines' }).waitFor();
  assert.equal(await view.evaluate(() => String(getSelection()).trim()), marked);
});

test('a redrawn line stays one row', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/bar`);
  await state(view, 'live');
  const redraw = (line) => ({ type: 'progress', data: { stream: 'stdout', line, redraw: true } });
  await hub.events('ci/bar', { type: 'line', data: { stream: 'stdout', line: 'start' } }, redraw('1%'));
  await row(view, '1%');
  await hub.events('ci/bar', redraw('50%'));
  await row(view, '50%');
  await hub.events('ci/bar', { type: 'line', data: { stream: 'stdout', line: '100%' } });
  await row(view, '100%');
  assert.deepEqual(await rows(view), ['start', '100%']);
});

test('the list is filtered, names a topic that is not there yet, and never steals the focus', async (t) => {
  await hub.publish('list/alpha', 'a\n');
  await hub.publish('list/beta', 'b\n');
  const view = await open(t, browser, `${hub.url}ui/logs`);
  const alpha = view.locator('hub-topics a[title="list/alpha"]');
  await alpha.waitFor();
  await alpha.focus();
  await hub.publish('list/gamma', 'c\n');
  await hub.publish('list/alpha', 'a2\n');
  await view.locator('hub-topics a[title="list/gamma"]').waitFor();
  await alpha.getByText('2 events').waitFor();
  assert.equal(await view.evaluate(() => document.activeElement.title), 'list/alpha');
  const filter = view.getByRole('searchbox', { name: 'Filter the topics' });
  await filter.fill('BETA');
  assert.deepEqual(await view.locator('hub-topics li:not([hidden]) a').evaluateAll((links) => links.map(({ title }) => title)), ['list/beta']);
  await filter.fill('list/new');
  await filter.press('Enter');
  await view.getByRole('heading', { name: 'list/new' }).waitFor();
  await view.getByText('Nothing here yet').waitFor();
  assert.deepEqual(view.faults, []);
});

test('with the keyboard alone one reaches a topic and its log', async (t) => {
  await hub.publish('keys/one', numbered(0, 200));
  const view = await open(t, browser, `${hub.url}ui/logs`);
  await view.locator('hub-topics a[title="keys/one"]').waitFor();
  await view.getByRole('searchbox', { name: 'Filter the topics' }).focus();
  await view.keyboard.type('keys/');
  await view.keyboard.press('ArrowDown');
  assert.equal(await view.evaluate(() => document.activeElement.title), 'keys/one');
  await view.keyboard.press('Enter');
  await row(view, 'line 199');
  await view.getByRole('link', { name: 'Skip to the log' }).focus();
  await view.keyboard.press('Enter');
  assert.equal(await view.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Log of keys/one');
  await view.keyboard.press('Home');
  await view.getByRole('button', { name: 'to the end' }).waitFor();
  await view.keyboard.press('End');
  await view.waitForFunction(() => document.querySelector('.pill').hidden);
});

test('at 360 px nothing is wider than the screen, and list and log take turns', async (t) => {
  await hub.publish('small/one', `${'word '.repeat(80)}\n${'x'.repeat(400)}\n`, { query: '?end=completed' });
  const view = await open(t, browser, `${hub.url}ui/logs`, { viewport: { width: 360, height: 700 } });
  const wide = () => view.evaluate(() => Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('main, nav:not(#views), hub-log-panel')].map(({ scrollWidth }) => scrollWidth)));
  await view.locator('hub-topics a[title="small/one"]').waitFor();
  assert.equal(await wide(), 360);
  await view.locator('hub-topics a[title="small/one"]').click();
  await row(view, 'completed');
  assert.equal(await wide(), 360);
  assert.equal(await view.locator('hub-topics').isVisible(), false);
  await view.getByRole('button', { name: 'Search, filter and more' }).click();
  await view.getByRole('searchbox', { name: 'Search the log' }).waitFor();
  assert.equal(await wide(), 360);
  await view.getByRole('link', { name: 'All topics' }).click();
  assert.equal(await view.locator('hub-topics').isVisible(), true);
});
