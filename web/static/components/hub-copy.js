// A command, and the button that copies it.

import { announce, el, say } from '../lib/dom.js';

const SAID = 1_600; // ms for which the button says what it did

/**
 * <hub-copy>: a button that copies `command`. With the attribute "shown" the
 * command stands beside it, else only its name.
 */
class HubCopy extends HTMLElement {
  #command = '';
  #code = el('code', { tabindex: '0' });
  #label = el('span', { class: 'label' });
  #button = el('button', { type: 'button' }, this.#label);
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  connectedCallback() {
    this.replaceChildren(...(this.hasAttribute('shown') ? [this.#code, this.#button] : [this.#button]));
    this.#button.onclick = () => this.#copy();
    this.#rest();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /** @param {string} command */
  set command(command) {
    this.#command = command;
    say(this.#code, command);
    this.#button.title = `Copy: ${command}`;
  }

  #rest() {
    say(this.#label, this.getAttribute('label') ?? 'Copy');
    this.#button.setAttribute('aria-label', `Copy ${this.getAttribute('label') ?? 'the command'}`);
    this.#button.classList.remove('done');
  }

  async #copy() {
    const done = await copy(this.#command);
    say(this.#label, done ? 'Copied' : 'Cannot copy');
    this.#button.classList.toggle('done', done);
    announce(done ? 'It is in the clipboard' : 'This browser does not let the page copy');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), SAID);
  }
}

/**
 * Copies text; a page that did not come over https or from localhost has no
 * clipboard, but may still copy a selection.
 * @param {string} text
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el('textarea', { class: 'unseen', 'aria-hidden': 'true' });
    const focused = document.activeElement;
    field.value = text;
    (focused?.closest('dialog') ?? document.body).append(field); // what is outside of an open dialog cannot be selected
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return done;
  }
}

customElements.define('hub-copy', HubCopy);
export { HubCopy };
