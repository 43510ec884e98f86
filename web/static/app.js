// The page: its one connection, its views by address, its frame. Only here do
// the parts know of each other; a view is loaded when it is first asked for.

import { HubClient } from './client.js';
import './components/hub-connection.js';
import './components/hub-usage.js';
import { base } from './lib/base.js';
import { el } from './lib/dom.js';
import { movedTo, routeOf } from './lib/route.js';
import * as keys from './ui/keys.js';
import { problem } from './ui/problem.js';
import * as settings from './ui/settings.js';
import { watchForUpdate } from './ui/stale.js';
import { title } from './ui/status.js';
import { themeButton } from './ui/theme.js';
import { toast } from './ui/toast.js';
import { Host } from './host.js';

/** @typedef {import('./lib/route.js').Route} Route */
/** @typedef {HTMLElement & {show(app: App, route: Route): void, leave(): void}} View */

/** @type {Record<string, () => Promise<unknown>>} */
const views = {
  overview: () => import('./views/overview.js'),
  tasks: () => import('./views/tasks.js'),
  logs: () => import('./views/logs.js'),
  containers: () => import('./views/containers.js'),
  images: () => import('./views/images.js'),
  deploy: () => import('./views/deploy.js'),
  system: () => import('./views/system.js'),
};

/** What a view needs of the page. */
export class App {
  /** The hub's address. */
  base = base;
  root = new URL(this.base).pathname;
  settings = settings;
  keys = keys;
  toast = toast;
  title = title;
  client = new HubClient({ url: this.base, onState: (state) => connection.show(state) });
  host = new Host(this.client);
  /** @type {HubClient | undefined} */ #second;

  /** The hub's clock, in ms: elapsed times count by it, whatever the machine's own says. */
  now() {
    return Date.now() + this.client.clock;
  }

  /**
   * Follows topics. Events do not say which subscription they are for, so topics
   * that overlap with what is followed already (as "**" does with the header's
   * figures) go over a second connection, the one case in which there is one.
   * @param {string | string[]} topics
   * @param {import('./client.js').Handlers} handlers
   */
  follow(topics, handlers) {
    if (this.client.free(topics)) return this.client.subscribe(topics, handlers);
    this.#second ??= new HubClient({ url: this.base });
    return this.#second.subscribe(topics, handlers);
  }

  /** Waits no longer for the next attempt to connect. */
  retryNow() {
    this.client.retryNow();
    this.#second?.retryNow();
  }

  /** Leads to another address of the page. @param {string} href */
  go(href) {
    history.pushState(null, '', href);
    open();
  }

  /** The same, in place of the address there is: for filters and the like. @param {string} href */
  replace(href) {
    history.replaceState(history.state, '', href);
    open();
  }
}

const main = /** @type {HTMLElement} */ (document.querySelector('main'));
const connection = /** @type {import('./components/hub-connection.js').HubConnection} */ (document.querySelector('hub-connection'));
const usage = /** @type {import('./components/hub-usage.js').HubUsage} */ (document.querySelector('hub-usage'));
const app = new App();
connection.onretry = () => app.retryNow();
app.host.onchange((samples) => usage.show(samples));

/** @type {{name: string, element: View} | undefined} */
let current;

let turn = 0;

/** Shows what the address asks for. */
async function open() {
  const mine = ++turn;
  const moved = movedTo(location, app.root);
  if (moved) history.replaceState(null, '', moved);
  const route = routeOf(location, app.root);
  const name = route.view;
  for (const link of document.querySelectorAll('#views a')) {
    if (link instanceof HTMLElement && link.dataset.view === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (current?.name !== name) {
    current?.element.leave();
    current = undefined;
    if (!views[name]) return main.replaceChildren(nothing());
    try {
      await views[name]().catch(() => later(500).then(views[name])); // a file may have been lost on the way
    } catch (error) {
      if (mine !== turn) return;
      return main.replaceChildren(problem(error, () => location.reload()));
    }
    if (mine !== turn) return; // a later call shows what there is to show
    const element = /** @type {View} */ (document.createElement(`hub-${name}`));
    title(name === 'overview' ? '' : name);
    document.body.dataset.view = name;
    main.replaceChildren(element);
    main.scrollTop = 0;
    current = { name, element };
  }
  current.element.show(app, routeOf(location, app.root));
}

/** @param {number} ms */
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What an address of nothing shows. */
function nothing() {
  title('Not found');
  return el('div', { class: 'empty' }, el('h1', {}, 'There is nothing at this address'),
    el('p', {}, 'Perhaps a link was cut. ', el('a', { href: app.root }, 'To the overview')));
}

document.getElementById('help')?.addEventListener('click', keys.help);
themeButton(/** @type {HTMLButtonElement} */ (document.getElementById('theme')));
keys.add('Everywhere', '?', 'this list', keys.help);
for (const link of document.querySelectorAll('#views a')) {
  if (link instanceof HTMLAnchorElement && link.textContent) {
    const place = [...document.querySelectorAll('#views a')].indexOf(link) + 1;
    keys.add('Everywhere', `${place}`, link.textContent, () => app.go(link.href));
  }
}
watchForUpdate(app);
open();
addEventListener('popstate', open);

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element && event.target.closest('a');
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return;
  if (link.classList.contains('skip')) {
    event.preventDefault();
    main.focus();
  } else if (routeOf(link, app.root).view && link.pathname !== `${app.root}index.html`) {
    event.preventDefault(); // the hub would serve this same page there
    app.go(link.href);
  }
});
