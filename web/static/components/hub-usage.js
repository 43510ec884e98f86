// The host's figures as one small line: CPU with its last minute, and memory.

import { base } from '../lib/base.js';
import { bytes } from '../lib/format.js';
import { el, say } from '../lib/dom.js';

const SPAN = 60; // figures in the curve, one a second
const HEIGHT = 14; // px

class HubUsage extends HTMLElement {
  #cpu = el('b');
  #memory = el('b');
  #curve = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');

  connectedCallback() {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', `0 0 ${SPAN} ${HEIGHT}`);
    svg.setAttribute('aria-hidden', 'true');
    svg.append(this.#curve);
    this.replaceChildren(el('a', { href: new URL('ui/system', base).pathname, title: 'The host, in the view System' },
      el('span', {}, 'CPU ', this.#cpu), svg, el('span', { class: 'memory' }, 'memory ', this.#memory)));
  }

  /** @param {import('../host.js').Sample[]} samples */
  show(samples) {
    if (document.hidden) return;
    const { cpu_percent: cpu, memory } = samples[samples.length - 1];
    if (typeof cpu !== 'number' || typeof memory?.total !== 'number') return;
    this.hidden = false;
    say(this.#cpu, `${Math.round(cpu)} %`);
    say(this.#memory, `${bytes(memory.used)} of ${bytes(memory.total)}`);
    const figures = samples.slice(-SPAN).map(({ cpu_percent: each }) => Number(each) || 0);
    const start = SPAN - figures.length;
    const points = figures.map((figure, i) =>
      `${start + i},${(HEIGHT - 1 - Math.min(figure, 100) / 100 * (HEIGHT - 2)).toFixed(1)}`);
    this.#curve.setAttribute('points', points.join(' '));
  }
}

customElements.define('hub-usage', HubUsage);
export { HubUsage };
