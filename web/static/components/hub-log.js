// A log: rows painted once a frame, followed until the reader scrolls up.

import { count, counted, clock } from '../lib/format.js';
import { el, say } from '../lib/dom.js';
import { Rows } from '../lib/rows.js';

/** @typedef {import('../lib/rows.js').Row} Row */

const LIMIT = 5_000; // rows in the document
const BUDGET = 12; // ms a frame may take; the rows added in one follow from it
const [FEWEST, MOST] = [50, 1_000]; // rows added in one frame
const CHUNK = 100; // rows that are laid out, or skipped while out of sight, together
const NEAR = 8; // px from the end that still count as the end

class HubLog extends HTMLElement {
  #rows = new Rows(LIMIT);
  /** @type {WeakMap<Row, HTMLElement>} */ #elements = new WeakMap();
  #older = el('p', { class: 'older', hidden: true });
  #body = el('div', { class: 'rows' });
  #scroller = el('div', { class: 'scroller', role: 'region', tabindex: '0' }, this.#older, this.#body);
  #pill = el('button', { type: 'button', class: 'pill', hidden: true });
  #following = true;
  #unseen = 0;
  #dropped = 0;
  #top = 0;
  #frame = 0;
  #pace = 250;
  /** @type {string | undefined} what all topics begin with; undefined: there is one topic */ #prefix;
  #sizes = new ResizeObserver(() => this.#stick());

  connectedCallback() {
    this.replaceChildren(this.#scroller, this.#pill);
    this.#scroller.onscroll = () => this.#scrolled();
    this.#pill.onclick = () => this.#follow();
    this.#sizes.observe(this.#body);
    this.#sizes.observe(this.#scroller);
    document.addEventListener('selectionchange', this.#selected);
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    document.removeEventListener('selectionchange', this.#selected);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /**
   * Starts an empty log.
   * @param {string} label what it is the log of
   * @param {string} [prefix] given, each row names its topic, without this beginning
   */
  start(label, prefix) {
    this.#rows = new Rows(LIMIT);
    this.#prefix = prefix;
    this.#dropped = 0;
    this.#body.replaceChildren();
    this.#older.hidden = true;
    this.#scroller.setAttribute('aria-label', `Log of ${label}`);
    this.#follow(false);
  }

  get empty() {
    return !this.#rows.waiting && !this.#body.firstElementChild;
  }

  /** @param {import('../client.js').HubEvent} event */
  push(event) {
    this.#rows.push(event);
    this.#soon();
  }

  /** Adds a row of the page's own. @param {Row} row */
  note(row) {
    this.#soon();
    return this.#rows.note(row);
  }

  /** @param {Row} row @param {Partial<Row>} by */
  rewrite(row, by) {
    this.#rows.rewrite(row, by);
    this.#soon();
  }

  /** Puts the keyboard into the log. */
  focus() {
    this.#scroller.focus({ preventScroll: true });
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.#frame = 0;
    const start = performance.now();
    const { evict, dropped, added, changed } = this.#rows.take(this.#pace);
    this.#evict(evict);
    if (dropped) {
      this.#dropped += dropped;
      this.#older.hidden = false;
      say(this.#older, `${counted(this.#dropped, 'older row')} no longer shown here; the commands above give all that the hub keeps`);
    }
    this.#append(added);
    for (const row of changed) {
      const element = this.#elements.get(row);
      if (element) this.#write(element, row);
    }
    if (!this.#following) this.#unseen += added.length;
    this.#stick();
    this.#tell();
    if (added.length === this.#pace) this.#adapt(performance.now() - start);
    if (this.#rows.stale) this.#soon();
  }

  /** @param {number} spent ms that the last full frame took */
  #adapt(spent) {
    const pace = Math.round(this.#pace * (spent > BUDGET ? 0.5 : 1.5));
    this.#pace = Math.min(MOST, Math.max(FEWEST, pace));
  }

  /** @param {number} n rows to take from the top */
  #evict(n) {
    for (let chunk; n > 0 && (chunk = this.#body.firstElementChild);) {
      const size = chunk.childElementCount;
      if (size <= n) chunk.remove();
      else for (let i = 0; i < n; i++) chunk.firstElementChild?.remove();
      n -= size;
    }
  }

  /** @param {Row[]} rows */
  #append(rows) {
    for (const row of rows) {
      let chunk = this.#body.lastElementChild;
      if (!chunk || chunk.childElementCount >= CHUNK) this.#body.append(chunk = el('div', { class: 'chunk' }));
      const element = el('div', {}, el('time'), el('span', { class: 'mark' }), ...(this.#prefix === undefined ? [] : [el('span', { class: 'topic' })]), el('span', { class: 'text' }));
      this.#elements.set(row, element);
      this.#write(element, row);
      chunk.append(element);
      /** @type {HTMLElement} */ (chunk).style.setProperty('--rows', `${chunk.childElementCount}`);
    }
  }

  /** @param {HTMLElement} element @param {Row} row */
  #write(element, row) {
    const [time, mark, ...rest] = element.children;
    element.className = `row ${row.tone}`;
    say(time, clock(row.time));
    if (row.time) time.setAttribute('datetime', row.time);
    say(mark, row.mark);
    if (rest.length > 1) {
      say(rest[0], row.topic?.slice(this.#prefix?.length) ?? '');
      rest[0].setAttribute('title', row.topic ?? '');
    }
    say(rest[rest.length - 1], row.text);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (scrollHeight - scrollTop - clientHeight <= NEAR) this.#follow(false);
    else if (scrollTop < this.#top - 1) this.#following = false; // only a reader scrolls up
    this.#top = scrollTop;
    this.#tell();
  }

  #selected = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !this.#body.contains(selection.anchorNode)) return;
    this.#following = false; // what is being marked stays where it is
    this.#tell();
  };

  /** @param {boolean} [focus] */
  #follow(focus = true) {
    this.#following = true;
    this.#unseen = 0;
    this.#stick();
    this.#tell();
    if (focus) this.focus();
  }

  #stick() {
    if (!this.#following) return;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
  }

  #tell() {
    this.#pill.hidden = this.#following;
    say(this.#pill, this.#unseen ? `▼ ${count(this.#unseen)} new line${this.#unseen === 1 ? '' : 's'}` : '▼ to the end');
  }
}

customElements.define('hub-log', HubLog);
export { HubLog };
