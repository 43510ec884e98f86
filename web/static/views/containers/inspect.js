// All that is known of a container: what counts as tables, the whole as JSON.

import { el } from '../../lib/dom.js';
import './json.js';
import { sectionsOf } from './summary.js';

const MASKED = '***';

class HubInspect extends HTMLElement {
  #tables = el('div', { class: 'tables' });
  #json = /** @type {import('./json.js').HubJson} */ (el('hub-json'));
  #said = '';

  show() {
    this.replaceChildren(this.#tables, el('h2', {}, 'All that the engine says'), this.#json);
  }

  leave() {}

  /** @param {any} known what the hub knows of the container */
  learn(known) {
    if (!known || JSON.stringify(known) === this.#said) return; // what is being read or marked stays
    this.#said = JSON.stringify(known);
    this.#json.show(known.inspect);
    this.#tables.replaceChildren(...sectionsOf(known).map(({ title, rows, none }) => el('section', {}, el('h3', {}, title),
      rows.length ? el('table', { class: 'table facts' }, el('tbody', {}, ...rows.map(([name, value]) =>
        el('tr', {}, el('th', { scope: 'row' }, name), el('td', { class: 'mono' }, value === MASKED ? masked() : value))))) : el('p', { class: 'soft' }, none))));
  }
}

const masked = () => el('span', { class: 'soft', title: 'Its name looks secret, so the hub does not tell its value' }, `${MASKED} (masked)`);

customElements.define('hub-inspect', HubInspect);
export { HubInspect };
