// The state of the page's connection to the hub, always in sight.

import { announce, el, say } from '../lib/dom.js';

/** @typedef {import('../client.js').State} State */

class HubConnection extends HTMLElement {
  #word = el('span', { class: 'word' }, 'connecting');
  #retry = el('button', { type: 'button', class: 'quiet', hidden: true }, 'now');

  #lost = false;

  /** @type {() => void} what "now" does */
  onretry = () => {};

  connectedCallback() {
    this.replaceChildren(el('span', { class: 'dot', 'aria-hidden': 'true' }), this.#word, this.#retry);
    this.#retry.onclick = () => this.onretry();
    this.#retry.setAttribute('aria-label', 'Reconnect now');
    this.dataset.state ??= 'connecting';
  }

  /** @param {State} state */
  show(state) {
    const before = this.dataset.state;
    this.dataset.state = state.name;
    say(this.#word, sentence(state));
    this.#retry.hidden = state.name !== 'reconnecting';
    this.title = [state.transport && `over ${state.transport}`, state.reason].filter(Boolean).join(', ');
    if (before === state.name) return; // the countdown is not read out
    if (state.name === 'reconnecting' && before === 'live') {
      this.#lost = true;
      announce('Connection lost, reconnecting');
    }
    if (state.name === 'live' && this.#lost) {
      this.#lost = false;
      announce('Connected again');
    }
    if (state.name === 'closed') announce('Connection closed');
  }
}

/** @param {State} state */
export function sentence({ name, seconds, reason }) {
  if (name === 'reconnecting') return `reconnecting in ${seconds} s`;
  if (name === 'closed' && reason) return `closed: ${reason}`;
  return name;
}

customElements.define('hub-connection', HubConnection);
export { HubConnection };
