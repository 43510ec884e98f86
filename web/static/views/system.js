// The system: the host, its busiest processes, the hub's own figures, its topics.

import { el } from '../lib/dom.js';
import './system/host.js';
import { ORDERS } from './system/order.js';
import './system/own.js';
import './system/processes.js';
import './system/topics.js';

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../lib/route.js').Route} Route */

/** What the query may say, and what holds where it does not. */
const USUAL = /** @type {Record<string, string>} */ ({ sort: 'cpu', filter: '', order: 'topic' });

class HubSystem extends HTMLElement {
  #host = /** @type {import('./system/host.js').HubHost} */ (el('hub-host'));
  #processes = /** @type {import('./system/processes.js').HubProcesses} */ (el('hub-processes'));
  #own = /** @type {import('./system/own.js').HubOwn} */ (el('hub-own'));
  #topics = /** @type {import('./system/topics.js').HubTopicTable} */ (el('hub-topic-table'));
  #query = new URLSearchParams();
  /** @type {(() => void)[]} */ #ends = [];
  #shown = false;

  /** @param {App} app @param {Route} route */
  show(app, { query }) {
    this.#query = query;
    if (!this.#shown) this.#begin(app);
    const order = query.get('order') ?? '';
    this.#processes.by(query.get('sort') === 'memory' ? 'memory' : 'cpu');
    this.#topics.want({ filter: query.get('filter') ?? '', order: ORDERS.includes(order) ? order : USUAL.order });
  }

  leave() {
    for (const part of [this.#host, this.#processes, this.#own, this.#topics]) part.stop();
    for (const end of this.#ends) end();
  }

  /** @param {App} app */
  #begin(app) {
    this.#shown = true;
    this.className = 'page';
    app.title('System');
    this.replaceChildren(el('header', {}, el('h1', {}, 'System')),
      ...[this.#host, this.#own, this.#processes, this.#topics].map((part) => el('section', {}, part)));
    this.#host.start(app);
    this.#processes.start(app, (sort) => this.#ask(app, 'sort', sort));
    this.#topics.start(app, (name, value) => this.#ask(app, name, value));
    this.#own.start(app);
    this.#ends.push(app.keys.add('System', '/', 'filter the topics', () => this.#topics.focus()));
  }

  /** Puts it into the address, which shows it. @param {App} app @param {string} name @param {string} value */
  #ask(app, name, value) {
    const query = new URLSearchParams(this.#query);
    if (value === USUAL[name]) query.delete(name);
    else query.set(name, value);
    app.replace(`${app.root}ui/system${query.size ? `?${query}` : ''}`);
  }
}

customElements.define('hub-system', HubSystem);
export { HubSystem };
