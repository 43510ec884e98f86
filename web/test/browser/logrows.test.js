// The rows of a log in a real browser, apart from all that stands round them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, tab } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const hub = await Hub.start();
const browser = await launch();

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>rows</title>
<link rel="stylesheet" href="/assets/css/base.css"><link rel="stylesheet" href="/assets/css/log.css"><body></body>`;

/** A page with nothing but an empty log in it, under the hub's own policy; `log`, `store` and `selection` are the page's globals. */
async function rows(t, { merge = false, prefix, ...options } = {}) {
  const policy = (await fetch(hub.url)).headers.get('content-security-policy');
  const context = await browser.newContext({ viewport: { width: 900, height: 500 }, ...options });
  t.after(() => context.close());
  await context.route(`${hub.url}rows`, (route) => route.fulfill({ body: PAGE, contentType: 'text/html', headers: { 'content-security-policy': policy } }));
  const page = await tab(context, `${hub.url}rows`);
  await page.evaluate(async ({ merge, prefix }) => {
    const [{ LogStore }, { Selection }, { Search }, { filter }] = await Promise.all(
      ['store', 'selection', 'search', 'filter', 'hub-log'].map((name) => import(`/assets/log/${name}.js`)));
    const log = document.body.appendChild(document.createElement('hub-log'));
    log.style.setProperty('height', '500px');
    const store = new LogStore({ merge });
    const selection = new Selection(store);
    let n = 0;
    const time = Date.UTC(2026, 10, 24, 8);
    const push = (line, { at = n, ...event } = {}) =>
      store.push({ topic: 'ci/1', type: 'line', n: ++n, time: new Date(time + at * 1000).toISOString(), data: { line }, ...event });
    const many = (count, text = (i) => `line ${i}`) => { for (let i = 0; i < count; i++) push(text(n + 1)); };
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    /** Rows that are seen, with the place of each. */
    const seen = () => {
      const pane = document.querySelector('.pane').getBoundingClientRect();
      return [...document.querySelectorAll('.row:not(.held)')].map((row) => {
        const { top, bottom } = row.querySelector('.cells').getBoundingClientRect();
        return { text: row.querySelector('.text').textContent, top: top - pane.top, bottom: bottom - pane.top };
      }).filter((row) => row.bottom > 0 && row.top < pane.height);
    };
    const topOf = (text) => seen().find((row) => row.text === text)?.top;
    const pane = log.querySelector('.pane');
    log.show(selection, { label: 'ci/1', prefix });
    Object.assign(globalThis, { log, store, selection, pane, push, many, frame, seen, topOf, Search, filter });
    await frame();
  }, { merge, prefix });
  return page;
}

/** What a machine takes that is busy with other things only sometimes. */
const quartile = (figures) => figures.toSorted((a, b) => a - b)[figures.length >> 2];

const seen = async (page) => (await page.evaluate(() => frame().then(seen))).map(({ text }) => text);
const last = async (page) => (await seen(page)).at(-1);

test('new rows are followed until the reader scrolls up, then only counted', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => many(1_000));
  assert.equal(await last(page), 'line 1000');
  await page.mouse.move(400, 200);
  await page.mouse.wheel(0, -200);
  await page.waitForFunction(() => !log.following);
  await page.waitForFunction(() => topOf('line 1000') === undefined);
  const before = await page.evaluate(() => frame().then(seen));
  await page.evaluate(() => many(1_204));
  assert.deepEqual(await page.evaluate(() => frame().then(seen)), before, 'nothing moves under the eye');
  const pill = page.locator('.pill');
  assert.equal(await pill.textContent(), '▼ 1,204 new lines');
  assert.equal(await page.evaluate(() => log.unseen), 1_204);
  await pill.click();
  assert.equal(await last(page), 'line 2204');
  assert.equal(await pill.isVisible(), false);
  await page.evaluate(() => many(10));
  assert.equal(await last(page), 'line 2214');
  assert.deepEqual(page.faults, []);
});

test('whoever scrolls back to the end follows again', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => many(100));
  await page.mouse.move(400, 200);
  await page.mouse.wheel(0, -300);
  await page.waitForFunction(() => !log.following);
  await page.mouse.wheel(0, 2_000);
  await page.waitForFunction(() => log.following);
  await page.evaluate(() => push('one more'));
  assert.equal(await last(page), 'one more');
});

test('of a million rows few stand in the document, and any is reached at once', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => many(1_000_000));
  assert.equal(await last(page), 'line 1000000');
  const reached = await page.evaluate(async () => {
    const places = [0, 1, 499_999, 765_432, 999_000, 12_345];
    const spent = places.map(() => Infinity);
    for (let k = 0; k < 5 * places.length; k++) {
      const i = places[k % places.length];
      const start = performance.now();
      log.jump(i);
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      spent[k % places.length] = Math.min(spent[k % places.length], Math.round(performance.now() - start));
      if (seen()[0].text !== `line ${i + 1}`) return `${seen()[0].text} instead of ${i}`;
    }
    return spent;
  });
  t.diagnostic(`ms to reach a row, the best of five: ${reached}`);
  assert.ok(Array.isArray(reached), reached);
  assert.ok(Math.max(...reached) < 100, `${reached}`);
  assert.ok(await page.locator('.row').count() < 120);
  assert.ok(await page.evaluate(() => document.querySelector('.extent').offsetHeight) <= 10_000_000);
});

test('over a million rows wheel and keys move by the pixels they say, the scrollbar by its share', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    many(1_000_000);
    log.jump(400_000);
  });
  assert.equal((await seen(page))[0], 'line 400001');
  await page.mouse.move(400, 200);
  for (const [way, top] of [[200, 'line 400011'], [-400, 'line 399991']]) {
    await page.mouse.wheel(0, way);
    await page.waitForFunction((text) => topOf(text) === 0, top);
  }
  await page.evaluate(() => log.focus());
  await page.keyboard.press('PageDown');
  await page.waitForFunction(() => +seen()[0].text.slice(5) > 400_005 && +seen()[0].text.slice(5) < 400_020);
  await page.keyboard.press('End');
  await page.waitForFunction(() => log.following && topOf('line 1000000') !== undefined);
  await page.keyboard.press('Home');
  await page.waitForFunction(() => !log.following && topOf('line 1') === 0);
  await page.mouse.wheel(0, 100);
  await page.waitForFunction(() => topOf('line 6') === 0);
  await page.mouse.wheel(0, -500);
  await page.waitForFunction(() => topOf('line 1') === 0);
  for (const [share, from, to] of [[0.5, 495_000, 505_000], [0.9, 890_000, 920_000], [0.1, 80_000, 110_000]]) {
    await page.evaluate((part) => { pane.scrollTop = (pane.scrollHeight - pane.clientHeight) * part; }, share);
    await page.waitForFunction(([a, b]) => +seen()[0]?.text.slice(5) > a && +seen()[0].text.slice(5) < b, [from, to]);
  }
  await page.evaluate(() => { pane.scrollTop = pane.scrollHeight; });
  await page.waitForFunction(() => topOf('line 1000000') !== undefined && log.following);
  assert.deepEqual(page.faults, []);
});

test('rows that are put in, redrawn or found to be taller leave the eye where it is', async (t) => {
  const page = await rows(t, { merge: true, prefix: 'ci/' });
  await page.evaluate(() => {
    many(2_000, (i) => (i % 3 ? `line ${i}` : `line ${i} ${'long '.repeat(i % 90)}`));
    log.wrap = true;
    log.jump(1_000);
  });
  const before = (await page.evaluate(() => frame().then(seen)))[0];
  assert.equal(before.text, 'line 1001');
  const after = await page.evaluate(async () => {
    for (let i = 0; i < 500; i++) push(`put in ${'x'.repeat(i)}`, { at: i + 0.5, topic: 'ci/2' });
    await frame();
    push('more at the end');
    await frame();
    return { top: topOf('line 1001'), marks: seen().length };
  });
  assert.equal(after.top, before.top);
  // Far up, where nothing was ever measured, and back by the wheel: what is read moves by the wheel's pixels alone.
  await page.mouse.move(400, 200);
  for (let k = 0; k < 5; k++) {
    const [{ text, top }] = await page.evaluate(() => frame().then(seen));
    await page.mouse.wheel(0, -60);
    await page.waitForFunction(([text, top]) => topOf(text) === top + 60, [text, top]);
  }
  assert.deepEqual(page.faults, []);
});

test('wrapping keeps the top row, and no row overlaps another', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    many(3_000, (i) => `line ${i} ${'word '.repeat((i * 7) % 60)}`);
    log.jump(1_500);
  });
  const [{ text }] = await page.evaluate(() => frame().then(seen));
  for (const wrap of [true, false, true]) {
    const now = await page.evaluate((on) => {
      log.wrap = on;
      return frame().then(seen);
    }, wrap);
    assert.equal(now[0].text, text);
    for (let i = 1; i < now.length; i++) assert.ok(Math.abs(now[i].top - now[i - 1].bottom) < 0.1, `${now[i].text} begins at ${now[i].top}, ${now[i - 1].bottom} was expected`);
  }
  await page.setViewportSize({ width: 500, height: 500 });
  await page.waitForFunction((text) => topOf(text) === 0, text);
});

test('a filter keeps the row that is read, and so does taking it off', async (t) => {
  const page = await rows(t);
  await page.evaluate(() => {
    many(50_000);
    log.jump(25_000);
  });
  const top = () => page.evaluate(() => frame().then(() => seen()[0].text));
  assert.equal(await top(), 'line 25001');
  await page.evaluate(() => selection.set(filter({ text: '1' })));
  await page.waitForFunction(() => selection.progress === 1 && topOf('line 25001') === 0);
  await page.evaluate(() => selection.set(filter({ text: '00' })));
  await page.waitForFunction(() => selection.progress === 1 && topOf('line 25001') === 0);
  await page.evaluate(() => selection.set(null));
  await page.waitForFunction(() => topOf('line 25001') === 0 && topOf('line 25002') === 20);
  assert.equal(await page.evaluate(() => log.following), false);
});

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
