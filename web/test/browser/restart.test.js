// The hub dies and comes back; the page says so and doubles nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open, row, rows, state } from '../support/browser.js';
import { Hub } from '../support/hub.js';
import { Wire } from '../support/wire.js';

const hub = await Hub.start();
const browser = await launch();

test('killed and restarted: the page says so, reconnects by itself, no row is doubled', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/1`);
  await hub.publish('ci/1', 'one\ntwo\n');
  await row(view, 'two');
  await hub.kill();
  await state(view, 'reconnecting');
  await view.getByText(/reconnecting in \d+ s/).first().waitFor();
  await view.getByText(/connection lost \(.*\), reconnecting/).waitFor();
  await hub.run();
  await state(view, 'live');
  await view.getByText(/connection lost for .* then reconnected/).waitFor();
  await hub.publish('ci/1', 'three\n');
  await row(view, 'three');
  const texts = await rows(view);
  for (const line of ['one', 'two', 'three']) assert.equal(texts.filter((text) => text === line).length, 1, line);
  assert.ok(texts.some((text) => text.startsWith('the hub was restarted')), texts.join('\n'));
  assert.equal(await view.locator('.row .mark', { hasText: 'doubt' }).count(), 0);
  assert.equal(await view.locator('.row .mark', { hasText: /^hub$/ }).count(), 1);
});

test('a connection cut while the hub lives: the page goes on behind its last line', async (t) => {
  const wire = await Wire.to(t, hub.port);
  const view = await open(t, browser, `${wire.url}stream/ci/2`);
  await hub.publish('ci/2', 'one\ntwo\n');
  await row(view, 'two');
  for (const line of ['three', 'four']) {
    wire.cut();
    await state(view, 'reconnecting');
    await hub.publish('ci/2', `${line}\n`);
    wire.mend();
    await row(view, line);
  }
  assert.deepEqual((await rows(view)).filter((text) => !text.startsWith('connection lost')), ['one', 'two', 'three', 'four']);
});

test('"now" does not wait for the next attempt', async (t) => {
  const wire = await Wire.to(t, hub.port);
  const view = await open(t, browser, wire.url);
  await state(view, 'live');
  wire.cut();
  await view.getByText(/reconnecting in ([5-9]|1\d) s/).waitFor(); // the fourth wait or a later one
  wire.mend();
  await view.getByRole('button', { name: 'Reconnect now' }).click();
  await view.waitForSelector('hub-connection[data-state="live"]', { timeout: 3_000 });
});
