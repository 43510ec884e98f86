// Logs are hostile: what they hold is shown and never acts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open, row, rows } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const hub = await Hub.start();
const browser = await launch();

const LINES = /** @type {[string, string][]} what is written, what is shown */ ([
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['<style>*{display:none}</style>', '<style>*{display:none}</style>'],
  ['</span></div><iframe srcdoc="<script>parent.alert(1)</script>">', '</span></div><iframe srcdoc="<script>parent.alert(1)</script>">'],
  ['&lt;b&gt; &amp; &#x3c;', '&lt;b&gt; &amp; &#x3c;'],
  ['{{constructor.constructor("alert(1)")()}} ${alert(1)}', '{{constructor.constructor("alert(1)")()}} ${alert(1)}'],
  ['\x1b[31mred\x1b[0m \x1b[2J\x1b[Hcleared', 'red cleared'],
  ['\x1b]8;;javascript:alert(1)\x1b\\click me\x1b]8;;\x1b\\', 'click me'],
  ['\x1b]0;another title\x07title', 'title'],
  ['\x1b]52;c;ZXZpbA==\x07clipboard', 'clipboard'],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  ['user\u202enimda', 'user‹202E›nimda'],
  ['nul\x00byte', 'nul␀byte'],
]);

test('hostile lines stay inert', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/evil`);
  for (const type of ['line', 'deploy']) {
    await hub.events('ci/evil', ...LINES.map(([line]) => ({ type, data: type === 'line' ? { stream: 'stdout', line } : { note: line, [line.slice(0, 20)]: 1 } })));
  }
  await hub.events('ci/evil',
    { type: 'x', data: '<img src=x onerror=alert(1)>' },
    { type: 'stage', data: { stage: '<img src=x onerror=alert(1)>', status: 'error', error: '\x1b]8;;javascript:alert(1)\x07x' } });
  await hub.publish('ci/evil', 'last\n', { query: '?end=error' });
  await row(view, 'error');
  const shown = await rows(view);
  assert.deepEqual(shown.slice(0, LINES.length), LINES.map(([, text]) => text));
  assert.deepEqual(await view.evaluate(() => [
    document.querySelectorAll('hub-log :is(img, script, style, iframe, a, svg, b)').length,
    document.title,
    location.hash,
  ]), [0, '✗ ci/evil · hub', '']);
  assert.deepEqual(view.faults, []);
});

test('a line of 1 MB and ten thousand short ones do not stop the page', async (t) => {
  const view = await open(t, browser, `${hub.url}stream/ci/much`);
  await hub.publish('ci/much', `${'x'.repeat(1 << 20)}\n`);
  await hub.publish('ci/much', Array.from({ length: 9_000 }, (_, i) => `${i}\n`).join(''), { query: '?end=completed' });
  await row(view, 'completed');
  await view.getByText('9,002 lines', { exact: true }).waitFor();
  assert.ok(await view.locator('.row').count() < 200); // the others stand in no document
  await view.keyboard.press('g');
  await view.getByRole('button', { name: /^show .* of 1.0 MB/ }).waitFor();
  assert.deepEqual((await rows(view)).slice(1, 20), Array.from({ length: 19 }, (_, i) => `${i}`));
  assert.deepEqual(view.faults, []);
});

test('no text becomes markup, whoever tries', async (t) => {
  const view = await open(t, browser, hub.url);
  assert.equal(await view.evaluate(() => {
    try {
      document.body.innerHTML = '<b>';
      return 'taken';
    } catch (error) {
      return error.name;
    }
  }), 'TypeError');
  assert.equal(view.faults.length > 0, true); // the browser reports the attempt
});
