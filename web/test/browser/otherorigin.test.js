// The stream client in pages of other origins: those of allowed_origins use it
// as docs/client.md says, whose examples run here; all others are refused.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const text = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What the other origin serves: an empty page that wants to be isolated, examples, and a copy of the client. */
const files = new Map();
const site = createServer((request, answer) => {
  const { pathname } = new URL(request.url, 'http://site');
  const script = pathname.endsWith('.js');
  answer.setHeader('content-type', script ? 'text/javascript' : 'text/html');
  answer.setHeader('cross-origin-embedder-policy', 'require-corp');
  answer.end(script ? files.get(pathname) ?? text(`../../static${pathname}`) : '<!doctype html><link rel="icon" href="data:,"><title>other</title>');
}).listen(0); // at every name of this machine
await new Promise((resolve) => site.once('listening', resolve));
after(() => {
  site.closeAllConnections();
  site.close();
});
const { port } = site.address();
const allowed = `http://localhost:${port}`;
const other = `http://127.0.0.1:${port}`;

const hub = await Hub.start({ flags: [`--allowed-origins=${allowed}`] });
const browser = await launch();

/** Opens an empty page of an origin that notes what it prints. */
async function visit(t, origin) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.said = [];
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('console', (message) => (message.type() === 'log' ? page.said : page.faults).push(message.text()));
  await page.goto(`${origin}/`);
  return page;
}

/** Waits until the page has printed these lines, in any order, and none beside. */
async function prints(page, lines) {
  for (let tries = 0; tries < 400 && page.said.length < lines.length; tries++) await sleep(50);
  const is = (line) => (wanted) => (wanted instanceof RegExp ? wanted.test(line) : wanted === line);
  assert.deepEqual(page.said.filter((line) => !lines.some(is(line))), []);
  assert.equal(page.said.length, lines.length, page.said.join('\n'));
  assert.deepEqual(page.faults, []);
}

const follow = (page, options) => page.evaluate(([address, given]) => import(`${address}assets/client.js`).then(({ HubClient }) => new Promise((resolve) => {
  const client = new HubClient(given);
  const seen = [];
  client.subscribe('ci/other', {
    since: 'all',
    onState: ({ name, transport }) => name === 'live' && seen.push(transport),
    onEvent: ({ data }) => seen.push(data.line),
    onEnd: ({ data }) => {
      client.close();
      resolve([...seen, data.status]);
    },
  });
})), [hub.url, options]);

test('a page of an allowed origin imports the client and follows, over either transport', async (t) => {
  await hub.publish('ci/other', 'one\ntwo\n', { query: '?end=completed' });
  const page = await visit(t, allowed);
  assert.deepEqual(await follow(page, {}), ['WebSocket', 'one', 'two', 'completed']);
  assert.deepEqual(await follow(page, { WebSocket: null }), ['EventSource', 'one', 'two', 'completed']);
  const topics = await page.evaluate((url) => fetch(url).then((answer) => answer.json()), `${hub.url}topics`);
  assert.ok(topics.topics.length);
  assert.deepEqual(page.faults, []);
});

const examples = [...text('../../../docs/client.md').matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
const { version } = await (await fetch(new URL('version', hub.url))).json();
const EXPECTED = [
  ['npm ci', 'npm test', 'ended: completed, 4'],
  ['followed already', 'deploy/1: build starting', 'deploy/1: build completed', /^refused: .*since/],
  ['event 1', 'event 2', 'end 3'],
  ['connecting', 'live over WebSocket', `the hub ${version} is on time`, 'closed'],
  ['live over EventSource', 'event 1', 'event 2'],
  ['1'],
];

/** Loads an example as a module of the page. */
function load(page, i) {
  files.set(`/example${i}.js`, examples[i].replaceAll('http://hub:8002/', hub.url));
  return page.evaluate((path) => document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: path })), `/example${i}.js`);
}

test('the examples of its documentation do what they say', async (t) => {
  await hub.publish('ci/1', 'npm ci\nnpm test\n', { query: '?end=completed&exit_code=4' });
  await hub.events('deploy/1', ...['starting', 'completed'].map((status) => ({ type: 'stage', data: { stage: 'build', status } })), { type: 'line', data: { line: 'unwanted' } });
  assert.equal(examples.length, EXPECTED.length);
  for (const i of examples.keys()) {
    await t.test(`example ${i + 1}`, async (t) => {
      const page = await visit(t, allowed);
      await load(page, i);
      await prints(page, EXPECTED[i]);
    });
  }
});

test('after a reload the example goes on where it was', async (t) => {
  const page = await visit(t, allowed);
  await load(page, 2);
  await prints(page, EXPECTED[2]);
  await hub.publish('ci/1', 'again\n'); // opens it anew
  page.said = [];
  await page.reload();
  await load(page, 2);
  await prints(page, ['event 4']);
});

test('a page of any other origin can neither import it nor connect with a copy', async (t) => {
  const page = await visit(t, other);
  const imported = await page.evaluate((url) => import(url).then(() => 'imported', () => 'refused'), `${hub.url}assets/client.js`);
  assert.equal(imported, 'refused');
  const states = await page.evaluate((url) => import('/client.js').then(({ HubClient }) => new Promise((resolve) => {
    const names = [];
    const client = new HubClient({
      url,
      onState({ name }) {
        if (name !== names.at(-1)) names.push(name);
        if (names.length < 5) return; // a WebSocket and an EventSource have been tried
        resolve(names.slice(0, 5));
        client.close();
      },
    });
    client.subscribe('ci/other', { since: 'all', onEvent: () => names.push('an event') });
  })), hub.url);
  assert.deepEqual(states, ['connecting', 'reconnecting', 'connecting', 'reconnecting', 'connecting']);
  const answer = await fetch(`${hub.url}assets/client.js`, { headers: { origin: other } });
  assert.equal(answer.status, 403);
  assert.equal(answer.headers.get('access-control-allow-origin'), null);
  assert.match((await answer.json()).detail, /allowed_origins/);
});
