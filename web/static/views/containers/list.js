// All containers: found by text and state, watched live, acted on, several of
// them read as one log.

import { get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { counted } from '../../lib/format.js';
import { logHref } from '../../lib/route.js';
import { keyed } from '../../ui/keyed.js';
import { problem } from '../../ui/problem.js';
import { emptyList } from './empty.js';
import { Row } from './row.js';
import './run.js';
import { whileSeen } from './seen.js';
import { twice } from './twice.js';
import { Watch } from './watch.js';
import { chosen, sorted } from './words.js';

/** @typedef {import('./words.js').Container} Container */

const ORDERS = /** @type {[string, string][]} */ ([['name', 'by name'], ['created', 'newest first'], ['cpu', 'most CPU first'], ['memory', 'most memory first']]);
const SHIFTS = 3_000; // ms between two orders by what is used

class HubContainerList extends HTMLElement {
  /** @type {import('../../app.js').App} */ #app = /** @type {any} */ (undefined);
  #query = new URLSearchParams();
  /** @type {Container[] | undefined} */ #containers;
  /** @type {Map<string, Row>} */ #rows = new Map();
  /** @type {Map<string, Record<string, any>>} what each uses, by name */ #stats = new Map();
  /** @type {(() => void)[]} */ #ends = [];
  /** @type {Watch | undefined} */ #watch;
  #frame = 0;
  #ordered = 0;
  #acted = -1; // the place of the row that was last acted on

  #count = el('span', { class: 'soft nums' });
  #text = el('input', { type: 'search', placeholder: 'name, image, port …', 'aria-label': 'Filter containers', size: 22 });
  #state = el('select', { 'aria-label': 'State' }, ...[['', 'any state'], ['running', 'running'], ['stopped', 'stopped'], ['other', 'paused, restarting']].map(([value, label]) => el('option', { value }, label)));
  #order = el('select', { 'aria-label': 'Order' }, ...ORDERS.map(([value, label]) => el('option', { value }, label)));
  #new = el('a', { class: 'button primary' }, 'Run a container');
  #curl = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
  #run = /** @type {import('./run.js').HubContainerRun} */ (el('hub-container-run', { hidden: true }));
  #merged = el('a', { class: 'button' });
  #several = el('p', { class: 'several bar', hidden: true }, this.#merged, el('button', { type: 'button', onclick: () => this.#choose(false) }, 'Choose none'));
  #trouble = el('div');
  #all = el('input', { type: 'checkbox', 'aria-label': 'Choose all shown', onchange: () => this.#choose(this.#all.checked) });
  #body = el('tbody', { role: 'rowgroup' });
  #table = el('table', { class: 'table', role: 'table', 'aria-label': 'Containers', hidden: true },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...[this.#all, 'Container', 'State', 'Ports', 'CPU', 'Memory', ''].map((title, i) =>
      el('th', { role: 'columnheader', class: i === 4 || i === 5 ? 'num' : false }, title || el('span', { class: 'unseen' }, 'Actions'))))), this.#body);
  #empty = el('div', { class: 'empty', hidden: true });

  connectedCallback() {
    this.className = 'page';
    this.replaceChildren(
      el('header', {}, el('h1', {}, 'Containers'), this.#count, el('span', { class: 'grow' }), this.#new),
      this.#run,
      el('div', { class: 'bar', role: 'search' }, this.#text, this.#state, this.#order, el('span', { class: 'grow' }), this.#curl),
      this.#trouble, this.#several, this.#table, this.#empty);
    this.#text.oninput = () => this.#ask('filter', this.#text.value.trim());
    this.#state.onchange = () => this.#ask('state', this.#state.value);
    this.#order.onchange = () => this.#ask('sort', this.#order.value === 'name' ? '' : this.#order.value);
  }

  /** @param {import('../../app.js').App} app @param {import('../../lib/route.js').Route} route */
  show(app, { query }) {
    this.#app = app;
    this.#query = query;
    if (this.#text.value.trim() !== (query.get('filter') ?? '')) this.#text.value = query.get('filter') ?? '';
    this.#state.value = query.get('state') ?? '';
    this.#order.value = query.get('sort') ?? 'name';
    this.#new.href = this.#href('run', query.has('run') ? null : '');
    say(this.#new, query.has('run') ? 'Close the form' : 'Run a container');
    this.#new.classList.toggle('primary', !query.has('run'));
    this.#run.show(app, query.get('run'), () => this.#watch?.soon());
    this.#curl.command = request(app.base, 'GET', 'docker/containers?all=true');
    if (this.#watch) return this.#paint();
    app.title('containers');
    this.#watch = new Watch(app, () => this.#read());
    this.#ends.push(
      whileSeen(() => {
        const figures = app.follow('containers/*/stats', { onEvent: ({ data }) => this.#measure(data) });
        return () => figures.close();
      }),
      app.keys.add('Containers', '/', 'filter the list', () => this.#text.focus()),
      app.keys.add('Containers', 'c', 'run a container', () => app.go(this.#href('run', ''))),
      app.keys.add('Containers', 'j', 'next container', () => this.#step(1)),
      app.keys.add('Containers', 'k', 'previous container', () => this.#step(-1)));
  }

  leave() {
    this.#watch?.close();
    for (const end of this.#ends) end();
    this.#run.leave();
    cancelAnimationFrame(this.#frame);
  }

  async #read() {
    try {
      this.#containers = await twice(() => get('docker/containers', { all: true }));
      this.#trouble.replaceChildren();
    } catch (error) {
      this.#trouble.replaceChildren(problem(error, () => this.#watch?.soon(0)));
    }
    const running = new Set(this.#containers?.filter(({ status }) => status === 'running').map(({ name }) => name));
    for (const name of this.#stats.keys()) if (!running.has(name)) this.#stats.delete(name);
    this.#paint();
    return !this.#trouble.firstChild;
  }

  /** @param {any} data of a stats event */
  #measure(data) {
    if (data?.running && data.memory) this.#stats.set(data.name, data);
    else this.#stats.delete(data?.name);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      for (const [name, row] of this.#rows) row.measure(this.#stats.get(name));
      const used = ['cpu', 'memory'].includes(this.#order.value);
      // Rows that are about to be clicked stay where they are.
      if (used && Date.now() - this.#ordered > SHIFTS && !this.#body.matches(':hover, :focus-within')) this.#paint();
    });
  }

  #paint() {
    const all = this.#containers;
    if (!all) return;
    this.#ordered = Date.now();
    const use = (/** @type {Container} */ { name }) => ({ cpu: this.#stats.get(name)?.cpu_percent, memory: this.#stats.get(name)?.memory.used });
    const shown = sorted(chosen(all, { text: this.#text.value, state: this.#state.value }), this.#order.value, use);
    const running = all.filter(({ status }) => status === 'running').length;
    say(this.#count, shown.length < all.length ? `${shown.length} of ${all.length}` : all.length ? `${counted(all.length, 'container')}, ${running} running` : '');
    const names = new Set(shown.map(({ name }) => name));
    for (const name of this.#rows.keys()) if (!names.has(name)) this.#rows.delete(name);
    keyed(this.#body, shown, ({ name }) => name, (container) => this.#row(container), (_, container) => this.#rows.get(container.name)?.update(container));
    for (const [name, row] of this.#rows) row.measure(this.#stats.get(name));
    this.#table.hidden = !shown.length;
    this.#empty.hidden = shown.length > 0 || this.querySelector('.problem') !== null;
    if (!this.#empty.hidden) this.#teach(all.length);
    this.#tellChoice();
    this.#keepFocus();
  }

  /** Where the row with the focus has been removed, the one in its place has it. */
  #keepFocus() {
    const place = this.#acted;
    this.#acted = -1;
    if (place < 0 || document.activeElement !== document.body) return;
    const rows = this.#inOrder();
    rows[Math.min(place, rows.length - 1)]?.focus();
  }

  /** The rows as they stand. */
  #inOrder() {
    const rows = new Map([...this.#rows.values()].map((row) => [/** @type {Element} */ (row.element), row]));
    return [...this.#body.children].flatMap((element) => rows.get(element) ?? []);
  }

  /** @param {Container} container */
  #row(container) {
    const row = new Row(container, this.#app, {
      changed: () => {
        this.#acted = [...this.#body.children].indexOf(row.element);
        this.#watch?.soon(0);
      },
      checked: () => this.#tellChoice(),
    });
    this.#rows.set(container.name, row);
    return row.element;
  }

  /** @param {number} all how many there are, shown or not */
  #teach(all) {
    if (!all) return emptyList(this.#empty, this.#app);
    this.#empty.replaceChildren(el('h2', {}, `None of ${counted(all, 'container')} fits`),
      el('p', {}, el('a', { href: this.#app.root + 'ui/containers' }, 'Show all')));
  }

  /** @param {boolean} checked */
  #choose(checked) {
    for (const row of this.#rows.values()) row.checked = checked;
    this.#tellChoice();
  }

  #tellChoice() {
    const names = [...this.#rows.values()].filter((row) => row.checked).map(({ name }) => name);
    this.#all.checked = names.length > 0 && names.length === this.#rows.size;
    this.#all.indeterminate = names.length > 0 && names.length < this.#rows.size;
    this.#several.hidden = !names.length;
    this.#merged.href = logHref(names.map((name) => `containers/${name}/logs`), this.#app.root);
    say(this.#merged, names.length === 1 ? `Log of ${names[0]}` : `One log of these ${names.length}, in order of time`);
  }

  /** Puts the focus on another container's name. @param {1 | -1} by */
  #step(by) {
    const rows = this.#inOrder();
    const at = rows.findIndex(({ element }) => element.contains(document.activeElement));
    rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by]?.focus();
  }

  /** @param {string} name @param {string} value */
  #ask(name, value) {
    this.#app.replace(this.#href(name, value || null));
  }

  /** This address with another value in its query; null: without. @param {string} name @param {string | null} value */
  #href(name, value) {
    const query = new URLSearchParams(this.#query);
    if (value === null) query.delete(name);
    else query.set(name, value);
    return `${this.#app.root}ui/containers${query.size ? `?${query}` : ''}`;
  }
}

customElements.define('hub-container-list', HubContainerList);
export { HubContainerList };
