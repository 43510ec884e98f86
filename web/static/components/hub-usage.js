// The host's figures as one small line: CPU with its last minute, and memory.

import { bytes } from '../lib/format.js';
import { el, say } from '../lib/dom.js';

const SPAN = 60; // figures in the curve, one a second
const HEIGHT = 14; // px

class HubUsage extends HTMLElement {
  #cpu = el('b');
  #memory = el('b');
  #curve = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  /** @type {number[]} */ #figures = [];

  connectedCallback() {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', `0 0 ${SPAN} ${HEIGHT}`);
    svg.setAttribute('aria-hidden', 'true');
    svg.append(this.#curve);
    this.replaceChildren(
      el('span', {}, 'CPU ', this.#cpu), svg, el('span', { class: 'memory' }, 'memory ', this.#memory));
    this.hidden = !this.#figures.length;
  }

  /** @param {{cpu_percent?: number, memory?: {used: number, total: number}}} data */
  show({ cpu_percent: cpu, memory }) {
    if (typeof cpu !== 'number' || typeof memory?.total !== 'number') return;
    this.hidden = false;
    say(this.#cpu, `${Math.round(cpu)} %`);
    say(this.#memory, `${bytes(memory.used)} of ${bytes(memory.total)}`);
    this.#figures = [...this.#figures, cpu].slice(-SPAN);
    const start = SPAN - this.#figures.length;
    const points = this.#figures.map((figure, i) =>
      `${start + i},${(HEIGHT - 1 - Math.min(figure, 100) / 100 * (HEIGHT - 2)).toFixed(1)}`);
    this.#curve.setAttribute('points', points.join(' '));
  }
}

customElements.define('hub-usage', HubUsage);
export { HubUsage };
