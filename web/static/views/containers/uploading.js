// An upload in sight: how far it is, and a way to end it.

import { announce, el, say } from '../../lib/dom.js';
import { bytes, counted } from '../../lib/format.js';
import { problem } from '../../ui/problem.js';
import { send } from './upload.js';

/** @typedef {import('../../lib/tar.js').Entry} Entry */

export class Uploading {
  /** @type {AbortController | undefined} */ #away;
  #done;
  #words = el('span', { class: 'nums' });
  #bar = el('progress', { max: 1 });
  #cancel = el('button', { type: 'button', onclick: () => this.cancel() }, 'Cancel');
  element = el('div', { class: 'uploading', hidden: true });

  /** @param {() => void} done called after each upload, also one that failed: some of it may have arrived */
  constructor(done) {
    this.#done = done;
  }

  cancel() {
    this.#away?.abort();
  }

  /** One after another. @param {string} url @param {Entry[]} entries @param {string} folder */
  async run(url, entries, folder) {
    if (this.#away) {
      this.element.prepend(problem(new Error('An upload is on its way: wait for its end, or cancel it.')));
      return;
    }
    this.#away = new AbortController();
    const files = counted(entries.filter(({ name }) => !name.endsWith('/')).length, 'file');
    this.#bar.setAttribute('aria-label', `Upload of ${files}`);
    this.#bar.removeAttribute('value');
    this.element.replaceChildren(this.#words, this.#bar, this.#cancel);
    this.element.hidden = false;
    try {
      const { bytes: written } = await send(url, entries, { signal: this.#away.signal, each: (sent, total) => this.#tell(files, folder, sent, total) });
      announce(`${files} uploaded to ${folder}`);
      say(this.#words, `${files} uploaded to ${folder}, ${bytes(written)}`);
      this.element.replaceChildren(this.#words);
    } catch (error) {
      this.element.replaceChildren(problem(error));
    } finally {
      this.#away = undefined;
      this.#done();
    }
  }

  /** @param {string} files @param {string} folder @param {number} sent @param {number} total */
  #tell(files, folder, sent, total) {
    this.#bar.value = sent / total;
    // What has been sent has still to be written by the engine.
    say(this.#words, sent < total ? `Uploading ${files} to ${folder}: ${bytes(sent)} of ${bytes(total)}` : `Uploading ${files} to ${folder}: written by the engine …`);
    this.#bar.setAttribute('aria-valuetext', this.#words.textContent ?? '');
  }
}
