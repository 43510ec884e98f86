// What the page says while nothing is chosen: how to put something in, and how
// to watch it, with this hub's own address.

import { curl, pipe, websocat } from '../lib/commands.js';
import { el } from '../lib/dom.js';
import { logHref } from '../lib/route.js';

const TOPIC = 'ci/1'; // the example's

class HubGuide extends HTMLElement {
  /** @param {string} base the hub's address with a last slash */
  show(base) {
    const root = new URL(base).pathname;
    const step = (/** @type {string} */ title, /** @type {(Node | string)[]} */ ...rest) =>
      el('li', {}, el('h2', {}, title), ...rest);
    this.replaceChildren(
      el('h1', {}, 'Pipe a command in. Watch it from anywhere.'),
      el('p', { class: 'lead' }, 'Every line is live for every reader while the command runs, and those who come later see it from its start.'),
      el('ol', {},
        step('Send', el('p', {}, 'the output of any command to a topic; the name is yours to choose:'),
          command(pipe(base, TOPIC))),
        step('Watch here', el('p', {}, 'at ', el('a', { href: logHref(TOPIC, root) }, TOPIC),
          ', or at any topic of the list. One that does not exist yet is waited for.')),
        step('Watch in a terminal', el('p', {}, 'as the lines were written, or one event a message:'),
          command(curl(base, [TOPIC])), command(websocat(base, [TOPIC])))));
  }
}

/** @param {string} text */
function command(text) {
  const copy = /** @type {import('./hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
  copy.command = text;
  return copy;
}

customElements.define('hub-guide', HubGuide);
export { HubGuide };
