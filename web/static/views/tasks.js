// The tasks view: the list of tasks, or one with its timeline and its log.

import './tasks/list.js';
import './tasks/task.js';

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../lib/route.js').Route} Route */
/** @typedef {HTMLElement & {show(app: App, route: Route): void, leave(): void}} Part */

class HubTasks extends HTMLElement {
  /** @type {Part | undefined} */ #part;

  /** @param {App} app @param {Route} route */
  show(app, route) {
    const wanted = route.rest.length ? 'hub-task' : 'hub-task-list';
    if (this.#part?.localName !== wanted) {
      this.#part?.leave();
      this.#part = /** @type {Part} */ (document.createElement(wanted));
      this.replaceChildren(this.#part);
    }
    this.#part.show(app, route);
  }

  leave() {
    this.#part?.leave();
  }
}

customElements.define('hub-tasks', HubTasks);
export { HubTasks };
