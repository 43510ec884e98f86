// The Docker engine's state: connected and which one, or why not and what helps.

import { el, say } from '../../lib/dom.js';
import { command } from './empty.js';
import { causeOf, fixFor } from './fix.js';

/** @typedef {{connected: boolean, version?: string, api?: string, reason?: string}} Engine */

export class HubEngine extends HTMLElement {
  #badge = el('span', { class: 'badge' });
  #said = '';

  connectedCallback() {
    this.replaceChildren(this.#badge);
  }

  /** @param {Engine} engine */
  show({ connected, version, api, reason = '' }) {
    this.#badge.dataset.tone = connected ? 'good' : 'bad';
    say(this.#badge, connected ? `✓ Docker ${version ?? ''} connected` : '✗ no Docker engine');
    this.#badge.title = api ? `API ${api}` : '';
    const said = connected ? '' : reason || 'unknown';
    if (said === this.#said) return;
    this.#said = said;
    this.replaceChildren(this.#badge, ...(connected ? [] : [away(reason)]));
  }
}

/** @param {string} reason */
function away(reason) {
  const { fix, run } = fixFor(reason);
  return el('div', { class: 'problem', role: 'alert' },
    el('p', { class: 'cause' }, `The Docker engine is not there: ${causeOf(reason)}`),
    el('p', {}, fix), command(run),
    el('p', { class: 'request' }, 'The hub looks for it again every few seconds, and this page says when it is there. Commands, streams and the host’s figures work without it.'));
}

customElements.define('hub-engine', HubEngine);
