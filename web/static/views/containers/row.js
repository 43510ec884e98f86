// A container as a row of the list.

import { el, say } from '../../lib/dom.js';
import { bytes } from '../../lib/format.js';
import { keyed } from '../../ui/keyed.js';
import { acts } from './acts.js';
import { imageOf, portsOf, standing } from './words.js';

/** @typedef {import('./words.js').Container} Container */

export class Row {
  #container;
  #acts;
  #check = el('input', { type: 'checkbox' });
  #name = el('a', { class: 'name' });
  #image = el('span', { class: 'image mono' });
  #state = el('span', { class: 'badge' });
  #how = el('span', { class: 'soft' });
  #ports = el('span', { class: 'ports mono' });
  #cpu = el('td', { class: 'num', role: 'cell', 'data-label': 'CPU' });
  #memory = el('td', { class: 'num', role: 'cell', 'data-label': 'memory' });

  /**
   * @param {Container} container
   * @param {import('../../app.js').App} app
   * @param {{changed: () => void, checked: () => void}} on after an action; after a choice
   */
  constructor(container, app, on) {
    this.#container = container;
    this.#acts = acts(() => this.#container, on.changed);
    this.#check.addEventListener('change', on.checked);
    this.#check.setAttribute('aria-label', `Choose ${container.name}`);
    this.#name.href = `${app.root}ui/containers/${encodeURIComponent(container.name)}/log`;
    const cell = (/** @type {string} */ name, /** @type {(Node | string)[]} */ ...content) => el('td', { class: name, role: 'cell' }, ...content);
    this.element = el('tr', { role: 'row' },
      cell('check', this.#check), cell('what', this.#name, this.#image), cell('state', this.#state, ' ', this.#how),
      cell('where', this.#ports), this.#cpu, this.#memory,
      cell('actions', this.#acts.turns, ' ', this.#acts.restarts, ' ', this.#acts.removes));
  }

  get name() {
    return this.#container.name;
  }

  get checked() {
    return this.#check.checked;
  }

  set checked(checked) {
    this.#check.checked = checked;
  }

  focus() {
    this.#name.focus();
  }

  /** @param {Container} container */
  update(container) {
    this.#container = container;
    say(this.#name, container.name);
    say(this.#image, imageOf(container));
    this.#image.title = container.image.join(', ') || container.image_id;
    say(this.#state, container.status);
    this.#state.dataset.tone = standing(container.status);
    say(this.#how, container.state ?? '');
    keyed(this.#ports, portsOf(container.ports, location.hostname), ({ text }) => text, portElement);
    this.#acts.update();
  }

  /** What it uses now; nothing while it does not run. @param {Record<string, any>} [stats] */
  measure(stats) {
    say(this.#cpu, stats ? `${stats.cpu_percent.toFixed(1)} %` : '');
    say(this.#memory, stats ? bytes(stats.memory.used) : '');
    this.#memory.title = stats ? `${stats.memory.percent.toFixed(1)} % of ${bytes(stats.memory.limit)}` : '';
  }
}

/** @param {import('./words.js').Port} port @returns {HTMLElement} */
export function portElement({ text, href, title }) {
  return href ? el('a', { href, title, target: '_blank', rel: 'noopener noreferrer' }, text) : el('span', { title }, text);
}
