// The overview: the engine, the host, what runs, the containers; and on an
// engine with nothing of its own, how to begin.

import { get } from '../lib/api.js';
import { el } from '../lib/dom.js';
import { Watch } from './containers/watch.js';
import './overview/containers.js';
import './overview/engine.js';
import { hostCharts } from './overview/host.js';
import './overview/steps.js';
import './overview/tasks.js';
import { tell } from './overview/trouble.js';

/** @typedef {import('../app.js').App} App */

const SETTLED = 2_000; // ms after which an engine's list has what it has told

class HubOverview extends HTMLElement {
  #engine = /** @type {import('./overview/engine.js').HubEngine} */ (el('hub-engine'));
  #steps = /** @type {import('./overview/steps.js').HubFirstSteps} */ (el('hub-first-steps', { hidden: true }));
  #tasks = /** @type {import('./overview/tasks.js').HubOverviewTasks} */ (el('hub-overview-tasks'));
  #containers = /** @type {import('./overview/containers.js').HubOverviewContainers} */ (el('hub-overview-containers', { hidden: true }));
  #trouble = el('div');
  /** @type {Watch | undefined} */ #watch;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #second;
  /** @type {ReturnType<typeof hostCharts> | undefined} */ #host;

  /** @param {App} app */
  show(app) {
    if (this.#watch) return;
    app.title('');
    this.className = 'page';
    this.#host = hostCharts(app);
    this.replaceChildren(
      el('header', {}, el('h1', {}, 'Overview'), el('span', { class: 'grow' }), this.#engine),
      this.#trouble, this.#steps, section(this.#host.element), section(this.#tasks), section(this.#containers));
    this.#tasks.start(app);
    this.#containers.start(app);
    this.#steps.start(app);
    this.#steps.addEventListener('dismissed', () => this.#watch?.soon(0));
    this.#watch = new Watch(app, () => this.#read(), () => this.#lookTwice());
  }

  leave() {
    this.#watch?.close();
    clearTimeout(this.#second);
    this.#host?.end();
    this.#tasks.stop();
    this.#containers.stop();
  }

  /** An engine may tell of a change before its list does: a moment later the list is looked at once more. */
  #lookTwice() {
    clearTimeout(this.#second);
    this.#second = setTimeout(() => this.#watch?.soon(0), SETTLED);
    return true;
  }

  /** @returns {Promise<boolean>} whether it could */
  async #read() {
    try {
      const { engine } = await get('system/hub');
      this.#engine.show(engine);
      this.#containers.hidden = !engine.connected;
      if (engine.connected) {
        const containers = await get('docker/containers', { all: true });
        this.#containers.show(containers, await this.#steps.show(containers));
      } else {
        this.#steps.hidden = true;
      }
      this.#trouble.replaceChildren();
      return engine.connected;
    } catch (error) {
      tell(this.#trouble, error, () => this.#watch?.soon(0));
      return false;
    }
  }
}

/** @param {HTMLElement} content */
const section = (content) => el('section', {}, content);

customElements.define('hub-overview', HubOverview);
export { HubOverview };
