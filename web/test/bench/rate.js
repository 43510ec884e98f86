// What a tab costs at a steady rate of lines: the hub's page beside a plain one
// that appends a div for each line, in the same browser, one after the other.
//
//   node test/bench/rate.js [lines a second (5000)] [seconds (60)]
//
// Compare the two columns; the machine decides about the figures themselves.

import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { Hub } from '../support/hub.js';
import { costOf, watchFrames } from '../support/measure.js';

const rate = Number(process.argv[2] ?? 5000);
const seconds = Number(process.argv[3] ?? 60);
const BATCHES = 20; // a second

const PLAIN = `<!doctype html><meta charset="utf-8"><title>plain</title>
<style>body { font: 12px/18px monospace; margin: 0; white-space: pre; }</style><div id="log"></div>
<script>
  const log = document.getElementById('log');
  new WebSocket(new URLSearchParams(location.search).get('from')).onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type !== 'line') return;
    const row = document.createElement('div');
    row.textContent = event.data.line;
    log.append(row);
    scrollTo(0, document.body.scrollHeight);
  };
</script>`;

const server = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end(PLAIN)).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const hub = await Hub.start({ flags: ['--topic-max-events', '1000000', '--topic-max-bytes', '256MiB', '--allowed-origins', origin] });

/** Publishes lines at the rate, on time in the long run. */
async function publish(topic) {
  const size = Math.round(rate / BATCHES);
  const start = performance.now();
  for (let batch = 0; batch < seconds * BATCHES; batch++) {
    const lines = Array.from({ length: size }, (_, i) => `2026-11-24T09:00:00Z INFO request ${batch * size + i} GET /api/items/${i} 200 in ${i % 90} ms\n`);
    await hub.publish(topic, lines.join(''));
    await sleep(Math.max(0, start + (batch + 1) * 1000 / BATCHES - performance.now()));
  }
}

async function measure(name, url, topic) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  await page.goto(url);
  await sleep(1500);
  const idleFrames = await watchFrames(page);
  const start = await costOf(browser);
  await sleep(5000);
  const idle = { cpu: ((await costOf(browser)).cpu - start.cpu) / 5, ...(await idleFrames.stop()) };
  const frames = await watchFrames(page);
  const before = await costOf(browser);
  await publish(topic);
  const after = await costOf(browser);
  const busy = await frames.stop();
  const cpu = (after.cpu - before.cpu) / seconds;
  const { memory } = after;
  await browser.close();
  return { name, idle, busy, cpu, memory };
}

const page = await measure('hub', `${hub.url}stream/bench/page`, 'bench/page');
const plain = await measure('plain', `${origin}/?from=${hub.url.replace('http', 'ws')}stream/bench/plain`, 'bench/plain');
await hub.kill();
server.close();

const rows = [
  ['idle: frames a second', ({ idle }) => idle.perSecond.toFixed(1)],
  ['idle: CPU', ({ idle }) => `${(idle.cpu * 100).toFixed(1)} %`],
  ['frames a second', ({ busy }) => busy.perSecond.toFixed(1)],
  ['99 % of frames within', ({ busy }) => `${busy.p99.toFixed(0)} ms`],
  ['longest frame', ({ busy }) => `${busy.longest.toFixed(0)} ms`],
  ['frames over 50 ms', ({ busy }) => busy.over50],
  ['tasks over 50 ms', ({ busy }) => busy.longTasks],
  ['CPU of the tab', ({ cpu }) => `${(cpu * 100).toFixed(0)} %`],
  ['memory of the tab', ({ memory }) => `${memory.toFixed(0)} MB`],
];
console.log(`${rate} lines a second for ${seconds} s`);
console.table(Object.fromEntries(rows.map(([label, of]) => [label, { 'the page': of(page), 'a div a line': of(plain) }])));
