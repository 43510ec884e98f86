// A page that has outlived its hub's build says so.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, open, state } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const hub = await Hub.start();
const browser = await launch();

/** Restarts the hub under the page, and waits until that has its connection back. */
async function restart(view) {
  await hub.kill();
  await state(view, 'reconnecting');
  await hub.run();
  await view.locator('hub-connection button').click().catch(() => {}); // it may be back already
  await state(view, 'live');
}

test('a hub of another build is noticed, the same one that was restarted is not', async (t) => {
  const view = await open(t, browser, hub.url);
  await state(view, 'live');
  const bar = view.getByText('The hub was updated.');

  const asked = view.waitForResponse((answer) => answer.request().method() === 'HEAD' && answer.url().endsWith('/assets/index.html'));
  await restart(view);
  await asked;
  assert.equal(await bar.count(), 0);

  const other = join(hub.folder, 'other');
  execFileSync('go', ['build', '-o', other, '-ldflags=-X main.version=9.9.9', './cmd/hub'], { cwd: fileURLToPath(new URL('../../..', import.meta.url)) });
  hub.program = other;
  await restart(view);
  await bar.waitFor();
  await view.getByRole('button', { name: 'Reload' }).click();
  await bar.waitFor({ state: 'detached' });
  await state(view, 'live');
  assert.equal(await view.evaluate(() => document.querySelector('meta[name=build]').content), await etag());
});

/** The build that the hub has now. */
const etag = async () => (await fetch(new URL('assets/index.html', hub.url), { method: 'HEAD' })).headers.get('etag').replaceAll('"', '');
