// Every view, with something in it, for everybody: no serious violation that
// axe-core finds, in both themes, and nothing wider than a narrow screen.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { Hub } from '../support/hub.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const engine = await Engine.start();
engine.docker('run', '-d', '--name', 'web', '-p', '127.0.0.1::80', IMAGE, 'sh', '-c', 'while :; do echo "$(date) INFO tick"; sleep 1; done');
engine.docker('run', '-d', '--name', 'once', IMAGE, 'true');
const hub = await Hub.start({ engine });
const browser = await launch();

const task = async (body) => (await hub.post('tasks/start', body)).task_id;
const failed = await task({ cmd: 'echo begun; echo "no such file" >&2; exit 3' });
await task({ cmd: 'while :; do echo tick; sleep 1; done' });
const run = (await hub.post('pipeline/start', { stages: [{ kind: 'shell', name: 'one', cmd: 'echo one' }, { kind: 'shell', name: 'two', cmd: 'false' }] })).task_id;
await hub.publish('ci/1', 'plain\n\u001b[31mred\u001b[0m \u001b[1;33mbold yellow\u001b[0m \u001b[7minverse\u001b[0m\n{"level":"error","msg":"broken"}\nWARN something\n', { query: '?end=error' });

/** Each view, and the text (or a class) that shows that it has what it shows. @type {[name: string, path: string, sign: string][]} */
const VIEWS = [
  ['overview', '', 'Overview'],
  ['the tasks', 'ui/tasks', 'generic_task'],
  ['a task that failed', `ui/tasks/${failed}`, 'no such file'],
  ['a pipeline that failed', `ui/tasks/${run}`, 'two'],
  ['the topics', 'ui/logs', 'ci'],
  ['a log', 'stream/ci/1', 'bold yellow'],
  ['the containers', 'ui/containers', 'once'],
  ['a container’s log', 'ui/containers/web/log', 'INFO tick'],
  ['a container’s figures', 'ui/containers/web/stats', 'CPU'],
  ['a container’s settings', 'ui/containers/web/inspect', IMAGE],
  ['a container’s files', 'ui/containers/web/files?path=/', 'etc'],
  ['a container’s console', 'ui/containers/web/console', '.primary'],
  ['the images', 'ui/images', IMAGE],
  ['building an image', 'ui/images?build=1', 'Build an image'],
  ['deploying', 'ui/deploy', 'Deploy'],
  ['the system', 'ui/system', 'CPU'],
];

for (const [name, path, sign] of VIEWS) {
  test(`${name}: no serious violation in either theme, and it fits a narrow screen`, async (t) => {
    const view = await open(t, browser, 'about:blank');
    await view.addInitScript({ content: axe });
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await view.emulateMedia({ colorScheme });
      await view.setViewportSize({ width: 1100, height: 760 });
      await view.goto(`${hub.url}${path}`);
      await (sign.startsWith('.') ? view.locator(`main ${sign}`) : view.locator('main').getByText(sign)).first().waitFor();
      const { violations } = await view.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} — ${failureSummary.replaceAll('\n', ' ')}`).join(' | ')}`);
      assert.deepEqual(serious, [], colorScheme);
    }
    await view.setViewportSize({ width: 360, height: 700 });
    const wide = await view.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main')?.scrollWidth ?? 0));
    assert.ok(wide <= 360, `${wide} px`);
    assert.deepEqual(view.faults, []);
  });
}
