// A log with all that stands round it: its subscription, state, search, filter,
// looks, downloads, keyboard, and its part of the address. The views that show
// a log embed this.

import { describe } from '../lib/describe.js';
import { announce, el, say } from '../lib/dom.js';
import { count, counted } from '../lib/format.js';
import * as settings from '../ui/settings.js';
import { isPattern } from '../stream/topics.js';
import * as addresses from './address.js';
import { FilterBar } from './filterbar.js';
import { Finder } from './finder.js';
import './hub-log.js';
import { Interruption } from './interruption.js';
import { offer } from './keymap.js';
import * as notify from './notify.js';
import { SearchBar } from './searchbar.js';
import { badge } from './state.js';
import { LogStore } from './store.js';
import { TakeBar } from './takebar.js';
import { teach } from './teach.js';
import { ViewBar } from './viewbar.js';

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../client.js').HubEvent} HubEvent */
/** @typedef {import('../client.js').State} State */

/**
 * @typedef {object} Options
 * @property {(event: HubEvent) => void} [onEvent] every event: gaps and ends, too
 * @property {(end: HubEvent) => void} [onEnd]
 * @property {(state: State) => void} [onState]
 * @property {string} [title] given, the tab's title says this and how it stands
 * @property {Node[]} [lead] what stands first in the bar: a name, a way back
 */

class HubLogPanel extends HTMLElement {
  #search = new SearchBar();
  #filters = new FilterBar();
  #looks = new ViewBar();
  #take = new TakeBar();
  #lead = el('span', { class: 'lead' });
  #word = el('span');
  #now = el('button', { type: 'button', class: 'quiet', 'aria-label': 'Reconnect now', hidden: true, onclick: () => this.#app?.retryNow() }, 'now');
  #badge = el('span', { class: 'badge' }, el('span', { class: 'dot', 'aria-hidden': 'true' }), this.#word, this.#now);
  #figures = el('span', { class: 'figures' });
  #more = el('button', { type: 'button', class: 'unfold', 'aria-expanded': 'false', 'aria-label': 'Search, filter and more', onclick: () => this.#unfold() }, '…');
  #empty = el('div', { class: 'nothing', hidden: true });
  #none = el('div', { class: 'nothing', hidden: true }, el('p', {}, 'No line passes the filter.'), el('button', { type: 'button', onclick: () => this.#want({ match: false, level: '', stream: '', topics: [] }) }, 'Show all'));
  #log = /** @type {import('./hub-log.js').HubLog} */ (el('hub-log'));

  /** @type {App | undefined} */ #app;
  /** @type {string[]} */ #topics = [];
  /** @type {Options} */ #options = {};
  /** @type {ReturnType<App['follow']> | undefined} */ #subscription;
  #store = new LogStore();
  /** @type {Finder | undefined} */ #finder;
  /** @type {Interruption | undefined} */ #interruption;
  #ask = addresses.NOTHING;
  /** @type {HubEvent | undefined} */ #end;
  #openedAt = 0;
  #frame = 0;
  /** @type {AbortController | undefined} */ #away;

  #build() {
    if (this.firstChild) return;
    this.replaceChildren(
      el('div', { class: 'bar' }, this.#lead, this.#badge, this.#figures, this.#more, this.#take.element),
      el('div', { class: 'controls' }, this.#search.element, this.#filters.element, this.#looks.element),
      this.#empty, this.#none, this.#log);
    this.#search.onchange = (wanted) => this.#want(wanted);
    this.#search.onstep = (direction) => this.#step(direction);
    this.#search.onleave = () => this.focus();
    this.#filters.onchange = (wanted) => this.#want(wanted);
    this.#looks.onfollow = (on) => (on ? this.#log.follow() : this.#log.pause());
    this.#looks.onfull = (on) => this.#enlarge(on);
    this.#log.addEventListener('follow', () => this.#followed());
    this.#log.addEventListener('range', (event) => this.#want({ range: /** @type {CustomEvent} */ (event).detail }));
  }

  /**
   * Shows the log of topics. Called again with the same ones, it only does what
   * has changed in the address.
   * @param {App} app
   * @param {string[]} topics
   * @param {Options} [options]
   */
  show(app, topics, options = {}) {
    this.#build();
    this.#options = options;
    if (options.lead && this.#lead.firstChild !== options.lead[0]) this.#lead.replaceChildren(...options.lead);
    if (this.#subscription && topics.join() === this.#topics.join()) return this.#recall();
    this.leave();
    this.#app = app;
    this.#topics = topics;
    this.#start(app);
  }

  /** Ends the subscription and all that waits. show() begins anew. */
  leave() {
    this.#away?.abort();
    this.#away = undefined;
    this.#looks.stop();
    this.#search.stop();
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#finder?.close();
    this.#finder = undefined;
    this.#enlarge(false);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Puts the keyboard into the log. */
  focus() {
    this.#log.focus();
  }

  /** Leads to an event of the log's one topic, by its number, and marks it up to another. @param {number} n @param {number} [to] */
  point(n, to = n) {
    this.#want({ range: addresses.rangeOf(n, to) });
    this.#point();
  }

  /** @param {App} app */
  #start(app) {
    const topics = this.#topics;
    const single = topics.length === 1 && !isPattern(topics[0]);
    this.#store = new LogStore({ merge: !single });
    this.#store.watch(() => this.#soon());
    const finder = this.#finder = new Finder(this.#log, this.#store);
    finder.search.onchange = () => this.#soon();
    this.#interruption = new Interruption(this.#store, () => app.now());
    this.#end = undefined;
    this.#openedAt = app.now();
    this.#filters.clear();
    this.#take.show(app.base, topics, () => app.now());
    this.#empty.replaceChildren(...teach(app.base, topics));
    this.#log.now = () => app.now();
    this.#log.numbers = single; // those of several topics would say nothing
    this.#log.show(finder.selection, { label: topics.join(', '), prefix: single ? undefined : common(topics) });
    this.#looks.start({ timestamps: (value) => { this.#log.timestamps = value; }, wrap: (value) => { this.#log.wrap = value; } });
    this.#ask = addresses.parse(location.hash.slice(1));
    this.#apply();
    if (single) this.#point();

    const { signal } = this.#away = new AbortController();
    addEventListener('popstate', () => this.#recall(), { signal });
    addEventListener('online', () => this.#soon(), { signal });
    addEventListener('offline', () => this.#soon(), { signal });
    for (const end of this.#keys(app)) signal.addEventListener('abort', end);
    this.#subscription = app.follow(topics, {
      since: 'all',
      onEvent: (event) => this.#event(event),
      onGap: (event) => this.#event(event),
      onEnd: (event) => this.#ended(event),
      onDoubt: (doubt) => this.#store.note({ tone: 'bad', mark: 'doubt', text: doubtful(doubt) }),
      onError: (detail) => this.#store.note({ tone: 'bad', mark: 'error', text: detail }),
      onState: (state) => this.#state(state),
    });
    this.#title();
    this.#soon();
  }

  /** @param {HubEvent} event */
  #event(event) {
    const began = !this.#store.length;
    if (this.#end?.topic === event.topic && event.type !== 'gap') this.#end = undefined; // opened again
    this.#store.push(event);
    if (event.topic) this.#filters.offer(event.topic);
    this.#options.onEvent?.(event);
    if (began) this.#title();
  }

  /** @param {HubEvent} event */
  #ended(event) {
    this.#event(event);
    this.#end = event;
    this.#options.onEnd?.(event);
    const text = `${event.topic}: ${describe(event).text}`;
    announce(text);
    // What had ended before the reader came is no news.
    if (settings.get('notify') && Date.parse(event.time ?? '') >= this.#openedAt) notify.tell(this.#options.title ?? `${event.topic}`, text, event.id ?? text);
    this.#title();
  }

  /** @param {State} state */
  #state(state) {
    this.#interruption?.follow(state);
    this.#options.onState?.(state);
    this.#soon();
  }

  /** Takes what the address asks for, where that is another than now. */
  #recall() {
    const ask = addresses.parse(location.hash.slice(1));
    const before = addresses.format(this.#ask);
    if (addresses.format(ask) === before) return;
    const moved = `${ask.range}` !== `${this.#ask.range}`;
    this.#ask = ask;
    this.#apply();
    if (moved) this.#point();
  }

  #point() {
    const { range } = this.#ask;
    this.#log.range = range;
    if (range) this.#finder?.point(range[0], this.#topics[0]);
    this.#soon();
  }

  /** Asks for something else, and lets the address say so. @param {Partial<addresses.Ask>} change */
  #want(change) {
    const pointed = 'range' in change;
    this.#ask = { ...this.#ask, ...change };
    const hash = addresses.format(this.#ask);
    if (pointed) this.#log.range = this.#ask.range;
    else this.#apply();
    this.#app?.replace(location.pathname + location.search + (hash && `#${hash}`));
    this.#take.link = location.href;
  }

  #apply() {
    this.#search.set(this.#ask);
    this.#filters.set(this.#ask);
    this.#finder?.ask(this.#ask);
    this.#take.link = location.href;
    this.#soon();
  }

  /** @param {1 | -1} direction */
  #step(direction) {
    this.#finder?.step(direction);
    this.#soon();
  }

  #followed() {
    this.#looks.following = this.#log.following;
    this.#soon();
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  /** The words round the log, once a frame. */
  #paint() {
    this.#frame = 0;
    const finder = this.#finder;
    if (!finder || !this.#subscription) return;
    const { selection, search } = finder;
    const all = this.#store.length;
    const waits = finder.arrive();
    const { following, unseen } = this.#log;
    const says = badge({ state: this.#subscription.state, online: navigator.onLine, end: this.#end, empty: !all, following, unseen });
    this.#badge.dataset.state = says.name;
    this.#badge.dataset.tone = says.tone;
    say(this.#word, says.text);
    this.#now.hidden = !says.now;
    const busy = selection.progress < 1 ? ` (${Math.floor(selection.progress * 100)} %)` : '';
    say(this.#figures, counted(all, 'line') + (finder.filtered ? `, ${count(selection.length)} shown${busy}` : ''));
    this.#search.tell(finder.found);
    this.#looks.following = following;
    this.#empty.hidden = all > 0;
    this.#none.hidden = !all || selection.length > 0 || busy !== '';
    if (waits || busy || !search.done) this.#soon();
  }

  /** @param {App} app @returns {(() => void)[]} */
  #keys(app) {
    return offer(app.keys, {
      search: () => {
        this.#unfold(true);
        this.#search.focus();
      },
      step: (direction) => this.#step(direction),
      travel: (end) => (end ? this.#log.follow() : this.#log.jump(0)),
      follow: () => (this.#log.following ? this.#log.pause() : this.#log.follow()),
      times: () => this.#looks.turnTimes(),
      wrap: () => this.#looks.turnWrap(),
      link: () => this.#take.copyLink(),
      download: () => {
        this.#unfold(true);
        this.#take.openDownloads();
      },
      escape: () => this.#enlarge(false),
    });
  }

  /** On a narrow screen the tools are folded away. @param {boolean} [open] */
  #unfold(open = !this.classList.contains('unfolded')) {
    this.classList.toggle('unfolded', open);
    this.#more.setAttribute('aria-expanded', `${open}`);
  }

  /** @param {boolean} on */
  #enlarge(on) {
    this.classList.toggle('full', on);
    this.#looks.full = on;
  }

  #title() {
    const { title } = this.#options;
    if (title === undefined) return;
    const runs = this.#store.length > 0 && this.#topics.every((topic) => !isPattern(topic) && !/^(containers|docker|system|hub)\//.test(topic));
    const ended = this.#end && describe(this.#end).tone;
    this.#app?.title(title, ended ? (ended === 'good' ? 'good' : 'bad') : runs ? 'running' : undefined);
  }
}

/** @param {import('../client.js').Doubt} doubt */
function doubtful({ topic, expected, got, missing }) {
  return missing === null
    ? `${topic} counts anew: event ${count(got)} came where ${count(expected)} was due`
    : `${counted(missing, 'event')} of ${topic} did not come, and the hub did not say why (${count(expected)} was due, ${count(got)} came)`;
}

/** What all of the topics begin with, up to a "/" or a "*". @param {string[]} topics */
function common(topics) {
  const [first, ...rest] = topics.map((topic) => topic.split('/'));
  const end = first.findIndex((segment, i) => segment.includes('*') || rest.some((other) => other[i] !== segment));
  const same = first.slice(0, end < 0 ? first.length - 1 : end);
  return same.map((segment) => `${segment}/`).join('');
}

customElements.define('hub-log-panel', HubLogPanel);
export { HubLogPanel };
