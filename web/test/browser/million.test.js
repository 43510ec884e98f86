// A log of a million lines, kept by a hub with raised limits: every line is
// there, near, and found, in a tab of bounded memory. How long each took is
// printed; what it costs beside a plain page, test/bench says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Hub } from '../support/hub.js';
import { costOf } from '../support/measure.js';

const LINES = 1_000_000;
const hub = await Hub.start({ flags: ['--topic-max-events', `${LINES}`, '--topic-max-bytes', '512MiB', '--history-max-bytes', '1GiB', '--max-body', '16MiB'] });
const browser = await launch();

const textOf = (i) => `2026-11-24T09:00:00Z INFO request ${i} GET /api/items/${i % 977} 200 in ${i % 90} ms`;
for (let from = 1; from <= LINES; from += 50_000) {
  await hub.publish('big/log', Array.from({ length: 50_000 }, (_, i) => `${textOf(from + i)}\n`).join(''));
}

test('a million lines: each is within reach, searched and found, and the tab stays under 250 MB', { timeout: 300_000 }, async (t) => {
  const view = await open(t, browser, `${hub.url}stream/big/log`);
  const shown = (text) => view.waitForFunction((wanted) => [...document.querySelectorAll('.row .text')].some(({ textContent }) => textContent === wanted), text);
  const timed = async (what, run) => {
    const start = performance.now();
    await run();
    t.diagnostic(`${what}: ${Math.round(performance.now() - start)} ms`);
  };

  await timed('all lines in the page', () => view.waitForFunction(() => document.querySelector('hub-log-panel .figures')?.textContent?.includes('1,000,000 lines'), undefined, { timeout: 230_000 }));
  await shown(textOf(LINES));
  await timed('to the first line', async () => {
    await view.locator('hub-log .pane').press('Home');
    await shown(textOf(1));
  });
  for (const n of [500_000, 999_000, 123_456]) {
    await timed(`to line ${n}`, async () => {
      await view.evaluate((hash) => { location.hash = hash; }, `L${n}`);
      await shown(textOf(n));
    });
  }
  await timed('to the last line', async () => {
    await view.locator('hub-log .pane').press('End');
    await shown(textOf(LINES));
  });

  await timed('a rare text found among all', async () => {
    await view.getByRole('searchbox', { name: 'Search the log' }).fill('request 654321 ');
    await view.getByRole('searchbox', { name: 'Search the log' }).press('Enter');
    await view.getByText('1 of 1', { exact: true }).waitFor();
    await shown(textOf(654_321));
  });
  await view.getByRole('searchbox', { name: 'Search the log' }).fill('');

  const scroller = view.locator('hub-log .pane');
  await scroller.hover();
  for (let i = 0; i < 40; i++) await view.mouse.wheel(0, -900);
  assert.ok(await view.locator('.row').count() < 400, 'only rows near the view stand in the document');

  // Chromium takes out what nobody holds any more when it likes; what the page holds is what counts.
  const session = await view.context().newCDPSession(view);
  await session.send('HeapProfiler.collectGarbage');
  const { memory } = await costOf(browser);
  t.diagnostic(`memory of the tab: ${Math.round(memory)} MB`);
  assert.ok(memory < 250, `${memory} MB`);
  assert.deepEqual(view.faults, []);
});
