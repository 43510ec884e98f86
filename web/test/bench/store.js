// How much memory a log of a million lines takes, how fast lines come in, are
// read and are searched, beside a plain array of objects. Times are the
// processor's, garbage collection and all, so that a busy machine counts less.
//
//     node --expose-gc test/bench/store.js [lines]

import { spans, visible } from '../../static/log/ansi.js';
import { filter } from '../../static/log/filter.js';
import { levelOf } from '../../static/log/levels.js';
import { Search } from '../../static/log/search.js';
import { Selection } from '../../static/log/selection.js';
import { LogStore } from '../../static/log/store.js';

const LINES = Number(process.argv[2] ?? 1_000_000);
const TOPICS = 8;
const START = Date.parse('2026-11-23T20:00:00Z');

let seed = 1;
const random = () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) / 0x7fffffff;
const WORDS = 'request response from upstream pool took waiting worker connection cache /api/v1/users GET POST 200 404 healthy'.split(' ');

/** A line of about 80 characters; one in twenty has some that fit no byte. @param {number} i */
function text(i) {
  let line = `${['INFO', 'INFO', 'DEBUG', 'WARN'][i % 4]} [worker-${i % 16}] `;
  while (line.length < 72) line += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return line + (i % 20 ? `id=${i}` : '✓ 完了 → ü');
}

/** @param {number} i @param {string} topic @param {string} line */
const event = (i, topic, line) => JSON.parse(JSON.stringify({
  id: `tozsuaih5-${i}`, n: i + 1, topic, type: 'line', time: new Date(START + i * 3).toISOString(), data: { stream: 'stdout', line },
}));

function used() {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

/** Milliseconds of work done so far. */
function worked() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** @param {string} what @param {string} figure */
const report = (what, figure) => console.log(`${what.padEnd(52)}${figure}`);

/** Works off what was put off, at once, and says how many ms it took in all and in its longest slice. @param {(() => void)[]} queue */
function drain(queue) {
  let [all, longest] = [0, 0];
  for (let slice; (slice = queue.shift());) {
    const start = worked();
    slice();
    const spent = worked() - start;
    all += spent;
    longest = Math.max(longest, spent);
  }
  return `${all.toFixed(0)} ms, longest slice ${longest.toFixed(1)} ms`;
}

/** @param {LogStore | any[]} into @param {(i: number) => any} make */
function fill(into, make) {
  const before = used();
  let spent = 0;
  for (let done = 0; done < LINES;) {
    const events = Array.from({ length: Math.min(10_000, LINES - done) }, () => make(done++));
    const start = worked();
    if (into instanceof LogStore) for (const each of events) into.push(each);
    else for (const each of events) into.push({ text: each.data.line, tone: 'line', mark: '', time: Date.parse(each.time), n: each.n, topic: each.topic, stream: 'stdout', level: levelOf(each.data.line), id: into.length });
    spent += worked() - start;
  }
  return { memory: used() - before, rate: LINES / spent * 1_000 };
}

const plainArray = (() => {
  /** @type {any[]} */ const rows = [];
  const { memory, rate } = fill(rows, (i) => event(i, 'containers/web/logs', text(i)));
  const start = worked();
  rows.filter((row) => row.text.toLowerCase().includes('nowhere'));
  return { memory, rate, search: worked() - start };
})();
report('array of objects: memory', `${plainArray.memory.toFixed(0)} MB`);
report('array of objects: pushes a second', plainArray.rate.toFixed(0));
report('array of objects: a search', `${plainArray.search.toFixed(0)} ms`);

{
  const store = new LogStore();
  const { memory, rate } = fill(store, (i) => event(i, 'containers/web/logs', text(i)));
  report('store: memory', `${memory.toFixed(0)} MB, ${(plainArray.memory / memory).toFixed(1)} times less (by its own count ${(store.bytes / 2 ** 20).toFixed(0)} MB)`);
  report('store: pushes a second', `${rate.toFixed(0)}, ${(rate / plainArray.rate).toFixed(2)} of the array's`);

  const start = worked();
  for (let i = 0; i < 200_000; i++) store.row(Math.floor(random() * store.length));
  report('store: a row anywhere', `${((worked() - start) / 200).toFixed(2)} µs`);

  /** @type {(() => void)[]} */ const queue = [];
  const later = (/** @type {() => void} */ slice) => void queue.push(slice);
  const selection = new Selection(store, { later });
  const search = new Search(selection, { later });
  for (const wanted of [{ text: `id=${LINES - 1}` }, { text: 'Nowhere' }, { text: 'upstream' }, { text: 'id=\\d+77777\\b', regex: true }]) {
    search.set(wanted);
    report(`search for ${wanted.text}`, `${drain(queue)}, ${search.count} rows`);
  }
  search.set(null);
  for (const asked of [{ level: 'warn' }, { text: 'healthy' }, { level: 'warn', text: 'GET .*404', regex: true }]) {
    selection.set(filter(asked));
    report(`filter ${JSON.stringify(asked)}`, `${drain(queue)}, ${selection.length} rows`);
  }
  const push = worked();
  for (let i = 0; i < 100_000; i++) store.push(event(LINES + i, 'containers/web/logs', text(i)));
  report('store: a push with a filter on, event made too', `${((worked() - push) / 100).toFixed(2)} µs`);
}

{
  const store = new LogStore({ merge: true });
  const each = LINES / TOPICS;
  const { memory, rate } = fill(store, (i) => event((i % each) * TOPICS, `containers/web-${Math.floor(i / each)}/logs`, text(i)));
  report(`merged, ${TOPICS} backlogs one after another: memory`, `${memory.toFixed(0)} MB`);
  report(`merged, ${TOPICS} backlogs one after another: pushes a second`, rate.toFixed(0));
  for (let i = 1; i < store.length; i += 997) if (store.row(i).time < store.row(i - 1).time) throw new Error(`row ${i} stands too late`);
}

{
  const coloured = (/** @type {number} */ i) => `\x1b[32m${i}\x1b[0m \x1b[1;38;5;208m${text(i)}\x1b[0m`;
  const lines = Array.from({ length: 100_000 }, (_, i) => coloured(i));
  for (const [name, of] of /** @type {[string, (text: string) => any][]} */ ([['spans', spans], ['visible', visible], ['levelOf', levelOf]])) {
    const start = worked();
    for (const line of lines) of(line);
    report(`${name} of a coloured line`, `${((worked() - start) / 100).toFixed(2)} µs`);
  }
}
