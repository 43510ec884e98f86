// The containers view: the list of them, or one with all that belongs to it.

import './containers/list.js';
import './containers/one.js';

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../lib/route.js').Route} Route */
/** @typedef {import('./containers/list.js').HubContainerList} HubContainerList */
/** @typedef {import('./containers/one.js').HubContainer} HubContainer */

class HubContainers extends HTMLElement {
  /** @type {HubContainerList | HubContainer | undefined} */ #shown;

  /** @param {App} app @param {Route} route */
  show(app, route) {
    const wanted = route.rest.length ? 'hub-container' : 'hub-container-list';
    if (this.#shown?.localName !== wanted) {
      this.#shown?.leave();
      this.#shown = /** @type {HubContainerList | HubContainer} */ (document.createElement(wanted));
      this.replaceChildren(this.#shown);
    }
    this.#shown.show(app, route);
  }

  leave() {
    this.#shown?.leave();
  }
}

customElements.define('hub-containers', HubContainers);
export { HubContainers };
