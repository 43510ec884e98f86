// A page of another origin can neither read the hub nor write to it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { launch } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const hub = await Hub.start();
const browser = await launch();
const attacker = createServer((_, answer) => {
  answer.setHeader('content-type', 'text/html');
  answer.end('<!doctype html><title>attacker</title>');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => attacker.once('listening', resolve));
after(() => attacker.close());

for (const host of ['127.0.0.1', 'localhost']) { // of the hub's own site, and of another
  test(`a page at ${host} with another port`, async (t) => {
    await hub.publish('ci/secret', 'secret\n');
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`http://${host}:${attacker.address().port}/`);

    const socket = await page.evaluate((url) => new Promise((resolve) => {
      const ws = new WebSocket(url);
      ws.onopen = () => resolve('open');
      ws.onmessage = ({ data }) => resolve(data);
      ws.onclose = () => resolve('refused');
    }), `${hub.url.replace('http', 'ws')}stream/ci/secret`);
    assert.equal(socket, 'refused');

    const source = await page.evaluate((url) => new Promise((resolve) => {
      const events = new EventSource(url);
      events.onmessage = ({ data }) => resolve(data);
      events.onerror = () => {
        events.close();
        resolve('refused');
      };
    }), `${hub.url}stream/ci/secret`);
    assert.equal(source, 'refused');

    const read = await page.evaluate((url) => fetch(url).then((answer) => answer.text(), () => 'refused'), `${hub.url}topics`);
    assert.equal(read, 'refused');

    await page.evaluate(async (url) => {
      const attempts = ['POST', 'PUT'].flatMap((method) => ['text/plain', 'application/json', 'application/x-ndjson'].map((type) => ({
        method, body: '{"type":"line","data":{"line":"evil"}}', headers: { 'content-type': type },
      })));
      attempts.push({ method: 'POST', body: 'evil', mode: 'no-cors' });
      for (const attempt of attempts) await fetch(url, attempt).catch(() => {});
      navigator.sendBeacon(url, 'evil');
    }, `${hub.url}stream/evil/fetch`);

    await page.evaluate((url) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: url, enctype: 'text/plain' });
      form.append(Object.assign(document.createElement('input'), { name: 'evil', value: 'evil' }));
      document.body.append(form);
      form.submit();
    }, `${hub.url}stream/evil/form`);
    await page.waitForURL(`${hub.url}stream/evil/form`);

    assert.deepEqual((await hub.topics()).filter((topic) => topic.startsWith('evil/')), []);
  });
}

test('the page may not be framed', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${attacker.address().port}/`);
  const refused = page.waitForEvent('console', { predicate: (message) => message.text().includes('frame-ancestors') });
  await page.evaluate((url) => document.body.append(Object.assign(document.createElement('iframe'), { src: url })), hub.url);
  await refused;
});
