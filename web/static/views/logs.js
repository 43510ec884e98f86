// The logs: the list of topics, and beside it one log, or, while none is
// chosen, how to begin.

import '../components/hub-guide.js';
import '../components/hub-topics.js';
import { el, say } from '../lib/dom.js';
import { logHref } from '../lib/route.js';
import '../log/hub-log-panel.js';

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../lib/route.js').Route} Route */

class HubLogs extends HTMLElement {
  #list = /** @type {import('../components/hub-topics.js').HubTopics} */ (el('hub-topics'));
  #guide = /** @type {import('../components/hub-guide.js').HubGuide} */ (el('hub-guide'));
  #panel = /** @type {import('../log/hub-log-panel.js').HubLogPanel} */ (el('hub-log-panel'));
  #name = el('h1');
  #back = el('a', { class: 'back', href: '/ui/logs', 'aria-label': 'All topics', title: 'All topics' }, '‹');
  #started = false;

  /** @param {App} app @param {Route} route */
  show(app, { topics }) {
    if (!this.#started) this.#start(app);
    const one = topics.length > 0;
    this.classList.toggle('chosen', one);
    this.#guide.hidden = one;
    this.#panel.hidden = !one;
    this.#list.choose(topics);
    if (one) {
      const name = topics.join(', ');
      say(this.#name, name);
      this.#panel.show(app, topics, { title: name, lead: [this.#back, this.#name] });
    } else {
      this.#panel.leave();
      app.title('Logs');
    }
  }

  leave() {
    this.#panel.leave();
    this.#list.stop();
  }

  /** @param {App} app */
  #start(app) {
    this.#started = true;
    this.#back.href = `${app.root}ui/logs`;
    const skip = el('a', { class: 'skip', href: '#log', onclick: (event) => {
      event.preventDefault();
      this.#panel.focus();
    } }, 'Skip to the log');
    this.replaceChildren(el('nav', { 'aria-label': 'Topics' }, skip, this.#list), el('div', { class: 'beside' }, this.#guide, this.#panel));
    this.#guide.show(app.base);
    this.#list.start(app.base);
    this.#list.onchoose = (topics) => app.go(topics.length ? logHref(topics, app.root) : this.#back.href);
  }
}

customElements.define('hub-logs', HubLogs);
