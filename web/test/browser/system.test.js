// The system view: the host, its processes, the hub's own figures, the topics.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const receiver = createServer((_, answer) => answer.writeHead(503).end('not now')).listen(0, '127.0.0.1');
await new Promise((resolve) => receiver.once('listening', resolve));
after(() => {
  receiver.close();
  receiver.closeAllConnections();
});
const hub = await Hub.start({ flags: ['--log-stream-endpoint', `http://127.0.0.1:${receiver.address().port}/hook?token=secret-of-the-hook`] });
const browser = await launch();
const at = `${hub.url}ui/system`;
const fact = (view, name) => view.locator('hub-own .facts > div', { has: view.getByText(name, { exact: true }) });
const cells = (view, column) => view.locator(`hub-topic-table tbody td:nth-child(${column})`).allTextContents();

test('it tells of the machine and of the hub, and how to ask for the same', async (t) => {
  const view = await open(t, browser, at, { permissions: ['clipboard-read', 'clipboard-write'] });
  await view.locator('hub-host .facts').getByText(/^over 1, 5 and 15 minutes$/).waitFor();
  await view.locator('hub-host').getByText(/^of .*B, [\d.]+ %$/).first().waitFor();
  await fact(view, 'Open streams').getByText('1 WebSocket').waitFor();
  await fact(view, 'Lag').getByText('0 events').waitFor();
  await fact(view, 'Engine').getByText('not connected').waitFor();
  await view.locator('hub-own').getByRole('button', { name: 'Copy as curl' }).click();
  await view.locator('hub-own').getByText('Copied').waitFor();
  assert.equal(await view.evaluate(() => navigator.clipboard.readText()), `curl ${hub.url}system/hub`);
  assert.deepEqual(view.faults, []);
});

test('the figures go on by themselves', async (t) => {
  const view = await open(t, browser, at);
  const kept = fact(view, 'Topics').locator('b');
  await kept.waitFor();
  const before = Number(await kept.textContent());
  await hub.publish('fresh/one', 'a\n');
  await view.waitForFunction((n) => [...document.querySelectorAll('hub-own .facts dt')].find((dt) => dt.textContent === 'Topics')?.nextSibling.textContent.trim() === `${n}`, before + 1);
  await view.locator('hub-topic-table').scrollIntoViewIfNeeded();
  await view.getByRole('link', { name: 'fresh/one' }).waitFor();
  assert.deepEqual(view.faults, []);
});

test('processes are ordered by CPU or memory, which the address keeps', async (t) => {
  const view = await open(t, browser, at);
  const table = view.getByRole('table', { name: 'Top processes' });
  await table.locator('tbody tr').first().waitFor();
  assert.equal(await table.getByRole('columnheader', { name: 'CPU' }).getAttribute('aria-sort'), 'descending');
  await table.getByRole('button', { name: 'Memory' }).click();
  await view.waitForURL('**/ui/system?sort=memory');
  assert.equal(await table.getByRole('columnheader', { name: 'Memory' }).getAttribute('aria-sort'), 'descending');
  await view.waitForFunction(() => {
    const units = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };
    const sizes = [...document.querySelectorAll('hub-processes tbody tr')].map((row) => row.cells[4].textContent.split(' ')).map(([n, unit]) => Number(n) * units[unit]);
    return sizes.length > 1 && sizes[0] > 0 && sizes.every((size, i) => i === 0 || size <= sizes[i - 1]);
  });
  await view.reload();
  await table.locator('tbody tr').first().waitFor();
  assert.equal(await table.getByRole('columnheader', { name: 'Memory' }).getAttribute('aria-sort'), 'descending');
  assert.deepEqual(view.faults, []);
});

test('topics are filtered and ordered, which the address keeps, and lead to their logs', async (t) => {
  await hub.publish('list/few', 'a\n');
  await hub.publish('list/many', 'a\nb\nc\n');
  const view = await open(t, browser, at);
  const table = view.locator('hub-topic-table'); // far down, and not asked for before it is near
  await table.scrollIntoViewIfNeeded();
  await view.getByRole('link', { name: 'list/few' }).waitFor();
  await view.keyboard.press('/');
  await view.keyboard.type('LIST');
  await view.waitForURL('**/ui/system?filter=LIST');
  assert.deepEqual((await cells(view, 1)).map((text) => text.trim()), ['list/few', 'list/many']);
  await view.getByRole('table', { name: 'Topics' }).getByRole('button', { name: 'Events' }).click();
  await view.waitForURL('**/ui/system?filter=LIST&order=events');
  assert.deepEqual(await cells(view, 4), ['3', '1']);
  await view.reload();
  await table.scrollIntoViewIfNeeded();
  await view.getByRole('link', { name: 'list/few' }).waitFor();
  assert.deepEqual(await cells(view, 4), ['3', '1']);
  assert.equal(await view.getByRole('link', { name: 'list/many' }).getAttribute('href'), '/stream/list/many');
  assert.deepEqual(view.faults, []);
});

test('a reader that does not read shows as lag, with the topic it is behind in', async (t) => {
  const view = await open(t, browser, at);
  const reader = connect(hub.port, '127.0.0.1');
  t.after(() => reader.destroy());
  reader.write('GET /stream/slow/topic?format=ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => reader.once('readable', resolve)); // and takes nothing
  for (let i = 0; i < 20; i++) await hub.publish('slow/topic', `${'x'.repeat(1000)}\n`.repeat(1000));
  await view.locator('hub-own .slowest').getByText(/^[\d,]+ events$/).waitFor();
  assert.equal(await view.locator('hub-own .slowest').getByRole('link', { name: 'slow/topic' }).getAttribute('href'), '/stream/slow/topic');
  await fact(view, 'Readers').getByText('1 behind').waitFor();
  const row = view.locator('hub-topic-table tr', { has: view.getByRole('link', { name: 'slow/topic' }) });
  await view.locator('hub-topic-table').scrollIntoViewIfNeeded();
  await row.locator('td:nth-child(3)').getByText(/^[\d,]+$/).waitFor();
  reader.destroy();
  await view.locator('hub-own').scrollIntoViewIfNeeded();
  await fact(view, 'Readers').getByText('none behind').waitFor();
  assert.deepEqual(view.faults, []);
});

test('a forwarder that fails says so, with its backlog and why, and without its secrets', async (t) => {
  await fetch(new URL('tasks/start', hub.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"cmd":"echo hello"}' });
  const view = await open(t, browser, at);
  const row = view.getByRole('table', { name: 'Forwarders' }).locator('tbody tr');
  await row.getByText('✗ failing').waitFor();
  await row.getByText(/503/).waitFor();
  await row.getByText(/^[1-9]\d* events?, /).waitFor();
  assert.equal((await view.locator('body').textContent()).includes('secret-of-the-hook'), false);
  assert.deepEqual(view.faults, []);
});

test('what nobody sees is not asked for', async (t) => {
  const view = await open(t, browser, 'about:blank');
  await view.clock.install();
  await view.clock.resume();
  await view.goto(at);
  await view.locator('hub-processes tbody tr').first().waitFor();
  const asked = [];
  view.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await view.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await view.clock.runFor(60_000);
  assert.deepEqual(asked.filter((path) => path.startsWith('/system/') || path === '/topics'), []);
  await view.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await view.waitForRequest(/\/system\/hub$/);
  assert.deepEqual(view.faults, []);
});

test('at 360 px nothing is wider than the screen', async (t) => {
  await hub.publish(`wide/${'a-long-name'.repeat(12)}`, 'a\n');
  const view = await open(t, browser, at, { viewport: { width: 360, height: 700 } });
  await view.locator('hub-topic-table').scrollIntoViewIfNeeded();
  await view.locator('hub-topic-table tbody tr').first().waitFor();
  assert.equal(await view.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth)), 360);
});
