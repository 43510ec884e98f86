// What stands round a log: search, filters, links to lines, downloads, the
// state that is always told.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { launch, open, row, rows } from '../support/browser.js';
import { Hub } from '../support/hub.js';
import { Wire } from '../support/wire.js';

const hub = await Hub.start();
const browser = await launch();

/** 340 lines of which every 17th is an error, and every 4th of those on the way to a database. */
const LINES = Array.from({ length: 340 }, (_, i) => (i % 17 ? `step ${i} \x1b[32mok\x1b[0m` : `level=error msg="cannot reach ${i % 68 ? 'cache' : 'database'} ${i}"`));
await hub.publish('ci/shop', `${LINES.join('\n')}\n`);

const asks = (view, hash) => view.waitForFunction((wanted) => decodeURIComponent(location.hash) === wanted, hash);
const badge = (view, text) => view.locator('hub-log-panel .badge', { hasText: text }).waitFor();
const figures = (view, text) => view.locator('.figures').getByText(text, { exact: true }).waitFor();
const found = (view, text) => view.locator('.search .count').getByText(text, { exact: true }).waitFor();
const field = (view) => view.getByRole('searchbox', { name: 'Search the log' });

/** The numbers of the rows that are marked. */
const marked = (view) => view.locator('.row.chosen .number').allTextContents();

/** Whether the row with this text is within the view. */
const inSight = (view, text) => view.waitForFunction((wanted) => {
  const element = [...document.querySelectorAll('.row .text')].find(({ textContent }) => textContent === wanted);
  const pane = element?.closest('.pane').getBoundingClientRect();
  const { top, bottom } = element?.getBoundingClientRect() ?? {};
  return pane && top >= pane.top && bottom <= pane.bottom;
}, text);

test('a search counts all hits, leads from one to the next and round, and stands in the address', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/shop`);
  await figures(view, '340 lines');
  await view.keyboard.press('/');
  await view.keyboard.type('cannot reach');
  await found(view, '20');
  await asks(view, '#q=cannot+reach');
  await view.keyboard.press('Enter');
  await found(view, '1 of 20');
  await inSight(view, LINES[0]);
  await badge(view, 'paused');
  await view.keyboard.press('Shift+Enter');
  await found(view, '20 of 20');
  await inSight(view, LINES[323]);
  await view.keyboard.press('Escape'); // empties the field
  await view.keyboard.press('Escape'); // and leaves it
  assert.equal(await view.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Log of ci/shop');
  await asks(view, '');
  await view.goto(`${hub.url}stream/ci/shop#q=reach (cache|database) 6\\d&regex=1&match=1`);
  await figures(view, '340 lines, 1 shown');
  await view.keyboard.press('n');
  await found(view, '1 of 1');
  assert.deepEqual(await rows(view), [LINES[68]]);
  await field(view).fill('(');
  await view.getByText('not a regular expression').waitFor();
  await figures(view, '340 lines'); // what cannot be looked for takes no row away
  assert.deepEqual(view.faults, []);
});

test('levels and streams are filtered, by the address too, and what is left out is told', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/shop#level=error`);
  await figures(view, '340 lines, 20 shown');
  await view.getByLabel('Lowest level shown').selectOption('');
  await figures(view, '340 lines');
  await asks(view, '');
  await view.getByLabel('Stream shown').selectOption('stderr');
  await view.getByText('No line passes the filter.').waitFor();
  await asks(view, '#stream=stderr');
  await hub.events('ci/shop', { type: 'line', data: { stream: 'stderr', line: 'oh' } });
  await row(view, 'oh');
  await figures(view, '341 lines, 1 shown');
  assert.deepEqual(view.faults, []);
});

test('a link leads to its lines, waits for them, and a click on a number makes one', async (t) => {
  await hub.publish('ci/lines', `${LINES.slice(0, 200).join('\n')}\n`);
  const view = await open(t, browser, `${hub.url}stream/ci/lines#L120-L122`);
  await inSight(view, 'step 120 ok');
  assert.deepEqual(await marked(view), ['120', '121', '122']);
  await badge(view, 'paused');
  await view.locator('.number', { hasText: /^125$/ }).click();
  await asks(view, '#L125');
  await view.locator('.number', { hasText: /^128$/ }).click({ modifiers: ['Shift'] });
  await asks(view, '#L125-L128');
  assert.deepEqual(await marked(view), ['125', '126', '127', '128']);
  await hub.publish('ci/lines', 'one more\n');
  await badge(view, 'paused, 1 new');

  await view.goto(`${hub.url}stream/ci/later#L2`);
  await badge(view, 'waiting');
  await hub.publish('ci/later', 'one\n');
  await row(view, 'one');
  await badge(view, 'live');
  await hub.publish('ci/later', 'two\n');
  await badge(view, 'paused');
  assert.deepEqual(await marked(view), ['2']);
  assert.deepEqual(view.faults, []);
});

test('the link that is copied is the one that shows the same', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/shop#L3`, { permissions: ['clipboard-read', 'clipboard-write'] });
  await inSight(view, 'step 2 ok');
  await view.keyboard.press('y');
  await view.getByRole('button', { name: 'Copy link' }).getByText('Copied').waitFor();
  assert.equal(await view.evaluate(() => navigator.clipboard.readText()), `${hub.url}stream/ci/shop#L3`);
});

test('a download is the whole log: as it was written, plain, or as events', async (t) => {
  await hub.publish('ci/load', `${LINES.join('\n')}\n`, { query: '?end=completed' });
  const view = await open(t, browser, 'about:blank');
  await view.addInitScript(() => { delete globalThis.showSaveFilePicker; });
  await view.goto(`${hub.url}stream/ci/load`);
  await badge(view, 'ended: completed');
  const save = async (name) => {
    await view.keyboard.press('d');
    const [download] = await Promise.all([view.waitForEvent('download'), view.locator('.sheet > *', { hasText: name }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  };
  const raw = await save('as it was written');
  assert.match(raw.name, /^ci-load-\d{4}-\d\d-\d\dT\d\d-\d\dZ\.log$/);
  assert.deepEqual(raw.text.split('\n').slice(0, 340), LINES);
  assert.match(raw.text, /--- .*completed/);
  const plain = await save('plain text');
  assert.equal(plain.text, raw.text.replaceAll(/\x1b\[\d+m/g, ''));
  const ndjson = await save('NDJSON');
  assert.match(ndjson.name, /\.ndjson$/);
  assert.deepEqual(ndjson.text.trim().split('\n').map((line) => JSON.parse(line)).filter(({ type }) => type === 'line').map(({ data }) => data.line), LINES);
  assert.deepEqual(view.faults, []);
});

test('where the browser lets the page choose a file, plain text is written into it as it comes', async (t) => {
  const view = await open(t, browser, 'about:blank');
  await view.addInitScript(() => {
    globalThis.showSaveFilePicker = async ({ suggestedName }) =>
      globalThis.file = await (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
  });
  await view.goto(`${hub.url}stream/ci/load`);
  await badge(view, 'ended');
  await view.keyboard.press('d');
  await view.getByRole('button', { name: 'plain text' }).click();
  await view.waitForFunction(async () => (await (await globalThis.file?.getFile())?.text())?.includes('completed'));
  const text = await view.evaluate(async () => (await globalThis.file.getFile()).text());
  assert.deepEqual(text.split('\n').slice(0, 340), LINES.map((line) => line.replaceAll(/\x1b\[\d+m/g, '')));
  assert.deepEqual(view.faults, []);
});

test('several topics are put into one log, and taken out again', async (t) => {
  await hub.publish('pair/a', 'from a\n');
  await hub.publish('pair/b', 'from b\n');
  const view = await open(t, browser, `${hub.url}stream/pair/a`);
  await row(view, 'from a');
  await view.getByLabel('pair/b in the log').check();
  await row(view, 'from b');
  assert.equal(view.url(), `${hub.url}stream?topic=pair/a&topic=pair/b`);
  assert.deepEqual(await view.locator('.row .topic').allTextContents(), ['a', 'b']);
  await view.locator('.menu > button', { hasText: '2 topics' }).click();
  await view.locator('.sheet').getByText('pair/b', { exact: true }).click();
  await figures(view, '2 lines, 1 shown');
  await asks(view, '#topic=pair/b');
  assert.deepEqual(await rows(view), ['from b']);
  await view.getByLabel('pair/a in the log').uncheck();
  await row(view, 'from b');
  assert.equal(view.url(), `${hub.url}stream/pair/b`);
  assert.deepEqual(view.faults, []);
});

test('what is no longer kept is said at the top', async (t) => {
  await hub.publish('ci/long', Array.from({ length: 10_500 }, (_, i) => `${i}\n`).join(''));
  const view = await open(t, browser, `${hub.url}stream/ci/long`);
  await row(view, '10499');
  await view.keyboard.press('g');
  await row(view, '500');
  assert.equal((await rows(view))[0], '500 events missing: no longer kept when this page asked');
});

test('times and wrapping are remembered, and the whole window is given back by Escape', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/shop`);
  await figures(view, /^34\d lines$/);
  for (const key of ['w', 't', 't']) await view.keyboard.press(key);
  await view.reload();
  await view.locator('.row time').first().waitFor();
  assert.equal(await view.getByLabel('Times (t)').inputValue(), 'utc');
  assert.equal(await view.getByRole('button', { name: 'Wrap long lines (w)' }).getAttribute('aria-pressed'), 'true');
  await view.getByRole('button', { name: 'Use the whole window' }).click();
  assert.deepEqual(await view.locator('hub-log-panel').boundingBox(), { x: 0, y: 0, width: 1100, height: 700 });
  await view.keyboard.press('Escape');
  assert.notEqual((await view.locator('hub-log-panel').boundingBox()).x, 0);
  assert.deepEqual(view.faults, []);
});

test('an end is told on the desktop, if asked, to a reader who looks elsewhere', async (t) => {
  await hub.publish('ci/over', 'old\n', { query: '?end=completed' });
  const view = await open(t, browser, 'about:blank');
  await view.addInitScript(() => {
    globalThis.told = [];
    globalThis.Notification = class {
      static permission = localStorage.permission ?? 'default';
      static requestPermission = async () => (localStorage.permission = this.permission = 'granted');
      constructor(title, { body }) { globalThis.told.push([title, body]); }
    };
    document.hasFocus = () => false;
  });
  await view.goto(`${hub.url}stream/ci/over`);
  await badge(view, 'ended');
  const toggle = view.getByRole('button', { name: 'Tell me on the desktop' });
  assert.deepEqual([await toggle.getAttribute('aria-pressed'), await view.evaluate(() => Notification.permission)], ['false', 'default']);
  await toggle.click();
  await view.reload();
  await badge(view, 'ended');
  assert.deepEqual(await view.evaluate(() => globalThis.told), []); // it had ended before
  await view.goto(`${hub.url}stream/ci/task`);
  await hub.publish('ci/task', 'on\n');
  await view.waitForFunction(() => document.title === '● ci/task · hub');
  await hub.publish('ci/task', '', { query: '?end=error&exit_code=2' });
  await view.waitForFunction(() => document.title === '✗ ci/task · hub');
  assert.deepEqual(await view.evaluate(() => globalThis.told), [['ci/task', 'ci/task: error, exit code 2']]);
  assert.deepEqual(view.faults, []);
});

test('without a network the badge says offline, and "now" does not wait', async (t) => {
  const wire = await Wire.to(t, hub.port);
  const view = await open(t, browser, `${wire.url}stream/ci/shop`);
  await badge(view, 'live');
  await view.evaluate(() => Object.defineProperty(navigator, 'onLine', { get: () => false }));
  wire.cut();
  await badge(view, 'offline');
  wire.mend();
  await view.locator('.badge').getByRole('button', { name: 'Reconnect now' }).click();
  await badge(view, 'live');
  await view.getByText(/^connection lost for .* then reconnected$/).waitFor();
});
