// The rows of a log in a real browser: what stands in them, is marked and copied.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from '../support/browser.js';
import { Hub } from '../support/hub.js';
import { quartile, rowsOf, seen } from '../support/rows.js';

const hub = await Hub.start();
const browser = await launch();
const rows = rowsOf(hub, browser);

test('a selection of text survives what comes and what is scrolled away, and is copied whole', async (t) => {
  const page = await rows(t);
  await context(page).grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => {
    log.timestamps = 'local';
    many(2_000, (i) => (i === 102 ? '' : `\x1b[3${i % 8}mline ${i}\x1b[0m, colour ${i % 8}`));
    log.jump(100);
  });
  const copied = () => page.evaluate(() => {
    const { anchorNode, focusNode } = getSelection();
    if (!anchorNode.isConnected || !focusNode.isConnected) return 'an end of the selection is gone';
    const data = new DataTransfer();
    const event = new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true });
    pane.dispatchEvent(event);
    return data.getData('text/plain');
  });
  await page.evaluate(async () => {
    log.follow();
    await frame();
    log.jump(100);
    await frame();
    const text = [...document.querySelectorAll('.row .text')].find((one) => one.textContent.startsWith('line 101,'));
    getSelection().setBaseAndExtent(text.querySelector('span').firstChild, 5, text, 0);
    log.jump(500);
    await frame();
    const end = [...document.querySelectorAll('.row .text')].find((one) => one.textContent.startsWith('line 505,'));
    getSelection().extend(end.lastChild, 3);
  });
  const wanted = Array.from({ length: 405 }, (_, k) => (k === 1 ? '' : `line ${101 + k}, colour ${(101 + k) % 8}`));
  wanted[0] = '101, colour 5';
  wanted[404] = 'line 505, c';
  assert.deepEqual((await copied()).split('\n'), wanted);
  await page.evaluate(async () => {
    many(500);
    log.jump(1_800);
    await frame();
    many(5);
    await frame();
  });
  assert.deepEqual((await copied()).split('\n'), wanted, 'after scrolling away and new rows');
  assert.equal(await page.evaluate(() => log.following), false);
  await page.evaluate(() => log.focus());
  await page.keyboard.press('ControlOrMeta+c');
  assert.deepEqual((await page.evaluate(() => navigator.clipboard.readText())).split('\n'), wanted, 'by the keyboard');
  assert.deepEqual(page.faults, []);
});

const context = (page) => page.context();

test('Ctrl+A copies all rows, drawn or not', async (t) => {
  const page = await rows(t);
  await context(page).grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => many(5_000));
  await page.evaluate(() => frame().then(() => log.focus()));
  await page.keyboard.press('ControlOrMeta+a');
  await page.evaluate(() => log.jump(100));
  await page.evaluate(() => frame());
  await page.keyboard.press('ControlOrMeta+c');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(text.split('\n'), Array.from({ length: 5_000 }, (_, i) => `line ${i + 1}`));
});

test('selecting text stops following', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => many(100));
  await seen(page);
  await page.mouse.move(150, 200);
  await page.mouse.down();
  await page.mouse.move(180, 260, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => !log.following);
  const before = await page.evaluate(() => `${getSelection()}`);
  await page.evaluate(() => many(1_000));
  assert.equal(await page.evaluate(() => frame().then(() => `${getSelection()}`)), before);
});

test('a click on a number marks its line, with Shift up to it; the keyboard can too', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    many(40);
    log.jump(0);
    globalThis.ranges = [];
    log.addEventListener('range', ({ detail }) => ranges.push(detail));
  });
  await page.getByRole('button', { name: '5', exact: true }).click();
  await page.getByRole('button', { name: '9', exact: true }).click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: '3', exact: true }).click({ modifiers: ['Shift'] });
  assert.deepEqual(await page.evaluate(() => ranges), [[5, 5], [5, 9], [3, 9]]);
  await page.waitForFunction(() => document.querySelectorAll('.row.chosen').length === 7);
  await page.evaluate(() => log.focus());
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+Enter');
  assert.deepEqual((await page.evaluate(() => ranges)).slice(3), [[4, 4], [4, 5]]);
  assert.deepEqual(page.faults, []);
});

test('a row with the focus is not made anew', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    many(300, (i) => `{"i":${i}}`);
    log.jump(10);
  });
  await page.evaluate(async () => {
    await frame();
    globalThis.button = document.querySelector('.fold');
    button.focus();
    many(200);
    await frame();
    log.jump(250);
    await frame();
  });
  assert.equal(await page.evaluate(() => document.activeElement === button && button.isConnected), true);
});

test('JSON unfolds below its line, long lines are cut, and both can be shown whole', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    push('{"level":"warn","list":[1,{"html":"<b>"}]}');
    push('level=info not=json');
    push('x'.repeat(48 * 1024));
    push(`[${'"y",'.repeat(200_000)}"z"]`);
    push('z'.repeat(10 << 20));
    push('after');
  });
  assert.deepEqual((await seen(page)).map((text) => text.length), [42, 19, 2_000, 2_000, 2_000, 5]);
  const folds = page.locator('.fold');
  assert.equal(await folds.count(), 2);
  await folds.first().click();
  assert.equal(await page.locator('.unfolded').textContent(), JSON.stringify({ level: 'warn', list: [1, { html: '<b>' }] }, null, 2));
  assert.ok(await page.evaluate(() => frame().then(() => topOf('level=info not=json'))) > 100, 'what follows makes room');
  await page.keyboard.press('Enter'); // the keyboard is still on it
  assert.equal(await page.locator('.unfolded').count(), 0);
  assert.equal(await page.evaluate(() => frame().then(() => topOf('level=info not=json'))), 20);
  const all = page.getByRole('button', { name: 'show all (48 KB)' });
  await all.click();
  await page.waitForFunction(() => document.querySelectorAll('.row .text')[2].textContent.length === 48 * 1024);
  await page.getByRole('button', { name: 'show less' }).click();
  await page.getByRole('button', { name: 'show 256 KB of 10 MB' }).waitFor();
  await folds.nth(1).click();
  await page.waitForFunction(() => document.querySelector('.unfolded')?.textContent.endsWith('a download has it)'));
  assert.deepEqual(page.faults, []);
});

test('what a row is stands there in words; times, topics and days too', async (t) => {
  const page = await rows(t, { prefix: 'ci/', timezoneId: 'Asia/Kathmandu' });
  await page.evaluate(() => {
    log.now = () => Date.UTC(2026, 10, 24, 9);
    log.timestamps = 'local';
    push('out');
    push('oh', { data: { line: 'oh', stream: 'stderr' } });
    push('{"level":"error","msg":"no"}');
    push('', { type: 'gap', n: undefined, data: { topic: 'ci/1', count: 3, reason: 'slow' } });
    push('tomorrow', { at: 86_400 });
    push('', { type: 'end', at: 86_401, data: { status: 'completed', exit_code: 0 } });
  });
  await seen(page);
  const cells = (name) => page.locator(`.row .${name}`).allTextContents();
  assert.deepEqual(await cells('mark'), ['', 'err', '', 'gap', '', 'end']);
  assert.equal((await cells('level'))[2], 'error');
  assert.deepEqual(await cells('topic'), new Array(6).fill('1'));
  assert.deepEqual((await page.locator('.day:visible').allTextContents()).map((text) => text.match(/\d+/)[0]), ['25']);
  const time = page.locator('.row time').first();
  assert.equal(await time.textContent(), '13:45:00.000');
  assert.equal(await time.getAttribute('title'), '2026-11-24T13:45:00.000+05:45');
  assert.equal(await time.getAttribute('datetime'), '2026-11-24T08:00:00.000Z');
  await page.evaluate(() => { log.timestamps = 'utc'; });
  await page.waitForFunction(() => document.querySelector('.row time').textContent === '08:00:00.000Z');
  await page.evaluate(() => { log.timestamps = 'relative'; });
  await page.waitForFunction(() => document.querySelector('.row time').textContent === '1 h ago');
  await page.evaluate(() => { log.timestamps = 'off'; });
  await page.waitForFunction(() => !document.querySelector('.row time'));
  assert.deepEqual(page.faults, []);
});

test('hits are marked without a change to the document, the current one apart', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    many(500, (i) => `\x1b[31mli\x1b[0mne ${i} and line`);
    push(`${'x'.repeat(5_000)}needle`);
    log.search = new Search(selection);
    log.search.set({ text: 'line' });
    log.jump(10);
    log.current = 12;
  });
  await seen(page);
  const marked = () => page.evaluate(() => ['hub-hit', 'hub-current'].map((name) => [...CSS.highlights.get(name)].map((range) => `${range}`)));
  const [hits, current] = await marked();
  assert.deepEqual(current, ['line', 'line']);
  assert.ok(hits.length > 40 && hits.every((text) => text === 'line'));
  await page.evaluate(() => {
    log.search.set({ text: 'needle' });
    log.search = log.search;
    log.current = 500;
    log.jump(500, { center: true });
  });
  await seen(page);
  assert.deepEqual(await marked(), [[], ['needle']], 'a line is shown whole where its hit was cut off');
  await page.evaluate(() => { log.search = null; });
  await seen(page);
  assert.deepEqual(await marked(), [[], []]);
});

test('5,000 rows a second cost little of each frame, and none once it is quiet', async (t) => {
  const page = await rows(t);
  const spent = await page.evaluate(async () => {
    many(20_000);
    await frame();
    const work = [];
    const native = requestAnimationFrame;
    globalThis.requestAnimationFrame = (paint) => native((now) => {
      const start = performance.now();
      paint(now);
      document.querySelector('.pane').scrollTop; // with the layout that it caused
      work.push(performance.now() - start);
    });
    const end = performance.now() + 3_000;
    let before = performance.now();
    while (performance.now() < end) {
      await new Promise((done) => setTimeout(done, 10));
      const now = performance.now();
      many(Math.round((now - before) * 5), (i) => `\x1b[32mline\x1b[0m ${i} with https://example.com/${i} and some more words in it`);
      before = now;
    }
    const busy = work.splice(0);
    await new Promise((done) => native(() => native(() => native(done))));
    work.length = 0;
    await new Promise((done) => setTimeout(done, 1_000));
    return { busy, quiet: work.length };
  });
  const [least, most] = [Math.min(...spent.busy), Math.max(...spent.busy)];
  t.diagnostic(`a frame's work, ms: ${least.toFixed(1)} to ${most.toFixed(1)}, a quarter up to ${quartile(spent.busy).toFixed(1)}`);
  assert.ok(quartile(spent.busy) < 16, `${quartile(spent.busy)} ms`);
  assert.equal(spent.quiet, 0, 'no frame is asked for when nothing changes');
});

test('what a program wrote stays text', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    push('<img src=x onerror=alert(1)> \x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\ javascript:alert(1)');
    push('\x1b]8;;https://example.com/x\x1b\\click\x1b]8;;\x1b\\ \x1b[38;2;1;2;3mdark\x1b[0m \x1b[41;31munreadable\x1b[0m http://a.org/"onmouseover=1');
    push('{"<img src=x onerror=alert(1)>":1}');
  });
  await seen(page);
  await page.locator('.fold').click();
  assert.equal(await page.locator('hub-log :is(img, script, style, iframe)').count(), 0);
  const links = await page.locator('.row .text a').evaluateAll((all) => all.map(({ href, rel, textContent }) => [href, rel, textContent]));
  assert.deepEqual(links, [['https://example.com/x', 'noopener noreferrer', 'click'], ['http://a.org/', 'noopener noreferrer', 'http://a.org/']]);
  assert.deepEqual(page.faults, []);
});
