// The API's documentation: read, and tried, in the browser, without anybody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Hub } from '../support/hub.js';

const hub = await Hub.start();
const browser = await launch();

/** Opens a page and notes every request that leaves for another host. */
async function docs(t) {
  const view = await open(t, browser, 'about:blank');
  view.setDefaultTimeout(90_000); // Swagger UI works for seconds, and on a busy machine for long
  const strangers = [];
  view.on('request', (request) => {
    if (new URL(request.url()).protocol !== 'data:' && !request.url().startsWith(hub.url)) strangers.push(request.url());
  });
  await view.goto(`${hub.url}docs`);
  await view.locator('.opblock').first().waitFor();
  return { view, strangers };
}

const operation = (view, id) => view.locator(`.opblock[id$="-${id}"]`);

test('every operation is shown, with what it takes and answers, without a fault or a request to another host', async (t) => {
  const { view, strangers } = await docs(t);
  const document = await (await fetch(new URL('openapi.json', hub.url))).json();
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  assert.equal(await view.locator('.opblock').count(), operations);
  await view.getByRole('heading', { name: /^hub/ }).waitFor();
  const block = operation(view, 'postTasksRunStream');
  await block.locator('.opblock-summary-control').click();
  await block.getByText('"cmd": "make test"').first().waitFor();
  await block.getByText('"exit_code": "4"').first().waitFor();
  await block.locator('.response[data-code="409"]').waitFor();
  assert.deepEqual(strangers, []);
  assert.deepEqual(view.faults, []);
});

test('what is tried out is done: a GET with a parameter, and a POST of JSON', async (t) => {
  await hub.publish('ci/docs', 'one\n');
  const { view, strangers } = await docs(t);
  const topics = operation(view, 'getTopics');
  await topics.locator('.opblock-summary-control').click();
  await topics.getByRole('button', { name: 'Try it out' }).click();
  await topics.getByPlaceholder('match').fill('ci/docs');
  await topics.getByRole('button', { name: 'Execute' }).click();
  await topics.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  await topics.locator('.live-responses-table', { hasText: '"ci/docs"' }).waitFor();

  const run = operation(view, 'postTasksRunStream');
  await run.locator('.opblock-summary-control').click();
  await run.getByRole('button', { name: 'Try it out' }).click();
  await run.locator('textarea').first().fill('{"cmd":"exit 4","task_id":"tried-out"}');
  await run.getByRole('button', { name: 'Execute' }).click();
  await run.locator('.live-responses-table', { hasText: '"tried-out"' }).waitFor();
  assert.equal((await (await fetch(new URL('tasks/status/tried-out', hub.url))).json()).status, 'completed');
  assert.deepEqual(strangers, []);
  assert.deepEqual(view.faults, []);
});
