// One container: how it stands, what can be done with it, and its tabs.

import { ApiError, get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { duration } from '../../lib/format.js';
import { keyed } from '../../ui/keyed.js';
import { problem } from '../../ui/problem.js';
import { acts } from './acts.js';
import { portElement } from './row.js';
import { twice } from './twice.js';
import { Watch } from './watch.js';
import { imageOf, portsOf, standing } from './words.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {import('../../lib/route.js').Route} Route */
/** @typedef {HTMLElement & {show(app: App, name: string, route: Route): void, learn?(known: any): void, leave(): void}} Tab */

/**
 * What stands below the head, each loaded when it is first asked for: `needs` a
 * container that is there; has a part of the address of its `own`.
 * @type {Record<string, {tag: string, load: () => Promise<unknown>, needs?: boolean, own?: boolean}>}
 */
const TABS = {
  log: { tag: 'hub-log-panel', load: () => import('../../log/hub-log-panel.js'), own: true },
  stats: { tag: 'hub-stats', load: () => import('./stats.js') },
  inspect: { tag: 'hub-inspect', load: () => import('./inspect.js'), needs: true },
  files: { tag: 'hub-files', load: () => import('./files.js'), needs: true, own: true },
  console: { tag: 'hub-console', load: () => import('./console.js'), needs: true },
};
const TICK = 5_000; // ms between two looks at how long it has been running

class HubContainer extends HTMLElement {
  /** @type {App} */ #app = /** @type {any} */ (undefined);
  /** @type {Route} */ #route = /** @type {any} */ (undefined);
  #name = '';
  /** @type {any} what the hub knows of it */ #known;
  #gone = false;
  /** @type {Watch | undefined} */ #watch;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #timer;
  /** @type {{name: string, element: Tab} | undefined} */ #tab;
  #wanted = '';

  #back = el('a', { class: 'back', 'aria-label': 'All containers' }, '‹');
  #title = el('h1');
  #state = el('span', { class: 'badge' });
  #how = el('span', { class: 'soft nums' });
  #image = el('a', { class: 'image mono' });
  #ports = el('span', { class: 'ports mono' });
  #acts = acts(() => this.#known ?? { name: this.#name, status: 'gone' }, () => this.#watch?.soon(0));
  #buttons = el('span', { class: 'acts' }, this.#acts.turns, this.#acts.restarts, this.#acts.pauses, this.#acts.kills, this.#acts.removes);
  #curl = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
  #tabs = el('nav', { class: 'tabs', 'aria-label': 'Of this container' });
  #trouble = el('div', { class: 'trouble' });
  #place = el('div', { class: 'place' });

  connectedCallback() {
    this.replaceChildren(
      el('header', {}, this.#back, this.#title, this.#state, this.#how, this.#image, this.#ports, el('span', { class: 'grow' }), this.#buttons, this.#curl),
      this.#tabs, this.#trouble, this.#place);
  }

  /** @param {App} app @param {Route} route */
  show(app, route) {
    this.#app = app;
    this.#route = route;
    const [name] = route.rest;
    if (name !== this.#name) this.#start(name);
    const wanted = TABS[route.rest[1]] ? route.rest[1] : 'log';
    for (const link of this.#tabs.children) {
      if (link.textContent === wanted) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    this.#open(wanted);
  }

  leave() {
    this.#watch?.close();
    this.#watch = undefined;
    clearInterval(this.#timer);
    this.#close();
  }

  /** @param {string} name */
  #start(name) {
    this.leave();
    const root = `${this.#app.root}ui/containers`;
    this.#name = name;
    this.#known = undefined;
    this.#back.href = root;
    say(this.#title, name);
    this.#tabs.replaceChildren(...Object.keys(TABS).map((tab) => el('a', { href: `${root}/${encodeURIComponent(name)}/${tab}` }, tab)));
    this.#curl.command = request(this.#app.base, 'GET', `docker/container/inspect/${encodeURIComponent(name)}`);
    this.#app.title(name);
    this.#watch = new Watch(this.#app, () => this.#read(), (id, of) => of === name || id === this.#known?.id);
    this.#timer = setInterval(() => this.#tick(), TICK);
  }

  async #read() {
    const watch = this.#watch;
    try {
      const known = await twice(() => get(`docker/container/inspect/${encodeURIComponent(this.#name)}`));
      if (watch !== this.#watch) return true; // left, or of another container
      this.#known = known;
      this.#gone = false;
      if (this.#known.name !== this.#name) this.#rename(this.#known.name);
      this.#trouble.replaceChildren();
    } catch (error) {
      if (watch !== this.#watch) return true;
      this.#gone = error instanceof ApiError && error.status === 404;
      if (this.#gone) this.#known = undefined;
      this.#trouble.replaceChildren(this.#gone ? this.#farewell() : problem(error, () => this.#watch?.soon(0)));
    }
    this.#paint();
    if (this.#tab) this.#tab.element.learn?.(this.#known);
    else this.#open(this.#wanted);
    return this.#gone || !this.#trouble.firstChild;
  }

  /** An id leads to the name, under which the log stands; so does an old name. @param {string} name */
  #rename(name) {
    const [, ...rest] = this.#route.rest;
    this.#app.replace(`${this.#app.root}ui/containers/${[name, ...rest].map(encodeURIComponent).join('/')}${location.search}${location.hash}`);
  }

  #farewell() {
    return el('p', { class: 'notice', role: 'status' }, `There is no container ${this.#name} now. `,
      'What it wrote is still in its log, as far as the hub has read it; a new one of this name goes on in the same log.');
  }

  #paint() {
    const known = this.#known;
    const status = known?.status ?? (this.#gone ? 'gone' : 'unknown');
    say(this.#state, known?.inspect?.State?.Health ? `${status}, ${known.inspect.State.Health.Status}` : status);
    this.#state.dataset.tone = known?.inspect?.State?.Health?.Status === 'unhealthy' ? 'bad' : standing(status);
    this.#image.hidden = this.#buttons.hidden = !known;
    if (known) {
      say(this.#image, imageOf(known));
      this.#image.href = `${this.#app.root}ui/images?filter=${encodeURIComponent(imageOf(known))}`;
      this.#acts.update();
    }
    keyed(this.#ports, portsOf(known?.ports ?? {}, location.hostname), ({ text }) => text, portElement);
    this.#app.title(this.#name, status === 'running' ? 'running' : known?.exit_code ? 'bad' : undefined);
    this.#tick();
  }

  #tick() {
    const { StartedAt: started = '', FinishedAt: finished = '', Running: running = false } = this.#known?.inspect?.State ?? {};
    const since = Date.parse(running ? started : finished);
    const code = !running && since > 0 ? `exit code ${this.#known.exit_code}, ` : '';
    const long = duration(Math.max(0, this.#app.now() - since));
    say(this.#how, since > 0 ? `${code}${running ? `for ${long}` : `${long} ago`}` : '');
    this.#how.title = since > 0 ? new Date(since).toLocaleString() : '';
  }

  /** Opens a tab, or tells an open one that the address has changed. @param {string} wanted */
  async #open(wanted) {
    this.#wanted = wanted;
    const { tag, load, needs, own } = TABS[wanted];
    if (this.#tab?.name === wanted) return own && this.#show(this.#tab);
    this.#close();
    if (needs && !this.#known) return; // it opens when the container is known
    try {
      await twice(load);
    } catch (error) {
      return this.#place.replaceChildren(problem(error, () => location.reload()));
    }
    if (this.#wanted !== wanted || this.#tab || !this.isConnected) return; // another was chosen meanwhile
    const element = /** @type {Tab} */ (document.createElement(tag));
    this.#place.dataset.tab = wanted;
    this.#place.replaceChildren(element);
    this.#tab = { name: wanted, element };
    this.#show(this.#tab);
  }

  /** @param {{name: string, element: Tab}} tab */
  #show({ name, element }) {
    if (name === 'log') return /** @type {any} */ (element).show(this.#app, [`containers/${this.#name}/logs`]);
    element.show(this.#app, this.#name, this.#route);
    element.learn?.(this.#known);
  }

  #close() {
    this.#tab?.element.leave();
    this.#tab = undefined;
    this.#place.replaceChildren();
  }
}

customElements.define('hub-container', HubContainer);
export { HubContainer };
