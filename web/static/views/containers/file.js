// One file of a container: its text to read and to edit. What somebody else has
// written meanwhile is not overwritten unasked, and what is not saved outlives
// the way back.

import { ApiError, post } from '../../lib/api.js';
import { el, say } from '../../lib/dom.js';
import { bytes } from '../../lib/format.js';
import { action } from '../../ui/action.js';
import { confirm } from '../../ui/dialog.js';
import { problem } from '../../ui/problem.js';
import { downloading } from './download.js';
import { deleting, fitDelete } from './folder.js';
import { modeWords } from './paths.js';
import { twice } from './twice.js';
import { binary, closed, disguised, LARGEST, opened } from './text.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {{name: string, size: number, mode: number}} Entry of the file itself, not of a link to it */

/** Texts that were left unsaved, by container and path. @type {Map<string, {text: string, base64: string}>} */
const drafts = new Map();

class HubFile extends HTMLElement {
  /** @type {App} */ #app = /** @type {any} */ (undefined);
  #container = '';
  #path = '';
  /** @type {Entry} */ #entry = { name: '', size: 0, mode: 0o644 };
  #base64 = ''; // as it was read
  #shown = ''; // as the field showed it then
  /** @type {import('./text.js').Opened['ends']} */ #ends = '\n';
  /** @type {(() => void)[]} */ #guards = [];
  #running = true;
  /** @type {() => void} */ #removed = () => {};

  #facts = el('span', { class: 'soft nums' });
  #dirty = el('span', { class: 'badge', 'data-tone': 'warn', hidden: true }, 'not saved');
  #save = action('Save', () => this.#write(), { class: 'primary', title: 'Ctrl+S' });
  #revert = action('Revert', () => this.#put(this.#shown), { confirm: () => ({ title: `Discard your changes to ${this.#path}?`, action: 'Discard' }) });
  #bar = el('div', { class: 'bar' });
  #notes = el('div');
  #field = el('textarea', { spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', wrap: 'off' });

  /** Whether there are changes that are not saved. */
  get dirty() {
    return this.#field.isConnected && this.#field.value !== this.#shown;
  }

  /**
   * @param {App} app
   * @param {{container: string, path: string, link: string, entry: Entry, running: boolean, removed: () => void}} file `link`: where the path leads, when it is one
   */
  async show(app, { container, path, link, entry, running, removed }) {
    this.#app = app;
    this.#container = container;
    this.#path = link || path; // a write to a link would put a file in its place
    this.#entry = entry;
    this.#running = running;
    this.#removed = removed;
    this.#field.setAttribute('aria-label', `Text of ${this.#path}`);
    this.replaceChildren(this.#bar, this.#notes);
    if (link) this.#note(`A link to ${link}, which is what you see and what is saved.`);
    if (entry.size > LARGEST) return this.#tell(`${bytes(entry.size)}: too large to be shown here.`);
    try {
      await this.#read();
    } catch (error) {
      this.#bar.replaceChildren(...this.#ways());
      this.#notes.append(problem(error, () => this.show(app, { container, path, link, entry, running, removed })));
    }
  }

  /** @param {boolean} running */
  set running(running) {
    this.#running = running;
    const button = /** @type {HTMLButtonElement | null} */ (this.querySelector('.delete'));
    if (button) fitDelete(button, running);
  }

  leave() {
    for (const end of this.#guards.splice(0)) end();
    if (!this.dirty) return;
    drafts.set(this.#key, { text: this.#field.value, base64: this.#base64 });
    this.#app.toast(`Your changes to ${this.#path} are not saved. They wait there until this page is closed.`);
  }

  get #key() {
    return `${this.#container} ${this.#path}`;
  }

  #ask() {
    return twice(() => post('docker/container/fs/read', { id_or_name: this.#container, path: this.#path }));
  }

  async #read() {
    const { text, base64, size } = await this.#ask();
    if (!this.isConnected) return; // left meanwhile: a draft waits for the next one
    if (binary(text)) return this.#tell(`Not a text: ${bytes(size)} of binary data.`);
    const { shown, ends } = opened(text);
    this.#base64 = base64;
    this.#shown = shown;
    this.#ends = ends;
    this.#field.readOnly = ends === 'mixed';
    if (ends === 'mixed') this.#note('Its lines end in different ways, which editing here would change: it can only be read.');
    if (disguised(text)) this.#note('It holds invisible characters that change the order in which text shows: it may not do what it reads like.');
    say(this.#facts, [bytes(size), modeWords({ folder: false, link: '', mode: this.#entry.mode }), ends === '\r\n' ? 'lines end in CR LF' : ''].filter(Boolean).join(', '));
    this.#bar.replaceChildren(...ends === 'mixed' ? [] : [this.#save, this.#revert], this.#dirty, this.#facts, ...this.#ways());
    this.append(this.#field);
    this.#put(shown);
    this.#restore();
    this.#field.oninput = () => this.#judge();
    this.#guard();
  }

  /** Brings back what was left unsaved. */
  #restore() {
    const draft = drafts.get(this.#key);
    drafts.delete(this.#key);
    if (!draft || draft.text === this.#shown) return;
    const same = draft.base64 === this.#base64;
    this.#base64 = draft.base64; // a save must still notice what was written since
    this.#put(draft.text);
    this.#note(`Your changes that were not saved are back.${same ? '' : ' The file has changed since.'}`);
  }

  /** @param {string} text */
  #put(text) {
    this.#field.value = text;
    this.#judge();
  }

  #judge() {
    this.#dirty.hidden = !this.dirty;
    this.#save.disabled = this.#revert.disabled = !this.dirty;
  }

  async #write() {
    if (!(await this.#agreed())) return;
    const text = this.#field.value;
    const content = closed(text, this.#ends);
    await post('docker/container/fs/write', { id_or_name: this.#container, path: this.#path, content, mode: this.#entry.mode & 0o777 });
    const { base64 } = await this.#ask();
    this.#base64 = base64;
    this.#shown = text;
    this.#notes.replaceChildren();
    this.#app.toast(`${this.#path} is saved.`);
    queueMicrotask(() => queueMicrotask(() => this.#judge())); // behind the button's own end
  }

  /** Whether what would be overwritten is what was opened, or may go. */
  async #agreed() {
    /** @type {string | undefined} */ let now;
    try {
      now = (await this.#ask()).base64;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
    if (now === this.#base64) return true;
    return confirm(now === undefined
      ? { title: `Make ${this.#path} anew?`, text: 'It was deleted since you opened it.', action: 'Make it anew' }
      : { title: `Overwrite ${this.#path}?`, text: 'Somebody else has written to it since you opened it. Saving replaces what they wrote.', action: 'Overwrite' });
  }

  /** Asks before a link or a closed tab takes unsaved changes away. */
  #guard() {
    const away = new AbortController();
    const { signal } = away;
    this.#guards.push(() => away.abort(), this.#app.keys.add('File', 'Ctrl+s', 'save', () => {
      if (!this.#save.disabled) this.#save.click();
    }));
    addEventListener('beforeunload', (event) => {
      if (this.dirty) event.preventDefault();
    }, { signal });
    document.addEventListener('click', (event) => {
      const link = event.target instanceof Element && event.target.closest('a');
      if (!link || !this.dirty || link.target || link.hasAttribute('download') || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.#discard(link.href);
    }, { signal, capture: true });
  }

  /** @param {string} href where it leads */
  async #discard(href) {
    if (!(await confirm({ title: `Discard your changes to ${this.#path}?`, text: 'They are not saved.', action: 'Discard' }))) return;
    this.#put(this.#shown);
    this.#app.go(href);
  }

  #ways() {
    const file = { path: this.#path, folder: false, link: '', size: this.#entry.size };
    const remove = deleting({ container: this.#container, running: () => this.#running, changed: () => {
      this.#put(this.#shown);
      this.#removed();
    } }, file);
    fitDelete(remove, this.#running);
    return [el('span', { class: 'grow' }), downloading(this.#app.root, this.#container, file), remove];
  }

  /** @param {string} text what stands in the place of the file's own */
  #tell(text) {
    this.#bar.replaceChildren(el('span', {}, text), ...this.#ways());
  }

  /** @param {string} text */
  #note(text) {
    this.#notes.append(el('p', { class: 'notice' }, text));
  }
}

customElements.define('hub-file', HubFile);
export { HubFile };
