// The images view: what the engine has, what is on its way there, and forms
// that pull, build, tag, push and clean up. The address has all of it.

import { get } from '../lib/api.js';
import { request } from '../lib/commands.js';
import { el, say } from '../lib/dom.js';
import { counted } from '../lib/format.js';
import '../components/hub-copy.js';
import { keyed } from '../ui/keyed.js';
import { problem } from '../ui/problem.js';
import { FORMS } from './images/forms.js';
import { Refresh } from './images/refresh.js';
import { Row } from './images/row.js';
import { Transfers } from './images/transfers.js';
import { chosen, entriesOf } from './images/words.js';

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../lib/route.js').Route} Route */

/** @type {[string, string, string][]} form, the word of its button, what it does */
const BUTTONS = [['pull', 'Pull', 'pull an image'], ['build', 'Build', 'build an image'], ['login', 'Log in', 'log in to a registry'], ['prune', 'Prune', 'remove what nobody uses']];

class HubImages extends HTMLElement {
  /** @type {App} */ #app = /** @type {any} */ (undefined);
  #query = new URLSearchParams();
  /** @type {import('./images/words.js').Image[] | undefined} */ #images;
  /** @type {import('./images/words.js').User[]} */ #containers = [];
  /** @type {Map<string, Row>} */ #rows = new Map();
  /** @type {Refresh | undefined} */ #refresh;
  /** @type {Transfers | undefined} */ #transfers;
  /** @type {(() => void)[]} */ #ends = [];
  #form = '';

  #count = el('span', { class: 'soft nums' });
  #filter = el('input', { type: 'search', placeholder: 'name, id, container …', 'aria-label': 'Filter images', size: 24, oninput: () => this.#ask('filter', this.#filter.value) });
  #buttons = BUTTONS.map(([name, word]) => el('a', { class: 'button', 'data-form': name }, word));
  #curl = /** @type {import('../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
  #panel = el('section', { class: 'panel', hidden: true });
  #trouble = el('div', { class: 'trouble' });
  #body = el('tbody');
  #table = el('table', { class: 'table', hidden: true }, el('thead', {}, el('tr', {}, el('th', {}, 'Image'), el('th', { class: 'num' }, 'Size'), el('th', {}, 'Created'), el('th', {}, 'Used by'), el('th', {}, el('span', { class: 'unseen' }, 'Actions')))), this.#body);
  #empty = el('div', { class: 'empty', hidden: true });

  /** @param {App} app @param {Route} route */
  show(app, route) {
    this.#app = app;
    this.#query = route.query;
    if (!this.#refresh) this.#start();
    const filter = route.query.get('filter') ?? '';
    if (this.#filter.value !== filter) this.#filter.value = filter;
    for (const button of this.#buttons) {
      const name = button.dataset.form ?? '';
      const open = route.query.has(name);
      button.href = this.#href(open ? {} : { [name]: '1' });
      if (open) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
    this.#openForm();
    this.#paint();
  }

  leave() {
    this.#refresh?.close();
    this.#transfers?.leave();
    for (const end of this.#ends) end();
  }

  #start() {
    const app = this.#app;
    this.#transfers = new Transfers(app, (registry) => this.#href({ login: registry || '1' }));
    this.replaceChildren(el('div', { class: 'page' },
      el('header', {}, el('h1', {}, 'Images'), this.#count, el('span', { class: 'grow' }), this.#filter, ...this.#buttons, this.#curl),
      this.#panel, this.#transfers.element, this.#trouble, this.#table, this.#empty));
    this.#curl.command = request(app.base, 'GET', 'docker/images');
    app.title('images');
    this.#refresh = new Refresh(app, () => this.#read());
    this.#ends.push(app.keys.add('Images', '/', 'filter the list', () => this.#filter.focus()),
      ...BUTTONS.slice(0, 2).map(([name, , label]) => app.keys.add('Images', name[0], label, () => app.go(this.#href({ [name]: '1' })))));
  }

  async #read() {
    try {
      [this.#images, this.#containers] = await Promise.all([get('docker/images'), get('docker/containers', { all: true })]);
      this.#trouble.replaceChildren();
      return true;
    } catch (error) {
      this.#trouble.replaceChildren(problem(error, () => this.#refresh?.soon(0)));
      return false;
    } finally {
      this.#paint();
    }
  }

  #paint() {
    const images = this.#images;
    if (!images) return;
    const all = entriesOf(images, this.#containers);
    const shown = chosen(all, this.#filter.value);
    say(this.#count, shown.length < all.length ? `${shown.length} of ${all.length}` : images.length ? counted(images.length, 'image') : '');
    const keys = new Set(shown.map(({ key }) => key));
    for (const key of this.#rows.keys()) if (!keys.has(key)) this.#rows.delete(key);
    keyed(this.#body, shown, ({ key }) => key, (entry) => {
      const row = new Row(this.#app, entry, (form, name) => this.#href({ [form]: name }), () => this.#refresh?.soon(0));
      this.#rows.set(entry.key, row);
      return row.element;
    }, (_, entry) => this.#rows.get(entry.key)?.update(entry, this.#app.now()));
    this.#table.hidden = !shown.length;
    this.#empty.hidden = shown.length > 0;
    if (!shown.length) this.#teach(all.length);
  }

  /** @param {number} all how many there are, shown or not */
  #teach(all) {
    if (this.#empty.dataset.all === `${all}`) return;
    this.#empty.dataset.all = `${all}`;
    if (all) return this.#empty.replaceChildren(el('h2', {}, `None of ${counted(all, 'image')} fits`), el('p', {}, el('a', { href: this.#href({}, '') }, 'Show all')));
    const copy = /** @type {import('../components/hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
    copy.command = request(this.#app.base, 'POST', 'docker/build/start', { dockerfile_content: 'FROM scratch\nCOPY Dockerfile /\n', tag: 'hello:latest' });
    return this.#empty.replaceChildren(el('h2', {}, 'No images yet'),
      el('p', {}, 'Build one from a Dockerfile: the form has an example that needs no network. Or pull one from a registry.'),
      el('p', { class: 'bar' }, el('a', { class: 'button primary', href: this.#href({ build: '1' }) }, 'Build an image'), el('a', { class: 'button', href: this.#href({ pull: '1' }) }, 'Pull an image')),
      el('p', {}, 'The same in a terminal:'), copy);
  }

  /** Puts the form that the address asks for into the panel. */
  #openForm() {
    const name = Object.keys(FORMS).find((each) => this.#query.has(each)) ?? '';
    const value = this.#query.get(name) || '1';
    const key = name && `${name} ${value}`;
    if (key === this.#form) return;
    const first = this.#form === '' && !this.#images; // it came with the address: nobody asked for the focus
    this.#form = key;
    this.#panel.hidden = !name;
    if (!name) return this.#panel.replaceChildren();
    const title = FORMS[name].title(value);
    const close = () => this.#app.replace(this.#href({}));
    const box = FORMS[name].make({ app: this.#app, close, changed: () => this.#refresh?.soon(0), follow: (id, type, image) => this.#transfers?.add(id, type, image) }, value);
    this.#panel.replaceChildren(el('header', {}, el('h2', {}, title), el('button', { type: 'button', class: 'quiet', 'aria-label': 'Close the form', onclick: close }, '×')), box);
    if (!first) /** @type {HTMLElement | null} */ (this.#panel.querySelector('input, select, textarea'))?.focus();
  }

  /** @param {string} name @param {string} value */
  #ask(name, value) {
    const query = new URLSearchParams(this.#query);
    if (value) query.set(name, value);
    else query.delete(name);
    this.#app.replace(`${this.#app.root}ui/images${query.size ? `?${query}` : ''}`);
  }

  /** This view with another form, or none. @param {Record<string, string>} form @param {string} [filter] */
  #href(form, filter = this.#query.get('filter') ?? '') {
    const query = new URLSearchParams({ ...(filter && { filter }), ...form });
    return `${this.#app.root}ui/images${query.size ? `?${query}` : ''}`;
  }
}

customElements.define('hub-images', HubImages);
export { HubImages };
