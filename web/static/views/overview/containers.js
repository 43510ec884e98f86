// The containers in short: how each stands and what it uses now. Each leads to
// its log.

import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { bytes, counted } from '../../lib/format.js';
import { keyed } from '../../ui/keyed.js';
import { whileSeen } from '../containers/seen.js';
import { imageOf, standing } from '../containers/words.js';
import { command, links } from './empty.js';

/** @typedef {import('../containers/words.js').Container} Container */
/** @typedef {{link: HTMLAnchorElement, image: HTMLElement, badge: HTMLElement, state: HTMLElement, cpu: HTMLElement, memory: HTMLElement}} Row */

const SHOWN = 12; // rows; the containers' own view has them all
const SIGNS = { good: '●', warn: '–', bad: '✗', '': '○' };

class HubOverviewContainers extends HTMLElement {
  /** @type {Map<string, Row>} */ #rows = new Map();
  /** @type {Map<string, any>} what each uses, by name */ #stats = new Map();
  /** @type {() => void} */ #end = () => {};
  #frame = 0;
  #root = '';

  #count = el('span', { class: 'soft nums' });
  #body = el('tbody');
  #table = el('table', { class: 'table', 'aria-label': 'Containers', hidden: true },
    el('thead', {}, el('tr', {}, el('th', {}, 'Container'), el('th', { class: 'image' }, 'Image'), el('th', {}, 'State'), el('th', { class: 'num' }, 'CPU'), el('th', { class: 'num' }, 'Memory'))), this.#body);
  #more = el('p', { class: 'soft', hidden: true });
  #empty = el('div', { class: 'empty', hidden: true });

  /** @param {import('../../app.js').App} app */
  start(app) {
    this.#root = app.root;
    this.replaceChildren(
      el('div', { class: 'bar' }, el('h2', {}, 'Containers'), this.#count, el('span', { class: 'grow' }),
        el('a', { href: `${app.root}ui/containers` }, 'All containers'), command(request(app.base, 'GET', 'docker/containers?all=true'), 'as curl')),
      this.#table, this.#more, this.#empty);
    this.#empty.replaceChildren(
      el('p', {}, 'No container is there. Run one, here or in a terminal:'),
      command(request(app.base, 'POST', 'docker/run', { image: 'nginx:alpine', name: 'web', ports: { '80/tcp': 8080 } })),
      links(app, [['ui/containers?run=', 'Run a container'], ['ui/images?build=1', 'Build an image']]));
    this.#end = whileSeen(() => {
      const figures = app.follow('containers/*/stats', { onEvent: ({ data }) => this.#measure(data) });
      return () => {
        figures.close();
        this.#stats.clear(); // they would be old when somebody looks again
      };
    });
  }

  stop() {
    this.#end();
    cancelAnimationFrame(this.#frame);
  }

  /** @param {Container[]} containers @param {boolean} guided whether something else says how to begin */
  show(containers, guided) {
    const rank = (/** @type {Container} */ { status }) => ['running', 'restarting', 'paused'].indexOf(status) + 1 || 9;
    const shown = [...containers].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true })).slice(0, SHOWN);
    const running = containers.filter(({ status }) => status === 'running').length;
    say(this.#count, containers.length ? `${running} of ${containers.length} running` : '');
    keyed(this.#body, shown, ({ name }) => name, ({ name }) => this.#row(name), (_, container) => this.#update(container));
    const names = new Set(shown.map(({ name }) => name));
    for (const name of this.#rows.keys()) if (!names.has(name)) this.#rows.delete(name);
    this.#paint();
    this.#table.hidden = !shown.length;
    this.#empty.hidden = shown.length > 0 || guided;
    this.#more.hidden = containers.length <= SHOWN;
    say(this.#more, `and ${counted(containers.length - SHOWN, 'container')} more`);
    this.hidden = guided && !containers.length;
  }

  /** @param {string} name */
  #row(name) {
    const row = {
      link: el('a', { class: 'mono', href: `${this.#root}ui/containers/${encodeURIComponent(name)}/log`, title: `The log of ${name}` }, name),
      image: el('td', { class: 'image mono soft' }), badge: el('span', { class: 'badge' }), state: el('span', { class: 'state soft' }),
      cpu: el('td', { class: 'num' }), memory: el('td', { class: 'num' }),
    };
    this.#rows.set(name, row);
    return el('tr', {}, el('td', { class: 'name' }, row.link), row.image, el('td', {}, row.badge, ' ', row.state), row.cpu, row.memory);
  }

  /** @param {Container} container */
  #update(container) {
    const row = this.#rows.get(container.name);
    if (!row) return;
    const tone = standing(container.status);
    say(row.image, imageOf(container));
    row.badge.dataset.tone = tone;
    say(row.badge, `${SIGNS[tone]} ${container.status}`);
    say(row.state, container.state ?? '');
  }

  /** @param {any} data of a stats event */
  #measure(data) {
    if (data?.running && data.memory) this.#stats.set(data.name, data);
    else this.#stats.delete(data?.name);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint() {
    for (const [name, { cpu, memory }] of this.#rows) {
      const stats = this.#stats.get(name);
      say(cpu, stats ? `${stats.cpu_percent.toFixed(1)} %` : '');
      say(memory, stats ? bytes(stats.memory.used) : '');
      memory.title = stats ? `${stats.memory.percent.toFixed(1)} % of ${bytes(stats.memory.limit)}` : '';
    }
  }
}

customElements.define('hub-overview-containers', HubOverviewContainers);
export { HubOverviewContainers };
