// The hub's topics with what each keeps and who reads it: filtered, in an order.

import { get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { bytes, count, counted, duration } from '../../lib/format.js';
import { logHref } from '../../lib/route.js';
import { keyed } from '../../ui/keyed.js';
import { isTopic, overlaps } from '../../stream/topics.js';
import { command } from '../overview/empty.js';
import { chosen } from './order.js';
import { poll } from './poll.js';

const EVERY = 4_000; // ms
const LIMIT = 100; // rows; the filter finds the others

/** @typedef {import('./order.js').Topic} Topic */

class HubTopicTable extends HTMLElement {
  /** @type {Topic[]} */ #topics = [];
  /** @type {import('./own.js').Reader[]} those that are the furthest behind */ #slowest = [];
  #wanted = { filter: '', order: 'topic' };
  #trouble = el('div');
  #filter = el('input', { type: 'search', placeholder: 'Filter topics', 'aria-label': 'Filter topics', size: 20, spellcheck: 'false', autocomplete: 'off' });
  #count = el('span', { class: 'soft nums' });
  #body = el('tbody');
  #empty = el('p', { class: 'soft', hidden: true });
  /** @type {Record<string, HTMLElement>} */ #heads = {};
  /** @type {import('../../app.js').App} */ #app = /** @type {any} */ (undefined);
  /** @type {ReturnType<typeof poll> | undefined} */ #poll;

  /** @param {import('../../app.js').App} app @param {(name: string, value: string) => void} ask for another filter or order */
  start(app, ask) {
    this.#app = app;
    this.#filter.oninput = () => ask('filter', this.#filter.value.trim());
    const head = (/** @type {string} */ order, /** @type {string} */ label, /** @type {string} */ kind) =>
      (this.#heads[order] = el('th', { class: kind || false }, el('button', { type: 'button', class: 'sort', onclick: () => ask('order', order) }, label)));
    this.replaceChildren(
      el('div', { class: 'bar' }, el('h2', {}, 'Topics'), this.#count, this.#filter, el('span', { class: 'grow' }), command(request(app.base, 'GET', 'topics'), 'as curl')),
      this.#trouble,
      el('div', { class: 'scrolls' }, el('table', { class: 'table topics', 'aria-label': 'Topics' },
        el('thead', {}, el('tr', {}, head('topic', 'Topic', ''), head('readers', 'Readers', 'num'), head('lag', 'Lag', 'num'), head('events', 'Events', 'num'), head('bytes', 'Bytes', 'num'), head('time', 'Last event', 'num'))),
        this.#body)),
      this.#empty);
    this.#poll = poll(this, EVERY, async (signal) => {
      const [{ topics }, { readers }] = await Promise.all([get('topics', {}, { signal }), get('system/hub', {}, { signal })]);
      this.#topics = topics;
      this.#slowest = readers.slowest;
      this.#paint();
    }, this.#trouble);
  }

  stop() {
    this.#poll?.end();
  }

  focus() {
    this.#filter.focus();
  }

  /** @param {{filter: string, order: string}} wanted */
  want(wanted) {
    this.#wanted = wanted;
    if (this.#filter.value.trim() !== wanted.filter) this.#filter.value = wanted.filter;
    for (const [each, head] of Object.entries(this.#heads)) {
      if (each === wanted.order) head.setAttribute('aria-sort', each === 'topic' ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    }
    this.#paint();
  }

  #paint() {
    for (const topic of this.#topics) topic.lag = this.#lag(topic.topic);
    const list = chosen(this.#topics, this.#wanted);
    const shown = list.slice(0, LIMIT);
    const total = counted(this.#topics.length, 'topic');
    say(this.#count, list.length > LIMIT ? `${LIMIT} of ${count(list.length)} shown` : list.length < this.#topics.length ? `${count(list.length)} of ${total}` : total);
    keyed(this.#body, shown, ({ topic }) => topic, ({ topic }) => this.#row(topic), (row, topic) => this.#tell(row, topic));
    this.#empty.hidden = list.length > 0;
    say(this.#empty, this.#topics.length ? `None of ${total} fits.` : 'No topics yet: what is published makes them.');
  }

  /** What the slowest of those that ask for this topic, alone or among others, has yet to take. @param {string} topic */
  #lag(topic) {
    return Math.max(0, ...this.#slowest.filter(({ topics }) => topics.some((each) => overlaps(each, topic))).map(({ lag }) => lag));
  }

  /** @param {string} topic */
  #row(topic) {
    return el('tr', {}, el('td', {}, isTopic(topic) ? el('a', { class: 'mono', href: logHref(topic, this.#app.root) }, topic) : topic, ' ', el('span', { class: 'soft' })),
      ...Array.from({ length: 5 }, () => el('td', { class: 'num' })));
  }

  /** @param {HTMLTableRowElement} row @param {Topic} topic */
  #tell(row, { readers, lag = 0, events, bytes: size, time, ended }) {
    const [name, ...cells] = row.cells;
    say(/** @type {Element} */ (name.lastElementChild), ended ? 'ended' : '');
    const past = time ? this.#app.now() - Date.parse(time) : NaN;
    const last = Number.isNaN(past) ? '' : past < 1000 ? 'just now' : `${duration(past)} ago`;
    [readers ? count(readers) : '', lag ? count(lag) : '', count(events), bytes(size), last].forEach((text, i) => say(cells[i], text));
  }
}

customElements.define('hub-topic-table', HubTopicTable);
export { HubTopicTable };
