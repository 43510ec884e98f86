// What a reader takes out of a log: the commands that read the same in a
// terminal, a link to what is shown, the whole as a file.

import { curl, websocat } from '../lib/commands.js';
import { el } from '../lib/dom.js';
import { problem } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import '../components/hub-copy.js';
import { address, fileName, savePlain } from './download.js';
import { Menu } from './menu.js';

/** @typedef {import('../components/hub-copy.js').HubCopy} HubCopy */

export class TakeBar {
  #curl = /** @type {HubCopy} */ (el('hub-copy', { label: 'curl' }));
  #websocat = /** @type {HubCopy} */ (el('hub-copy', { label: 'websocat' }));
  #link = /** @type {HubCopy} */ (el('hub-copy', { label: 'link' }));
  #raw = el('a', { class: 'button' }, 'as it was written', el('small', {}, 'colours as escape sequences'));
  #plain = el('button', { type: 'button', onclick: () => this.#save() }, 'plain text', el('small', {}, 'without escape sequences'));
  #ndjson = el('a', { class: 'button' }, 'NDJSON', el('small', {}, 'each event with its time and number'));
  #download = new Menu('download', 'Download all that the hub keeps (d)', this.#raw, this.#plain, this.#ndjson);
  #base = '';
  /** @type {string[]} */ #topics = [];
  #now = Date.now;

  constructor() {
    this.element = el('div', { class: 'take' }, el('span', { class: 'hint' }, 'copy'), this.#curl, this.#websocat, this.#link, this.#download.element);
    this.#download.onopen = () => this.#name(); // which says when it was made
    for (const item of [this.#raw, this.#plain, this.#ndjson]) item.addEventListener('click', () => { this.#download.open = false; });
  }

  /** @param {string} base @param {string[]} topics @param {() => number} now */
  show(base, topics, now) {
    this.#base = base;
    this.#topics = topics;
    this.#now = now;
    this.#curl.command = curl(base, topics);
    this.#websocat.command = websocat(base, topics);
    this.#raw.href = address(base, topics, 'text');
    this.#ndjson.href = address(base, topics, 'ndjson');
    this.#name();
  }

  /** The address that shows what is shown. @param {string} href */
  set link(href) {
    this.#link.command = href;
  }

  copyLink() {
    this.#link.querySelector('button')?.click();
  }

  openDownloads() {
    this.#download.open = true;
    this.#raw.focus();
  }

  #name() {
    this.#raw.download = fileName(this.#topics, this.#now());
    this.#ndjson.download = fileName(this.#topics, this.#now(), 'ndjson');
  }

  async #save() {
    this.#plain.disabled = true;
    try {
      await savePlain(address(this.#base, this.#topics, 'text'), fileName(this.#topics, this.#now()));
    } catch (error) {
      toast(problem(error, () => this.#save()));
    } finally {
      this.#plain.disabled = false;
    }
  }
}
