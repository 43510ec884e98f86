// Which rows of a log are shown: by level, by stream, by topic where it has
// several.

import { el } from '../lib/dom.js';
import { choice } from './controls.js';
import { Menu } from './menu.js';

/** @typedef {{level: string, stream: string, topics: string[]}} Wanted none of the topics: all of them */

export class FilterBar {
  #level = choice('Lowest level shown', [['', 'all levels'], ['debug', '≥ debug'], ['info', '≥ info'], ['warn', '≥ warn'], ['error', '≥ error']], () => this.#say());
  #stream = choice('Stream shown', [['', 'out, err'], ['stdout', 'stdout'], ['stderr', 'stderr']], () => this.#say());
  #count = el('span');
  #boxes = el('div', { class: 'boxes' });
  #topics = new Menu(this.#count, 'Topics shown', this.#boxes, el('button', { type: 'button', class: 'quiet', onclick: () => this.#all() }, 'all topics'));
  /** @type {Map<string, HTMLInputElement>} */ #known = new Map();
  /** @type {Set<string>} */ #chosen = new Set();

  /** @type {(wanted: Wanted) => void} */ onchange = () => {};

  constructor() {
    this.element = el('div', { class: 'filters', role: 'group', 'aria-label': 'Filter' }, this.#level, this.#stream, this.#topics.element);
    this.#topics.element.hidden = true;
  }

  /** @param {Wanted} wanted */
  set({ level, stream, topics }) {
    this.#level.value = level;
    this.#stream.value = stream;
    this.#mark(this.#level);
    this.#mark(this.#stream);
    this.#chosen = new Set(topics);
    for (const topic of topics) this.offer(topic);
    for (const [topic, box] of this.#known) box.checked = this.#chosen.has(topic);
    this.#tell();
  }

  /** Makes a topic one of the choices. @param {string} topic */
  offer(topic) {
    if (this.#known.has(topic)) return;
    const box = el('input', { type: 'checkbox', checked: this.#chosen.has(topic), onchange: () => {
      if (box.checked) this.#chosen.add(topic);
      else this.#chosen.delete(topic);
      this.#say();
    } });
    const after = [...this.#known.keys()].filter((other) => other > topic).sort()[0];
    this.#boxes.insertBefore(el('label', {}, box, el('span', {}, topic)), this.#known.get(after)?.parentElement ?? null);
    this.#known.set(topic, box);
    this.#topics.element.hidden = this.#known.size < 2;
    this.#tell();
  }

  /** Forgets all topics: another log begins. */
  clear() {
    this.#known.clear();
    this.#boxes.replaceChildren();
    this.#topics.element.hidden = true;
    this.#topics.open = false;
  }

  #all() {
    for (const box of this.#known.values()) box.checked = false;
    this.#chosen.clear();
    this.#say();
  }

  #say() {
    this.#mark(this.#level);
    this.#mark(this.#stream);
    this.#tell();
    this.onchange({ level: this.#level.value, stream: this.#stream.value, topics: [...this.#chosen] });
  }

  /** What takes rows away is seen to do so. @param {HTMLSelectElement} select */
  #mark(select) {
    select.classList.toggle('active', select.value !== '');
  }

  #tell() {
    const { size } = this.#chosen;
    this.#count.textContent = size ? `${size} of ${this.#known.size} topics` : `${this.#known.size} topics`;
    this.#topics.element.classList.toggle('active', size > 0);
  }
}
