// JSON to look through: folded at its brackets, searched, copied whole.

import { announce, el, say } from '../../lib/dom.js';
import { count } from '../../lib/format.js';
import { around, found, outline } from './outline.js';

class HubJson extends HTMLElement {
  /** @type {import('./outline.js').Line[]} */ #lines = [];
  #text = '';
  /** @type {HTMLElement[]} */ #rows = [];
  /** @type {Set<number>} the lines that are folded */ #folded = new Set();
  /** @type {number[]} */ #hits = [];
  #current = -1;

  #search = el('input', { type: 'search', placeholder: 'search', 'aria-label': 'Search the JSON', size: 18 });
  #count = el('span', { class: 'soft nums', role: 'status' });
  #copy = el('button', { type: 'button', onclick: () => this.#take() }, 'Copy JSON');
  #body = el('div', { class: 'lines mono', role: 'region', tabindex: '0', 'aria-label': 'JSON' });

  connectedCallback() {
    if (this.firstChild) return;
    this.replaceChildren(
      el('div', { class: 'bar' }, this.#search,
        el('button', { type: 'button', 'aria-label': 'Previous hit', onclick: () => this.#step(-1) }, '▲'),
        el('button', { type: 'button', 'aria-label': 'Next hit', onclick: () => this.#step(1) }, '▼'), this.#count, el('span', { class: 'grow' }),
        el('button', { type: 'button', onclick: () => this.#foldAll(true) }, 'Fold all'),
        el('button', { type: 'button', onclick: () => this.#foldAll(false) }, 'Unfold all'), this.#copy),
      this.#body);
    this.#search.oninput = () => this.#find();
    this.#search.onkeydown = (event) => {
      if (event.key === 'Enter') this.#step(event.shiftKey ? -1 : 1);
    };
  }

  /** @param {unknown} value */
  show(value) {
    const text = JSON.stringify(value, null, 2) ?? '';
    if (text === this.#text) return;
    this.#text = text;
    this.#lines = outline(value);
    this.#folded.clear();
    this.#rows = this.#lines.map(({ text: line, last, inside }, i) => {
      const fold = last > i ? [el('button', { type: 'button', class: 'fold', 'aria-expanded': 'true', onclick: () => this.#fold([i], !this.#folded.has(i)) })] : [];
      return el('div', { class: 'line' }, ...fold, el('span', {}, line), ...(fold.length ? [el('span', { class: 'soft', hidden: true }, ` … ${count(inside)} `)] : []));
    });
    this.#body.replaceChildren(...this.#rows);
    this.#rows.forEach((row, i) => this.#label(row, i));
    this.#find(false);
  }

  /** @param {HTMLElement} row @param {number} at */
  #label(row, at) {
    const button = row.querySelector('.fold');
    if (!button) return;
    const folded = this.#folded.has(at);
    button.setAttribute('aria-expanded', `${!folded}`);
    button.setAttribute('aria-label', `${folded ? 'Unfold' : 'Fold'} ${this.#lines[at].text.trim().replace(/[:\s]*[[{]$/, '') || 'all'}`);
    /** @type {HTMLElement} */ (row.lastChild).hidden = !folded;
  }

  /** @param {number[]} lines @param {boolean} folded */
  #fold(lines, folded) {
    for (const at of lines) {
      if (folded) this.#folded.add(at);
      else this.#folded.delete(at);
      this.#label(this.#rows[at], at);
    }
    let until = -1; // of the fold that hides what follows
    this.#rows.forEach((row, i) => {
      row.hidden = i <= until;
      if (i > until && this.#folded.has(i)) until = this.#lines[i].last - 1;
    });
  }

  /** @param {boolean} folded */
  #foldAll(folded) {
    this.#fold(this.#lines.flatMap(({ last }, i) => (last > i && (!folded || i) ? [i] : [])), folded);
  }

  /** @param {boolean} [lead] whether to go to the first hit */
  #find(lead = true) {
    this.#hits = found(this.#lines, this.#search.value);
    this.#rows.forEach((row) => row.classList.remove('hit', 'current'));
    for (const at of this.#hits) this.#rows[at].classList.add('hit');
    this.#current = -1;
    if (lead && this.#hits.length) this.#step(1);
    else say(this.#count, this.#search.value ? `${count(this.#hits.length)} hits`.replace(/^1 hits/, '1 hit') : '');
  }

  /** @param {1 | -1} by */
  #step(by) {
    if (!this.#hits.length) return;
    this.#rows[this.#hits[this.#current]]?.classList.remove('current');
    this.#current = (this.#current + by + this.#hits.length) % this.#hits.length;
    if (this.#current < 0) this.#current = this.#hits.length - 1;
    const at = this.#hits[this.#current];
    this.#fold(around(this.#lines, at), false);
    this.#rows[at].classList.add('current');
    this.#rows[at].scrollIntoView({ block: 'center' });
    say(this.#count, `${count(this.#current + 1)} of ${count(this.#hits.length)}`);
  }

  async #take() {
    const done = await navigator.clipboard?.writeText(this.#text).then(() => true, () => false);
    say(this.#copy, done ? 'Copied' : 'Cannot copy: mark it instead');
    announce(this.#copy.textContent ?? '');
    setTimeout(() => say(this.#copy, 'Copy JSON'), 1_600);
  }
}

customElements.define('hub-json', HubJson);
export { HubJson };
