// The stream works in a real browser.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { launch, open, row, rows, state, tab } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const hub = await Hub.start();
const browser = await launch();
const page = (topic) => `${hub.url}stream/${topic}`;

test('a published line shows live, and the list learns of its topic', async (t) => {
  const view = await open(t, browser, page('ci/live'));
  await state(view, 'live');
  await view.getByText('Nothing here yet').waitFor();
  await hub.publish('ci/live', 'hello\n');
  await row(view, 'hello');
  await view.locator('hub-topics a[title="ci/live"]').waitFor();
  await hub.events('ci/live', { type: 'line', data: { stream: 'stderr', line: 'oh' } });
  await row(view, 'oh');
  assert.equal(await view.locator('.row.stderr .mark').textContent(), 'err');
  assert.deepEqual(view.faults, []);
});

test('who opens late sees all from the start, and how it ended', async (t) => {
  const lines = Array.from({ length: 300 }, (_, i) => `line ${i}`);
  await hub.publish('ci/late', lines.join('\n'), { query: '?end=completed&exit_code=4' });
  const view = await open(t, browser, page('ci/late'));
  await row(view, 'completed, exit code 4');
  await view.getByText('ended: completed, exit code 4').waitFor();
  await view.getByText('301 lines', { exact: true }).waitFor();
  assert.deepEqual((await rows(view)).slice(-21, -1), lines.slice(-20));
  await view.keyboard.press('g');
  await row(view, 'line 0');
  assert.deepEqual((await rows(view)).slice(0, 20), lines.slice(0, 20));
  assert.deepEqual(view.faults, []);
});

test('the page opens at a stream\'s own address', async (t) => {
  await hub.publish('ci/address', 'here\n');
  const view = await open(t, browser, `${hub.url}stream/ci/address`);
  await row(view, 'here');
  await view.locator('hub-topics a[title="ci/late"]').click();
  await row(view, 'completed, exit code 4');
  assert.equal(new URL(view.url()).pathname, '/stream/ci/late');
  await view.goBack();
  await row(view, 'here');
  await view.goto(`${hub.url}#/stream/ci/address`); // as links were once
  await row(view, 'here');
  assert.equal(view.url(), `${hub.url}stream/ci/address`);
  assert.deepEqual(view.faults, []);
});

test('a line published while the body still runs is there before its end', async (t) => {
  const view = await open(t, browser, page('ci/slow'));
  await state(view, 'live');
  const publish = request(`${hub.url}stream/ci/slow`, { method: 'PUT' }); // chunked, as curl does
  const answer = new Promise((resolve) => publish.once('response', (response) => response.toArray().then((parts) => resolve(JSON.parse(Buffer.concat(parts))))));
  publish.write('first\nsec');
  await row(view, 'first');
  publish.write('ond\n');
  await row(view, 'second');
  publish.end();
  assert.equal((await answer).published, 2);
});

test('EventSource gets every line once and stops for good after the end', async (t) => {
  const view = await open(t, browser, hub.url);
  const answers = [];
  view.on('response', (answer) => {
    if (answer.url().endsWith('/stream/ci/source')) answers.push(answer.status());
  });
  await hub.publish('ci/source', 'one\ntwo\n');
  await view.evaluate(() => {
    const source = globalThis.source = new EventSource('/stream/ci/source');
    const got = globalThis.got = [];
    source.onmessage = ({ data }) => got.push(JSON.parse(data).data.line);
    source.addEventListener('end', ({ data }) => got.push(JSON.parse(data).data.status));
  });
  await view.waitForFunction(() => globalThis.got.length === 2);
  await hub.publish('ci/source', 'three\n', { query: '?end=completed' });
  await view.waitForFunction(() => globalThis.source.readyState === EventSource.CLOSED);
  assert.deepEqual(await view.evaluate(() => globalThis.got), ['one', 'two', 'three', 'completed']);
  assert.deepEqual(answers, [200, 204]);
});

test('the page falls back to EventSource where no WebSocket can be had', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  await context.addInitScript(() => { delete globalThis.WebSocket; });
  await hub.publish('ci/fallback', 'before\n');
  const view = await tab(context, page('ci/fallback'));
  await state(view, 'live');
  await hub.publish('ci/fallback', 'after\n', { query: '?end=completed' });
  await row(view, 'completed');
  assert.deepEqual(await rows(view), ['before', 'after', 'completed']);
  assert.match(await view.locator('hub-connection').getAttribute('title'), /EventSource/);
  assert.deepEqual(view.faults, []);
});

test('two topics keep apart, and going back and forth doubles nothing', async (t) => {
  await hub.publish('two/a', 'a1\n');
  await hub.publish('two/b', 'b1\n');
  const view = await open(t, browser, page('two/a'));
  await row(view, 'a1');
  await view.locator('hub-topics a[title="two/b"]').click();
  await row(view, 'b1');
  await hub.publish('two/a', 'a2\n');
  await hub.publish('two/b', 'b2\n');
  await row(view, 'b2');
  assert.deepEqual(await rows(view), ['b1', 'b2']);
  await view.locator('hub-topics a[title="two/a"]').click();
  await row(view, 'a2');
  assert.deepEqual(await rows(view), ['a1', 'a2']);
});

test('a pattern shows all its topics in one order, with their names', async (t) => {
  await hub.publish('many/a', '1\n');
  const view = await open(t, browser, page('many/*'));
  await row(view, '1');
  await hub.publish('many/b', '2\n');
  await row(view, '2');
  assert.deepEqual(await view.locator('.row .topic').evaluateAll((cells) => cells.map(({ textContent, title }) => [textContent, title])), [['a', 'many/a'], ['b', 'many/b']]);
});

test('eight tabs at once are all live', async (t) => {
  const first = await open(t, browser, page('ci/tabs'));
  const tabs = [first];
  while (tabs.length < 8) tabs.push(await tab(first.context(), page('ci/tabs')));
  await Promise.all(tabs.map((view) => state(view, 'live')));
  await hub.publish('ci/tabs', 'for all\n');
  await Promise.all(tabs.map((view) => row(view, 'for all')));
  for (const view of tabs) assert.deepEqual(view.faults, []);
});

test('the host\'s figures stand in the header', async (t) => {
  const view = await open(t, browser, hub.url);
  await view.waitForFunction(() => /CPU \d+ %.*memory .+ of .+B/.test(document.querySelector('hub-usage').textContent));
  await view.goto(page('system/usage'));
  await view.waitForFunction(() => /CPU \d+ %, memory/.test(document.querySelector('.row .text')?.textContent ?? ''));
  assert.deepEqual(view.faults, []);
});
