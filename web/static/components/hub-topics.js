// The list of the hub's topics, asked for again every two seconds while the
// page is in sight. Rows are kept by topic and never move, so that neither the
// focus nor the pointer loses what it is on. A click opens one; the boxes put
// several into one log.

import { get } from '../lib/api.js';
import { el, say } from '../lib/dom.js';
import { count, counted } from '../lib/format.js';
import { logHref } from '../lib/route.js';
import { isTopic, overlaps } from '../stream/topics.js';

/** @typedef {{topic: string, readers: number, events: number, last: string | null, ended: boolean}} Topic */
/** @typedef {{item: HTMLLIElement, link: HTMLAnchorElement, box: HTMLInputElement, meta: HTMLElement, last: string | null, seen: boolean}} Entry */

const PERIOD = 2_000; // ms
const LIMIT = 500; // rows; more are found by the filter
const OWN = ['tasks', 'containers', 'docker', 'system', 'hub']; // below what clients publish themselves
const SHORTCUTS = /** @type {[string, string, string][]} a topic, its name, what it is */ ([
  ['containers/*/logs', 'all containers', 'what each of them writes, in one log'],
  ['docker/events', 'engine events', 'what happens to containers, images, networks'],
]);

class HubTopics extends HTMLElement {
  /** @type {Map<string, Entry>} */ #entries = new Map();
  /** @type {Map<string, {section: HTMLElement, list: HTMLUListElement}>} */ #groups = new Map();
  #filter = el('input', { type: 'search', placeholder: 'Filter, or name a topic', 'aria-label': 'Filter the topics, or name one to open', autocomplete: 'off', spellcheck: 'false' });
  #shortcuts = el('ul', { class: 'shortcuts' });
  #lists = el('div', { class: 'groups' });
  #open = el('a', { class: 'open', href: '/', hidden: true });
  #foot = el('p', { class: 'foot' });
  /** @type {Topic[]} */ #topics = [];
  /** @type {string[]} */ #chosen = [];
  #root = '';
  #away = new AbortController();

  /** @type {(topics: string[]) => void} hears which topics the boxes have put together */
  onchoose = () => {};

  /** @param {string} base the hub's address */
  start(base) {
    this.#root = new URL(base).pathname;
    for (const [topic, name, title] of SHORTCUTS) {
      this.#shortcuts.append(el('li', {}, el('a', { href: logHref(topic, this.#root), title, 'data-topic': topic }, el('span', { class: 'name' }, name))));
    }
    this.#lists.append(this.#shortcuts);
    this.replaceChildren(el('form', { role: 'search' }, this.#filter), this.#open, this.#lists, this.#foot);
    const { signal } = this.#away = new AbortController();
    this.#filter.addEventListener('input', () => this.#render(), { signal });
    this.querySelector('form')?.addEventListener('submit', (event) => this.#submit(event), { signal });
    this.addEventListener('keydown', (event) => this.#move(event), { signal });
    document.addEventListener('visibilitychange', () => this.refresh(), { signal });
    const timer = setInterval(() => this.refresh(), PERIOD);
    signal.addEventListener('abort', () => clearInterval(timer));
    this.refresh();
  }

  /** Asks no more. */
  stop() {
    this.#away.abort();
  }

  async refresh() {
    if (document.hidden) return;
    const { signal } = this.#away;
    try {
      this.#topics = (await get('topics', {}, { signal })).topics ?? [];
    } catch {
      return; // that the hub is away is said by the connection
    }
    if (!signal.aborted) this.#render();
  }

  /** @param {string[]} topics those of the log beside */
  choose(topics) {
    this.#chosen = topics;
    for (const [topic, entry] of this.#entries) this.#mark(topic, entry);
    for (const link of this.#shortcuts.querySelectorAll('a')) current(link, topics.includes(link.dataset.topic ?? ''));
    this.classList.toggle('several', topics.length > 1);
  }

  #render() {
    const wanted = this.#filter.value.trim().toLowerCase();
    const fits = this.#topics.filter(({ topic }) => topic.toLowerCase().includes(wanted));
    // The youngest come first when they are new here; from then on they stay.
    const fresh = fits.filter(({ topic }) => !this.#entries.has(topic)).sort((a, b) => position(a) - position(b));
    const shown = new Set(fits.slice(0, LIMIT));
    for (const each of fresh) if (shown.has(each)) this.#add(each);
    for (const entry of this.#entries.values()) entry.seen = false;
    for (const each of shown) this.#update(each);
    const exist = new Set(this.#topics.map(({ topic }) => topic));
    for (const [topic, entry] of this.#entries) {
      entry.item.hidden = !entry.seen;
      if (exist.has(topic) || entry.item.contains(document.activeElement)) continue;
      entry.item.remove();
      this.#entries.delete(topic);
    }
    for (const { section, list } of this.#groups.values()) section.hidden = !list.querySelector('li:not([hidden])');
    for (const item of this.#shortcuts.children) {
      /** @type {HTMLElement} */ (item).hidden = !`${item.textContent} ${item.querySelector('a')?.dataset.topic}`.includes(wanted);
    }
    this.#foretell(wanted, fits.length - shown.size, exist);
  }

  /** @param {string} wanted @param {number} more @param {Set<string>} exist */
  #foretell(wanted, more, exist) {
    const name = this.#filter.value.trim();
    const offer = wanted !== '' && isTopic(name) && !exist.has(name);
    this.#open.hidden = !offer;
    if (offer) {
      this.#open.href = logHref(name, this.#root);
      say(this.#open, `Open ${name}`);
    }
    const total = counted(this.#topics.length, 'topic');
    say(this.#foot, more > 0 ? `${count(more)} more of ${total}: filter to find them` : this.#topics.length ? total : 'No topics yet');
  }

  /** @param {Topic} topic */
  #add({ topic }) {
    const [head, ...rest] = topic.split('/');
    const meta = el('span', { class: 'meta' });
    const name = el('span', { class: 'name' }, rest.length ? rest.join('/') : head);
    const link = el('a', { href: logHref(topic, this.#root), title: topic }, el('span', { class: 'dot', 'aria-hidden': 'true' }), name, meta);
    const box = el('input', { type: 'checkbox', 'aria-label': `${topic} in the log`, title: 'Put several into one log', onchange: () => this.#combine(topic, box.checked) });
    const item = el('li', {}, link, box);
    const entry = { item, link, box, meta, last: null, seen: true };
    this.#mark(topic, entry);
    this.#group(head).prepend(item);
    this.#entries.set(topic, entry);
  }

  /** @param {Topic} topic */
  #update({ topic, readers, events, last, ended }) {
    const entry = this.#entries.get(topic);
    if (!entry) return;
    entry.seen = true;
    const busy = entry.last !== null && entry.last !== last;
    entry.last = last;
    entry.item.dataset.state = ended ? 'ended' : busy ? 'busy' : 'quiet';
    say(entry.meta, [ended && 'ended', readers > 0 && counted(readers, 'reader'), counted(events, 'event')].filter(Boolean).join(' · '));
  }

  /** @param {string} topic @param {Entry} entry */
  #mark(topic, { link, box }) {
    const chosen = this.#chosen.includes(topic);
    current(link, chosen);
    box.checked = chosen;
  }

  /** @param {string} topic @param {boolean} on */
  #combine(topic, on) {
    const rest = this.#chosen.filter((each) => each !== topic);
    // A pattern that covers the topic already would only give it twice.
    this.onchoose(on ? [...rest.filter((each) => !overlaps(each, topic)), topic] : rest);
  }

  /** @param {string} head the group's first segment */
  #group(head) {
    const known = this.#groups.get(head);
    if (known) return known.list;
    const list = el('ul');
    const section = el('section', { 'aria-label': `Topics under ${head}` }, el('h2', {}, head), list);
    const rank = (/** @type {string} */ name) => `${OWN.indexOf(name) + 1} ${name}`;
    const after = [...this.#groups].filter(([name]) => rank(name) > rank(head)).sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))[0];
    this.#lists.insertBefore(section, after?.[1].section ?? null);
    this.#groups.set(head, { section, list });
    return list;
  }

  /** Enter opens the one that fits best. @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const first = this.#lists.querySelector('section:not([hidden]) li:not([hidden]) a');
    const target = this.#open.hidden ? first : first && !this.#filter.value.includes('/') ? first : this.#open;
    if (target instanceof HTMLElement) target.click();
  }

  /** The arrows walk through the list. @param {KeyboardEvent} event */
  #move(event) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!step) return;
    const stops = [this.#filter, this.#open, ...this.querySelectorAll('li a')]
      .filter((stop) => stop instanceof HTMLElement && stop.offsetParent !== null);
    const at = stops.findIndex((stop) => stop === document.activeElement);
    const next = stops[at + step];
    if (at < 0 || !(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  }
}

/** @param {Element} link @param {boolean} chosen */
function current(link, chosen) {
  if (chosen) link.setAttribute('aria-current', 'page');
  else link.removeAttribute('aria-current');
}

/** @param {Topic} topic */
const position = ({ last }) => Number(last?.split('-')[1] ?? 0);

customElements.define('hub-topics', HubTopics);
export { HubTopics };
