// A button that unfolds what it holds. A click elsewhere, Escape, or the focus
// going elsewhere fold it up again.

import { el } from '../lib/dom.js';

export class Menu {
  #button;
  #sheet; // takes the focus of a press on its ground, which would go elsewhere
  #elsewhere = (/** @type {Event} */ event) => {
    if (!(event.target instanceof Node && this.element.contains(event.target))) this.open = false;
  };

  /** @type {() => void} it is about to be seen */
  onopen = () => {};

  /**
   * @param {Node | string} label
   * @param {string} title
   * @param {(Node | string)[]} content
   */
  constructor(label, title, ...content) {
    this.#button = el('button', { type: 'button', title, 'aria-label': title, 'aria-expanded': 'false', onclick: () => { this.open = !this.open; } }, label);
    this.#sheet = el('div', { class: 'sheet', tabindex: '-1', hidden: true }, ...content);
    this.element = el('div', { class: 'menu', onkeydown: (event) => this.#key(event) }, this.#button, this.#sheet);
  }

  get open() {
    return !this.#sheet.hidden;
  }

  set open(open) {
    if (open === this.open) return;
    if (open) this.onopen();
    this.#sheet.hidden = !open;
    this.#button.setAttribute('aria-expanded', `${open}`);
    const change = open ? document.addEventListener : document.removeEventListener;
    change.call(document, 'pointerdown', this.#elsewhere);
    change.call(document, 'focusin', this.#elsewhere);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Escape' || !this.open) return;
    event.preventDefault();
    event.stopPropagation();
    this.open = false;
    this.#button.focus();
  }
}
