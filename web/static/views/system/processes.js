// The busiest processes of the machine, by CPU or by memory.

import { get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { bytes } from '../../lib/format.js';
import { plain } from '../../lib/plain.js';
import { keyed } from '../../ui/keyed.js';
import { command } from '../overview/empty.js';
import { poll } from './poll.js';

const EVERY = 3_000; // ms
const LIMIT = 12;
const LONGEST = 400; // characters of a command line that are shown at most

/** @typedef {{pid: number, name: string, username: string, cpu_percent: number, memory_percent: number, rss: number, cmdline: string[]}} Process */

class HubProcesses extends HTMLElement {
  #sort = 'cpu';
  #trouble = el('div');
  #body = el('tbody');
  #curl = command('', 'as curl');
  /** @type {Record<string, HTMLButtonElement>} */ #buttons = {};
  /** @type {Record<string, HTMLElement>} */ #heads = {};
  #base = '';
  /** @type {ReturnType<typeof poll> | undefined} */ #poll;

  /** @param {import('../../app.js').App} app @param {(sort: string) => void} ask for another order */
  start(app, ask) {
    this.#base = app.base;
    const head = (/** @type {string} */ sort, /** @type {string} */ label) => {
      const button = el('button', { type: 'button', class: 'sort', onclick: () => ask(sort) }, label);
      this.#buttons[sort] = button;
      return (this.#heads[sort] = el('th', { class: 'num' }, button));
    };
    this.replaceChildren(
      el('div', { class: 'bar' }, el('h2', {}, 'Top processes'), el('span', { class: 'grow' }), this.#curl),
      this.#trouble,
      el('div', { class: 'scrolls' }, el('table', { class: 'table processes', 'aria-label': 'Top processes' },
        el('thead', {}, el('tr', {}, el('th', { class: 'num' }, 'PID'), el('th', {}, 'Process'), el('th', {}, 'User'), head('cpu', 'CPU'), head('memory', 'Memory'), el('th', { class: 'cmd' }, 'Command'))),
        this.#body)));
    this.#poll = poll(this, EVERY, (signal) => this.#ask(signal), this.#trouble);
  }

  stop() {
    this.#poll?.end();
  }

  /** @param {string} sort cpu or memory */
  by(sort) {
    const changed = sort !== this.#sort;
    this.#sort = sort;
    for (const [each, head] of Object.entries(this.#heads)) {
      if (each === sort) head.setAttribute('aria-sort', 'descending');
      else head.removeAttribute('aria-sort');
    }
    this.#curl.command = request(this.#base, 'GET', `system/top?sort=${sort}&limit=${LIMIT}`);
    if (changed) this.#poll?.now();
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    const list = await get('system/top', { sort: this.#sort, limit: LIMIT }, { signal });
    keyed(this.#body, list, ({ pid }) => `${pid}`, make, update);
  }
}

const make = () => el('tr', {}, el('td', { class: 'num' }), el('td', { class: 'mono' }), el('td', {}), el('td', { class: 'num' }), el('td', { class: 'num' }), el('td', { class: 'cmd mono soft' }));

/** @param {HTMLTableRowElement} row @param {Process} process */
function update(row, process) {
  const line = plain(process.cmdline.join(' ')).replaceAll('\n', ' ');
  const cut = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  const texts = [`${process.pid}`, plain(process.name), process.username, `${process.cpu_percent.toFixed(1)} %`, bytes(process.rss), cut || '(a part of the kernel)'];
  texts.forEach((text, i) => say(row.cells[i], text));
  row.cells[4].title = `${process.memory_percent.toFixed(1)} % of the machine’s memory`;
  row.cells[5].title = cut;
}

customElements.define('hub-processes', HubProcesses);
export { HubProcesses };
