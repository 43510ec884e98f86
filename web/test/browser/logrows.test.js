// The rows of a log in a real browser: where the reader is, whatever comes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from '../support/browser.js';
import { Hub } from '../support/hub.js';
import { last, rowsOf, seen } from '../support/rows.js';

const hub = await Hub.start();
const browser = await launch();
const rows = rowsOf(hub, browser);

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
