// The rows of a log, of which only those near what is seen stand in the
// document. Painted once a frame and only when something changed; followed to
// the end until the reader scrolls up, and then nothing moves under the eye.

import { announce, el, say } from '../lib/dom.js';
import { count, counted } from '../lib/format.js';
import * as settings from '../ui/settings.js';
import { Clipping } from './clipping.js';
import { Drawn } from './drawn.js';
import { Marks } from './marks.js';
import { Metrics } from './metrics.js';
import { Place } from './place.js';
import { extent } from './scale.js';
import { nextTick } from './stamp.js';

/** @typedef {import('./row.js').RowView} RowView */
/** @typedef {import('./selection.js').Selection} Selection */
/** @typedef {import('./search.js').Search} Search */

const [LITTLE, MUCH] = [100, 600]; // px drawn beyond what is seen: while following, and while the reader moves

class HubLog extends HTMLElement {
  #lines = el('div', { class: 'lines' });
  #extent = el('div', { class: 'extent' }, this.#lines);
  #pane = el('div', { class: 'pane', role: 'region', tabindex: '0' }, this.#extent);
  #pill = el('button', { type: 'button', class: 'pill', hidden: true });

  /** @type {Selection | undefined} */ #selection;
  #place = new Place();
  #metrics = new Metrics();
  #drawn = new Drawn(this.#lines);
  #marks = new Marks();
  #clipping = new Clipping(this.#lines, this.#drawn);
  /** @type {import('./row.js').Look} */ #look = { numbers: true, timestamps: 'off', prefix: undefined, range: undefined, open: new Map(), now: () => Date.now() };
  #wrap = false;
  /** @type {Search | null} */ #search = null;
  #current = -1;
  #unseen = 0;
  #widest = 0;
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {AbortController | undefined} */ #gone;
  #sizes = new ResizeObserver(() => this.#resized());

  connectedCallback() {
    if (!this.firstChild) this.append(this.#pane, this.#pill, this.#metrics.element);
    const { signal } = this.#gone = new AbortController();
    const pane = this.#pane;
    pane.addEventListener('scroll', () => this.#scrolled(), { signal, passive: true });
    pane.addEventListener('scrollend', () => this.#rested(), { signal });
    pane.addEventListener('wheel', ({ deltaY }) => deltaY < 0 && this.#leaveEnd(), { signal, passive: true });
    pane.addEventListener('keydown', (event) => this.#key(event), { signal });
    pane.addEventListener('copy', (event) => this.#copy(event), { signal });
    this.#lines.addEventListener('click', (event) => this.#click(event), { signal });
    this.#pill.addEventListener('click', () => {
      this.follow();
      this.focus();
    }, { signal });
    document.addEventListener('selectionchange', () => this.#clipping.holds && this.pause(), { signal }); // what is selected stays where it is
    document.addEventListener('visibilitychange', () => this.#soon(), { signal });
    this.#sizes.observe(pane);
  }

  disconnectedCallback() {
    this.#gone?.abort();
    this.#sizes.disconnect();
    this.#marks.clear();
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /**
   * Shows the rows of a selection, from their end.
   * @param {Selection} selection its onchange is this element's from now on
   * @param {{label: string, prefix?: string}} of with a prefix, each row names its topic without this beginning
   */
  show(selection, { label, prefix }) {
    if (this.#selection) this.#selection.onchange = () => {};
    this.#selection = selection;
    selection.onchange = (change) => this.#changed(change);
    this.#look = { ...this.#look, prefix, range: undefined, open: new Map() };
    this.#search = null;
    this.#current = -1;
    this.#drawn.clear();
    this.#pane.setAttribute('aria-label', `Log of ${label}`);
    this.#place.begin(selection.length, this.#metrics.line);
    this.#anew();
    this.follow();
  }

  /** Whether long lines are broken. */
  get wrap() {
    return this.#wrap;
  }

  set wrap(on) {
    if (on === this.#wrap) return;
    this.#wrap = on;
    this.#pane.classList.toggle('wrap', on);
    this.#place.straighten(this.#metrics.line);
    this.#anew();
  }

  get timestamps() {
    return this.#look.timestamps;
  }

  set timestamps(timestamps) {
    this.#restyle({ timestamps });
  }

  /** Whether each row begins with its event's number. */
  get numbers() {
    return this.#look.numbers;
  }

  set numbers(numbers) {
    this.#restyle({ numbers });
  }

  /** The numbers of the first and last event that are marked. @returns {[number, number] | undefined} */
  get range() {
    return this.#look.range;
  }

  set range(range) {
    this.#restyle({ range });
  }

  /** The server's clock, for relative times. @param {() => number} now ms */
  set now(now) {
    this.#restyle({ now });
  }

  get search() {
    return this.#search;
  }

  /** What is marked; to be set again when it looks for something else. */
  set search(search) {
    this.#search = search;
    this.#soon();
  }

  /** The row of the current hit, -1 for none. */
  get current() {
    return this.#current;
  }

  set current(i) {
    this.#current = i;
    if (i >= 0) this.#unfoldHit(i);
    this.#soon();
  }

  get following() {
    return this.#place.following;
  }

  /** How many rows came since the reader stopped following. */
  get unseen() {
    return this.#unseen;
  }

  /** Goes to the end and stays there, whatever comes. */
  follow() {
    const was = this.following;
    this.#place.follow();
    this.#unseen = 0;
    this.#followed(was);
  }

  /** Stays where it is, whatever comes. */
  pause() {
    if (!this.following) return;
    this.#place.following = false;
    this.#unseen = 0;
    this.#followed(true);
  }

  /** @param {number} i row of the selection @param {{center?: boolean}} [where] */
  jump(i, { center = false } = {}) {
    this.pause();
    const { height, line } = this.#metrics;
    this.#place.jump(i, center ? Math.max(0, (height - line) / 2) : 0);
    this.#soon();
  }

  /** Puts the keyboard into the log. */
  focus() {
    this.#pane.focus({ preventScroll: true });
  }

  /** @param {boolean} was */
  #followed(was) {
    this.#soon();
    if (was !== this.following) this.dispatchEvent(new CustomEvent('follow', { detail: this.following }));
  }

  /** @param {import('./changes.js').Change} change */
  #changed(change) {
    const { first, removed, added } = change;
    const chosen = removed > 1 || this.#selection?.progress !== 1; // by a filter: nothing new
    if (!this.following && !chosen) this.#unseen += Math.max(0, added - removed);
    if (this.#current >= first + removed) this.#current += added - removed;
    this.#place.change(change);
    this.#drawn.change(change);
    this.#soon();
  }

  #soon() {
    if (this.isConnected) this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.#frame = 0;
    clearTimeout(this.#timer);
    const selection = this.#selection;
    if (!selection || !this.#metrics.height) return;
    this.#place.seek(selection);
    if (this.#wrap) this.#metrics.sample(this.#place.layout, (i) => selection.row(i).text.length, this.#drawn.views[0]?.text.clientWidth);
    for (let pass = 0; pass < 3 && this.#draw(selection); pass++); // what was measured may show that other rows are seen
    this.#arrange(selection);
    this.#marks.mark(this.#drawn.views, this.#search, this.#current);
    this.#clipping.drawn();
    this.#pill.hidden = this.following;
    say(this.#pill, this.#unseen ? `▼ ${counted(this.#unseen, 'new line')}` : '▼ to the end');
    this.#tick();
  }

  /** Draws what is near the view. @param {Selection} selection @returns whether a row turned out to be of another height */
  #draw(selection) {
    const { layout, top, height } = this.#place;
    const beyond = this.following ? LITTLE : MUCH;
    const last = layout.length ? layout.at(top + height + beyond) : -1;
    this.#drawn.draw(selection, layout.at(top - beyond), last, this.#look);
    if (this.#drawn.fit() && this.#wrap) this.#drawn.all('fresh');
    return this.#drawn.measure(layout, this.#metrics.line, this.#wrap);
  }

  /** Brings rows and scrollbar to their places. @param {Selection} selection */
  #arrange(selection) {
    const place = this.#place;
    const { layout, top } = place;
    this.#extent.style.setProperty('height', `${Math.max(extent(layout.total), place.height)}px`);
    this.#widen();
    const scroll = place.wanted(top);
    if (scroll !== undefined) {
      this.#pane.scrollTop = scroll;
      place.scroll = this.#pane.scrollTop; // as the browser rounds it
    }
    const begin = this.#drawn.settle(layout);
    this.#lines.style.setProperty('top', `${begin - top + place.scroll}px`);
    this.#drawn.reach(layout.at(top + this.#metrics.line - 1), this.#look.range?.[0]);
    place.hang(selection, top);
  }

  /** Without wrapping the log never gets narrower: what is read sideways stays where it is. */
  #widen() {
    const { offsetWidth } = this.#lines;
    if (this.#wrap || offsetWidth <= this.#widest) return;
    this.#widest = offsetWidth;
    this.#lines.style.setProperty('min-width', `${offsetWidth}px`);
  }

  #scrolled() {
    const way = this.#place.scrolled(this.#pane.scrollTop, this.#pane.clientHeight);
    if (way !== 'ours') this.#place.scrolling = 'onscrollend' in this.#pane;
    if (way === 'up') this.#leaveEnd();
    if (way === 'end' && !this.#clipping.holds) this.follow();
    this.#soon();
  }

  #rested() {
    if (!this.#place.scrolling) return;
    this.#place.scrolling = false;
    this.#soon();
  }

  /** The reader goes up. */
  #leaveEnd() {
    if (this.#place.long) this.pause();
  }

  /** @param {Partial<import('./row.js').Look>} part */
  #restyle(part) {
    this.#look = { ...this.#look, ...part };
    this.#drawn.all('dirty');
    if (this.#wrap && ('timestamps' in part || 'numbers' in part)) this.#anew(); // the text has another width now
    this.#soon();
  }

  /** Measures all anew. */
  #anew() {
    this.#metrics.forget();
    this.#place.layout.reset(this.#metrics.line);
    this.#drawn.all('fresh');
    this.#narrow();
    this.#soon();
  }

  #narrow() {
    this.#widest = 0;
    this.#lines.style.removeProperty('min-width');
  }

  #resized() {
    const other = this.#metrics.take(this.#pane);
    this.#place.height = this.#metrics.height;
    if (other.lines || (other.width && this.#wrap)) this.#anew();
    if (other.width) this.#narrow();
    this.#soon();
  }

  /** Relative times grow older while somebody sees them. */
  #tick() {
    const newest = this.#drawn.views.at(-1);
    if (this.#look.timestamps !== 'relative' || !newest || document.hidden) return;
    this.#timer = setTimeout(() => {
      for (const view of this.#drawn.views) view.tick(this.#look);
      this.#tick();
    }, nextTick(this.#look.now() - newest.row.time));
  }

  /** @param {MouseEvent} event */
  #click({ target, shiftKey }) {
    const button = target instanceof Element ? target.closest('button') : null;
    const view = this.#drawn.viewOf(button);
    if (!button || !view) return;
    if (button.classList.contains('number')) this.#point(view.row.n, shiftKey);
    else this.#toggle(view, button.classList.contains('fold') ? 'json' : 'all');
  }

  /** @param {number} n @param {boolean} extend */
  #point(n, extend) {
    const [from, to] = (extend && this.range) || [n, n];
    this.range = [Math.min(from, n), n > from ? n : Math.max(to, n)];
    this.dispatchEvent(new CustomEvent('range', { detail: this.range }));
  }

  /** @param {RowView} view @param {'json' | 'all'} what */
  #toggle(view, what) {
    this.pause(); // what is being read stays where it is
    const open = this.#look.open.get(view.row.id);
    this.#look.open.set(view.row.id, { ...open, [what]: !open?.[what] });
    view.write(view.row, this.#look);
    /** @type {HTMLElement | null} */ (view.element.querySelector(what === 'json' ? '.fold' : '.more'))?.focus({ preventScroll: true });
    this.#soon();
  }

  /** Shows all of a line whose hits stand where it is cut off. @param {number} i */
  #unfoldHit(i) {
    const row = this.#selection?.row(i);
    if (!row || !this.#marks.beyond(this.#search?.hits(i) ?? [])) return;
    this.#look.open.set(row.id, { ...this.#look.open.get(row.id), all: true });
    this.#drawn.change({ first: i, removed: 1, added: 1 });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    if (event.defaultPrevented || altKey) return;
    const control = ctrlKey || metaKey;
    const letter = !control && settings.get('letters') ? key : '';
    if (control && key === 'a') this.#clipping.all();
    else if (key === 'Home' || letter === 'g') this.jump(0);
    else if (key === 'End' || letter === 'G') this.follow();
    else if (!this.#drawn.step(target, key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0)) {
      if (key === 'ArrowUp' || key === 'PageUp' || (key === ' ' && shiftKey)) this.#leaveEnd();
      return; // the browser scrolls
    }
    event.preventDefault();
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    const copied = this.#selection && this.#clipping.text(this.#selection);
    if (!copied) return; // as the browser does it
    event.preventDefault();
    event.clipboardData?.setData('text/plain', copied.text);
    const { rows, of } = copied;
    announce(rows < of ? `copied the first ${count(rows)} of ${count(of)} lines: a download has all` : `copied ${counted(rows, 'line')}`);
    this.dispatchEvent(new CustomEvent('copied', { detail: { rows, of } }));
  }
}

customElements.define('hub-log', HubLog);
export { HubLog };
