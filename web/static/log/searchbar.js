// The field that searches a log, the way from hit to hit, and what of it is to
// be shown. It knows no log: it says what is asked, and is told what came of it.

import { el, say } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { press, pressed, toggle } from './controls.js';

/** @typedef {{q: string, regex: boolean, match: boolean}} Wanted */
/** @typedef {{count: number, at?: number, done: boolean, error?: string}} Found `at`: the how-manieth is the current one, from 1 */

const PAUSE = 150; // ms without a keystroke after which the search begins

export class SearchBar {
  #field = el('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search the log', 'aria-keyshortcuts': '/', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search' });
  #count = el('output', { class: 'count', 'aria-live': 'off' });
  #fault = el('p', { class: 'fault', hidden: true });
  #previous = el('button', { type: 'button', 'aria-label': 'Previous hit', title: 'Previous hit (Shift+Enter, N)', onclick: () => this.onstep(-1) }, '↑');
  #next = el('button', { type: 'button', 'aria-label': 'Next hit', title: 'Next hit (Enter, n)', onclick: () => this.onstep(1) }, '↓');
  #regex = toggle('.*', 'Regular expression', () => this.#say());
  #match = toggle('only hits', 'Show only rows with hits', () => this.#say());
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @type {(wanted: Wanted) => void} */ onchange = () => {};
  /** @type {(direction: 1 | -1) => void} */ onstep = () => {};
  /** @type {() => void} the reader is done with the field */ onleave = () => {};

  constructor() {
    this.element = el('form', { class: 'search', role: 'search', 'aria-label': 'Log', onsubmit: (event) => event.preventDefault() },
      el('span', { class: 'field' }, this.#field, this.#count), this.#previous, this.#next, this.#regex, this.#match, this.#fault);
    this.#field.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#say(), PAUSE);
    });
    this.#field.addEventListener('keydown', (event) => this.#key(event));
    this.tell({ count: 0, done: true });
  }

  /** @param {Wanted} wanted */
  set({ q, regex, match }) {
    if (this.#field.value !== q) this.#field.value = q;
    press(this.#regex, regex);
    press(this.#match, match);
  }

  /** What was typed last is not asked for any more. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {Found} found */
  tell({ count: hits, at, done, error }) {
    const asked = this.#field.value !== '';
    const figures = at ? `${count(at)} of ${count(hits)}` : hits ? count(hits) : done ? 'none' : '';
    say(this.#count, error || !asked ? '' : figures + (done ? '' : ' …'));
    this.#fault.hidden = !error;
    say(this.#fault, error ?? '');
    this.#field.setAttribute('aria-invalid', `${Boolean(error)}`);
    this.#previous.disabled = this.#next.disabled = !hits;
  }

  focus() {
    this.#field.focus();
    this.#field.select();
  }

  #say() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.onchange({ q: this.#field.value, regex: pressed(this.#regex), match: pressed(this.#match) });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (event.key === 'f' && (event.ctrlKey || event.metaKey)) return event.stopPropagation(); // the browser's own search
    if (event.key === 'Enter') {
      event.preventDefault();
      if (this.#timer) this.#say();
      this.onstep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault(); // and not also what Escape means elsewhere
      event.stopPropagation();
      if (this.#field.value) {
        this.#field.value = '';
        this.#say();
      } else this.onleave();
    }
  }
}
