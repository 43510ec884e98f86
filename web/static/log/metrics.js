// How large what a log shows is: what is seen of it, its letters and lines, and
// about how high a wrapped row is that nobody has looked at.

import { el } from '../lib/dom.js';

const SAMPLE = 200; // rows that tell how high one usually is
const LONGEST = 2_000; // characters of a line that are shown

export class Metrics {
  width = 0;
  height = 0;
  line = 20;
  #letter = 7.5;
  #sampled = 0; // rows there were when they were last asked
  element = el('span', { class: 'probe', 'aria-hidden': 'true' }, 'x'.repeat(100));

  /** Looks again. @param {Element} pane @returns {{lines: boolean, width: boolean}} what is another now */
  take(pane) {
    const { clientWidth, clientHeight } = pane;
    const probe = this.element.getBoundingClientRect();
    const line = probe.height || this.line;
    const other = { lines: line !== this.line, width: clientWidth !== this.width };
    Object.assign(this, { width: clientWidth, height: clientHeight, line });
    if (probe.width) this.#letter = probe.width / 100;
    return other;
  }

  /** Rows are to be asked anew. */
  forget() {
    this.#sampled = 0;
  }

  /**
   * Lets a layout know about how high wrapped rows are.
   * @param {import('./layout.js').Layout} layout @param {(i: number) => number} size characters of a row @param {number} width px of the text
   */
  sample(layout, size, width) {
    const { length } = layout;
    if (!length || length < 2 * this.#sampled) return;
    this.#sampled = length;
    const columns = Math.max(1, Math.floor((width || this.width) / this.#letter));
    const guess = (/** @type {number} */ i) => this.line * Math.max(1, Math.ceil(Math.min(LONGEST, size(i)) / columns));
    const steps = Math.min(SAMPLE, length);
    let sum = 0;
    for (let k = 0; k < steps; k++) sum += guess(Math.floor((k * length) / steps));
    layout.usually(sum / steps, guess);
  }
}
