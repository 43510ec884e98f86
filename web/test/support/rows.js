// A log's rows in a page of their own, without all that stands round them.

import { tab } from './browser.js';

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>rows</title>
<link rel="stylesheet" href="/assets/css/base.css"><link rel="stylesheet" href="/assets/css/log.css"><body></body>`;

/** The way to open, for a test, a page with nothing but an empty log in it, under the hub's own policy; `log`, `store` and `selection` are the page's globals. */
export const rowsOf = (hub, browser) => async (t, { merge = false, prefix, ...options } = {}) => {
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
};

/** What a machine takes that is busy with other things only sometimes. */
export const quartile = (figures) => figures.toSorted((a, b) => a - b)[figures.length >> 2];

export const seen = async (page) => (await page.evaluate(() => frame().then(seen))).map(({ text }) => text);
export const last = async (page) => (await seen(page)).at(-1);
