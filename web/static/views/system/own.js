// The hub's own figures: who reads, what is kept, how far readers and forwarders
// are behind.

import { get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { bytes, count, counted, duration } from '../../lib/format.js';
import { logHref } from '../../lib/route.js';
import { keyed } from '../../ui/keyed.js';
import { command } from '../overview/empty.js';
import { Facts, span } from './facts.js';
import { poll } from './poll.js';

const EVERY = 2_000; // ms

/** @typedef {{topics: string[], lag: number}} Reader */
/** @typedef {{name: string, endpoint: string, backlog: number, backlog_bytes: number, delivered: number, given_up: number, failing: boolean, last_error?: string, last_error_at: string | null}} Forwarder */

class HubOwn extends HTMLElement {
  #facts = new Facts();
  #trouble = el('div');
  #behind = el('h3', { hidden: true }, 'The slowest readers');
  #slowest = el('ul', { class: 'slowest', 'aria-label': 'The slowest readers' });
  #body = el('tbody');
  #forwarders = el('div', { class: 'scrolls', hidden: true }, el('table', { class: 'table forwarders', 'aria-label': 'Forwarders' },
    el('thead', {}, el('tr', {}, ...['Forwarder', 'State', 'Backlog', 'Delivered', 'Given up', 'Last error'].map((title, i) => el('th', { class: i > 1 && i < 5 ? 'num' : false }, title)))),
    this.#body));
  #none = el('p', { class: 'soft', hidden: true }, 'Nothing is forwarded: log_stream_endpoint and webhook_urls of the configuration are not set.');
  /** @type {import('../../app.js').App} */ #app = /** @type {any} */ (undefined);
  /** @type {ReturnType<typeof poll> | undefined} */ #poll;

  /** @param {import('../../app.js').App} app */
  start(app) {
    this.#app = app;
    this.replaceChildren(
      el('div', { class: 'bar' }, el('h2', {}, 'This hub'), el('span', { class: 'grow' }), command(request(app.base, 'GET', 'system/hub'), 'as curl')),
      this.#trouble, this.#facts.element, this.#behind, this.#slowest, el('h3', {}, 'Forwarding'), this.#forwarders, this.#none);
    this.#poll = poll(this, EVERY, async (signal) => this.#show(await get('system/hub', {}, { signal })), this.#trouble);
  }

  stop() {
    this.#poll?.end();
  }

  /** @param {any} figures */
  #show({ version, uptime_seconds: up, streams, readers, history, tasks, engine, forwarders, process }) {
    const kinds = [['WebSocket', streams.ws], ['SSE', streams.sse], ['NDJSON', streams.ndjson], ['text', streams.text]];
    this.#facts.show([
      ['Up', span(up), `version ${version.version}`],
      ['Open streams', count(streams.open), kinds.filter(([, n]) => n).map(([kind, n]) => `${n} ${kind}`).join(', ')],
      ['Readers', count(readers.total), readers.behind ? `${count(readers.behind)} behind` : 'none behind'],
      ['Lag', counted(readers.lag, 'event'), readers.behind > 1 ? `of the slowest; ${count(readers.total_lag)} of all` : 'of the slowest'],
      ['Topics', count(history.topics)],
      ['Kept events', count(history.events)],
      ['Kept bytes', bytes(history.bytes), `of at most ${bytes(history.max_bytes)}, ${(history.bytes / history.max_bytes * 100).toFixed(1)} %`],
      ['Tasks', `${tasks.running} running`, tasks.queued ? `${tasks.queued} waiting` : 'none waiting'],
      ['Engine', engine.connected ? `Docker ${engine.version}` : 'not connected', engine.connected ? `API ${engine.api}` : engine.reason ?? ''],
      ['Goroutines', count(process.goroutines)],
      ['Heap', bytes(process.heap_bytes)],
    ]);
    this.#behind.hidden = !readers.slowest.length;
    keyed(this.#slowest, readers.slowest, (/** @type {Reader} */ { topics }) => topics.join(' '),
      ({ topics }) => el('li', {}, el('b', { class: 'nums' }), el('span', {}, ' behind in '), el('a', { class: 'mono', href: logHref(topics, this.#app.root) }, topics.join(' '))),
      (item, { lag }) => say(/** @type {Element} */ (item.firstElementChild), counted(lag, 'event')));
    this.#forwarders.hidden = !forwarders.length;
    this.#none.hidden = forwarders.length > 0;
    keyed(this.#body, forwarders, (/** @type {Forwarder} */ { name }) => name, forwarderRow, (row, forwarder) => this.#tell(row, forwarder));
  }

  /** @param {HTMLTableRowElement} row @param {Forwarder} forwarder */
  #tell(row, forwarder) {
    const [name, state, backlog, delivered, givenUp, error] = row.cells;
    say(/** @type {Element} */ (name.firstElementChild), forwarder.name);
    say(/** @type {Element} */ (name.lastElementChild), forwarder.endpoint);
    const badge = /** @type {HTMLElement} */ (state.firstElementChild);
    badge.dataset.tone = forwarder.failing ? 'bad' : 'good';
    say(badge, forwarder.failing ? '✗ failing' : '✓ fine');
    say(backlog, `${counted(forwarder.backlog, 'event')}, ${bytes(forwarder.backlog_bytes)}`);
    say(delivered, count(forwarder.delivered));
    say(givenUp, count(forwarder.given_up));
    const at = forwarder.last_error_at ? `, ${duration(this.#app.now() - Date.parse(forwarder.last_error_at))} ago` : '';
    say(error, forwarder.last_error ? forwarder.last_error + at : '');
  }
}

const forwarderRow = () => el('tr', {}, el('td', {}, el('b', {}), ' ', el('span', { class: 'mono soft' })), el('td', {}, el('span', { class: 'badge' })),
  el('td', { class: 'num' }), el('td', { class: 'num' }), el('td', { class: 'num' }), el('td', { class: 'error' }));

customElements.define('hub-own', HubOwn);
export { HubOwn };
