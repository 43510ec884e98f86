// One drawn row of a log: its element, written only where something is another.

import { el, say } from '../lib/dom.js';
import { bytes } from '../lib/format.js';
import { isJson, unfold } from './json.js';
import { dayName, full, stamp, valid } from './stamp.js';
import { write } from './text.js';

/** @typedef {import('./chunk.js').Row} Row */
/**
 * How all rows of a log are drawn. A prefix: each row names its topic, without
 * this beginning. `open`: what the reader has unfolded, by a row's id.
 * @typedef {object} Look
 * @property {boolean} numbers
 * @property {import('./stamp.js').Timestamps} timestamps
 * @property {string | undefined} prefix
 * @property {[number, number] | undefined} range
 * @property {Map<number, Open>} open
 * @property {() => number} now ms
 */
/** @typedef {{json?: boolean, all?: boolean}} Open */

export const CUT = 2_000; // characters of a line that are shown
const MOST = 262_144; // characters of a line that are shown at the reader's wish

export class RowView {
  index = -1;
  /** It no longer shows what it should. */ dirty = true;
  /** Its height is not known. */ fresh = true;
  /** It stands where it was because the reader holds it, apart from those that are seen. */ held = false;
  /** @type {Row} */ row;
  /** @type {string | undefined} */ #text;
  /** @type {Open | undefined} */ #open;
  #chosen = false;
  #day = el('div', { class: 'day', hidden: true });
  #number = el('button', { type: 'button', class: 'number', tabindex: '-1', title: 'mark this line, with Shift all up to it' });
  #time = el('time');
  #topic = el('span', { class: 'topic' });
  #mark = el('span', { class: 'mark' });
  #level = el('span', { class: 'level' });
  text = el('span', { class: 'text' });
  #cells = el('div', { class: 'cells' });
  #body = el('div', { class: 'body' }, this.text);
  element = el('div', {}, this.#day, this.#cells);

  /** @param {Row} row */
  constructor(row) {
    this.row = row;
  }

  /** Whether it may be of another height than a plain one. */
  get special() {
    return !this.#day.hidden || Boolean(this.#open?.json);
  }

  /** @param {Row} row @param {Look} look */
  write(row, look) {
    this.row = row;
    this.dirty = false;
    const { n, time, tone, level } = row;
    const chosen = look.range !== undefined && n > 0 && n >= look.range[0] && n <= look.range[1];
    const open = look.open.get(row.id);
    this.element.className = ['row', tone, level && `is-${level}`, chosen && 'chosen', open?.json && 'open', this.held && 'held'].filter(Boolean).join(' ');
    const parts = [];
    if (look.numbers) parts.push(this.#writeNumber(n, chosen));
    if (look.timestamps !== 'off') parts.push(this.#writeTime(time));
    if (look.prefix !== undefined) parts.push(this.#writeTopic(row.topic, look.prefix));
    say(this.#mark, row.mark);
    say(this.#level, level);
    parts.push(this.#mark, this.#level, this.#body);
    if (parts.some((part, i) => this.#cells.children[i] !== part)) this.#cells.replaceChildren(...parts);
    this.tick(look);
    this.#writeText(row.text, open);
  }

  /** @param {boolean} held */
  hold(held) {
    if (held !== this.held) this.element.classList.toggle('held', this.held = held);
  }

  /** Whether the keyboard gets to it with Tab. @param {boolean} reachable */
  reach(reachable) {
    if (reachable !== (this.#number.tabIndex === 0)) this.#number.tabIndex = reachable ? 0 : -1;
  }

  /** Puts the keyboard on its number. */
  focus() {
    this.#number.focus();
  }

  /** Writes a time that may have grown older. @param {Look} look */
  tick({ timestamps, now }) {
    if (timestamps !== 'off') say(this.#time, stamp(this.row.time, timestamps, now()));
  }

  /** A line above it when a day begins. @param {boolean} begins @param {Look} look */
  day(begins, { timestamps }) {
    const name = begins ? dayName(this.row.time, timestamps) : '';
    if (this.#day.textContent === name) return;
    this.#day.textContent = name;
    this.#day.hidden = !begins;
    this.fresh = true;
  }

  /** @param {number} n @param {boolean} chosen */
  #writeNumber(n, chosen) {
    say(this.#number, n ? `${n}` : '');
    this.#number.disabled = !n;
    if (chosen !== this.#chosen) this.#number.setAttribute('aria-pressed', `${this.#chosen = chosen}`);
    return this.#number;
  }

  /** @param {number} time */
  #writeTime(time) {
    if (valid(time)) {
      this.#time.setAttribute('datetime', new Date(time).toISOString());
      this.#time.setAttribute('title', full(time));
    }
    return this.#time;
  }

  /** @param {string} topic @param {string} prefix */
  #writeTopic(topic, prefix) {
    say(this.#topic, topic.slice(prefix.length));
    this.#topic.setAttribute('title', topic);
    return this.#topic;
  }

  /** @param {string} text @param {Open} [open] */
  #writeText(text, open) {
    if (text === this.#text && open === this.#open) return;
    this.#text = text;
    this.#open = open;
    this.fresh = true;
    write(this.text, text.slice(0, cut(text, open?.all ? MOST : CUT)));
    const parts = [this.text];
    if (text.length > CUT) parts.push(more(text.length, open?.all));
    const json = isJson(text);
    if (json) parts.unshift(fold(open?.json));
    if (json && open?.json) parts.push(el('pre', { class: 'unfolded' }, unfold(text)));
    if (parts.length > 1 || this.#body.childElementCount > 1) keep(this.#body, parts, this.text);
  }
}

/** Puts the parts into their parent and leaves the one that stays where it is: a selection in it lives on. @param {Element} parent @param {Element[]} parts @param {Element} stays */
function keep(parent, parts, stays) {
  for (const child of [...parent.children]) if (child !== stays) child.remove();
  const at = parts.indexOf(stays);
  stays.before(...parts.slice(0, at));
  stays.after(...parts.slice(at + 1));
}

/** @param {boolean} [open] */
const fold = (open) => el('button', { type: 'button', class: 'fold', 'aria-expanded': `${Boolean(open)}`, 'aria-label': 'unfold JSON', title: 'unfold JSON' }, open ? '▾' : '▸');

/** @param {number} length @param {boolean} [all] */
function more(length, all) {
  const label = all ? 'show less' : length > MOST ? `show ${bytes(MOST)} of ${bytes(length)}` : `show all (${bytes(length)})`;
  return el('button', { type: 'button', class: 'more', 'aria-expanded': `${Boolean(all)}` }, label);
}

/** Where to cut a text so that no character is torn. @param {string} text @param {number} most */
function cut(text, most) {
  const code = text.charCodeAt(most - 1);
  return code >= 0xd800 && code < 0xdc00 ? most - 1 : most;
}
