// The files of a container: a folder or a file at a path, and what can be done
// there.

import { ApiError, post } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el } from '../../lib/dom.js';
import { counted } from '../../lib/format.js';
import { confirm, dialog } from '../../ui/dialog.js';
import { form } from '../../ui/form.js';
import { problem } from '../../ui/problem.js';
import { tarHref } from './download.js';
import './file.js';
import { Folder } from './folder.js';
import { clean, crumbs, filesOf, join, parent, wrongName } from './paths.js';
import { twice } from './twice.js';
import { dropped, picked } from './upload.js';
import { Uploading } from './uploading.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {import('../../lib/tar.js').Entry} Entry */

class HubFiles extends HTMLElement {
  /** @type {App} */ #app = /** @type {any} */ (undefined);
  #container = '';
  #path = '';
  #running = true;
  /** @type {import('./paths.js').File[]} */ #files = [];
  /** @type {Folder | undefined} */ #folder;
  /** @type {import('./file.js').HubFile | undefined} */ #file;
  #away = new AbortController();
  #uploading = new Uploading(() => this.isConnected && this.#folder && this.#load());

  #crumbs = el('ol', { class: 'crumbs' });
  #input = el('input', { name: 'path', 'aria-label': 'Go to a path', placeholder: 'go to /path', size: 16, spellcheck: 'false' });
  #pick = el('input', { type: 'file', multiple: true, class: 'unseen', tabindex: '-1', 'aria-hidden': 'true' });
  #upload = el('button', { type: 'button', onclick: () => this.#pick.click() }, 'Upload files');
  #tar = el('a', { class: 'button', download: true }, 'Download tar');
  #curl = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'list as curl' }));
  #tools = el('span', { class: 'filetools' }, this.#upload, this.#pick,
    el('button', { type: 'button', onclick: () => this.#make('folder') }, 'New folder'),
    el('button', { type: 'button', onclick: () => this.#make('file') }, 'New file'),
    el('button', { type: 'button', onclick: () => this.#load() }, 'Reload'), this.#tar);
  #stopped = el('p', { class: 'notice', hidden: true }, 'It does not run: files can be read, written and uploaded, but not deleted.');
  #place = el('div', { class: 'content' });

  connectedCallback() {
    this.replaceChildren(
      el('div', { class: 'bar' }, el('nav', { 'aria-label': 'Path' }, this.#crumbs), el('form', { onsubmit: (/** @type {Event} */ event) => this.#go(event) }, this.#input),
        el('span', { class: 'grow' }), this.#tools, this.#curl),
      this.#stopped, this.#uploading.element, this.#place);
    this.#pick.onchange = () => {
      this.#send(picked(this.#pick.files ?? []));
      this.#pick.value = '';
    };
    this.addEventListener('dragover', (event) => this.#drag(event, true));
    this.addEventListener('dragleave', (event) => this.#drag(event, false));
    this.addEventListener('drop', async (event) => {
      this.#drag(event, false);
      if (this.#folder && event.dataTransfer) this.#send(await dropped(event.dataTransfer));
    });
  }

  /** @param {App} app @param {string} container @param {import('../../lib/route.js').Route} route */
  show(app, container, { query }) {
    const path = clean(query.get('path') ?? '/');
    if (path === this.#path) return;
    this.#app = app;
    this.#container = container;
    this.#path = path;
    this.#crumbs.replaceChildren(...crumbs(path).map((crumb) => el('li', {}, el('a', { href: this.#href(crumb.path), 'aria-current': crumb.path === path ? 'page' : false }, crumb.name))));
    this.#input.value = '';
    this.#tar.href = tarHref(app.root, container, path);
    this.#curl.command = request(app.base, 'POST', 'docker/container/fs/list', { id_or_name: container, path, depth: 1 });
    this.#load(true);
  }

  /** @param {{status: string} | undefined} known */
  learn(known) {
    this.#running = known?.status === 'running';
    this.#stopped.hidden = this.#running;
    this.#folder?.show(this.#files);
    if (this.#file) this.#file.running = this.#running;
  }

  leave() {
    this.#away.abort();
    this.#uploading.cancel();
    this.#file?.leave();
  }

  /** Reads what is at the path. @param {boolean} [elsewhere] whether it is another one than before */
  async #load(elsewhere = false) {
    this.#away.abort();
    const { signal } = this.#away = new AbortController();
    const [container, path] = [this.#container, this.#path];
    const focused = elsewhere && this.#place.contains(document.activeElement);
    if (elsewhere) this.#clear();
    try {
      const { entries, stat } = await twice(() => post('docker/container/fs/list', { id_or_name: container, path, depth: 1 }, { signal }));
      if (entries[0]?.type === 'dir') this.#showFolder(filesOf(path, entries), focused);
      else this.#showFile(entries[0], stat.linkTarget);
    } catch (error) {
      if (signal.aborted) return;
      this.#clear();
      this.#place.replaceChildren(problem(error, () => this.#load()), ...this.#hints(error));
    }
  }

  #clear() {
    this.#file?.leave();
    this.#file = this.#folder = undefined;
    this.#tools.hidden = true;
    this.#place.replaceChildren();
  }

  /** @param {import('./paths.js').File[]} files @param {boolean} focus */
  #showFolder(files, focus) {
    this.#files = files;
    this.#tools.hidden = false;
    if (!this.#folder) {
      this.#folder = new Folder({ root: this.#app.root, container: this.#container, hrefOf: (path) => this.#href(path), running: () => this.#running, changed: () => this.#load() });
      this.#place.replaceChildren(this.#folder.element);
    }
    this.#folder.show(files);
    const nothing = files.length ? [] : [el('p', { class: 'empty' }, 'Nothing is in this folder. Drop files here to upload them.')];
    this.#place.replaceChildren(this.#folder.element, ...nothing);
    if (focus) this.#folder.focus(); // whoever came from a file of another folder goes on here
  }

  /** @param {{name: string, size: number, mode: number}} entry @param {string} link */
  #showFile(entry, link) {
    this.#clear();
    this.#file = /** @type {import('./file.js').HubFile} */ (el('hub-file'));
    this.#place.replaceChildren(this.#file);
    this.#file.show(this.#app, { container: this.#container, path: this.#path, link, entry, running: this.#running, removed: () => this.#app.go(this.#href(parent(this.#path))) });
  }

  /** What helps with a path that cannot be listed. @param {unknown} error */
  #hints(error) {
    if (!(error instanceof ApiError)) return [];
    const up = el('a', { class: 'button', href: this.#href(parent(this.#path)) }, 'To the folder above');
    if (error.status !== 413) return this.#path === '/' ? [] : [up];
    return [el('p', {}, 'Go to a folder in it by its path, or take all of it as a tar:'), el('p', { class: 'bar' }, el('a', { class: 'button', download: true, href: this.#tar.href }, 'Download tar'), up)];
  }

  /** Asks for the name of a new folder or file. @param {'folder' | 'file'} kind */
  #make(kind) {
    const folder = this.#path;
    const box = dialog(`New ${kind} in ${folder}`, form({
      label: `New ${kind}`, submit: 'Make',
      fields: [{ name: 'name', label: 'Name', required: true, wide: true }],
      request: ({ name }) => {
        const wrong = wrongName(name) || (this.#files.some((file) => file.name === name) ? 'is there already' : '');
        if (wrong) throw new ApiError(wrong, { faults: [{ field: 'name', message: wrong }] });
        const path = join(folder, name);
        return kind === 'folder' ? { path: 'docker/container/fs/mkdir', body: { id_or_name: this.#container, path } }
          : { path: 'docker/container/fs/write', body: { id_or_name: this.#container, path, content: '' } };
      },
      done: ({ path }) => {
        box.close();
        if (kind === 'file') this.#app.go(this.#href(path));
        else this.#load();
      },
    }));
    box.querySelector('input')?.focus();
  }

  /** Uploads into the folder; what would be replaced is asked about. @param {Entry[]} entries */
  async #send(entries) {
    if (!entries.length) return;
    const taken = this.#files.filter(({ name, folder }) => !folder && entries.some((entry) => entry.name === name)).map(({ name }) => name);
    const inside = [...new Set(entries.filter(({ name }) => name.includes('/')).map(({ name }) => name.split('/')[0]))].filter((name) => this.#files.some((file) => file.name === name));
    const all = [...taken, ...inside.map((name) => `${name}/…`)];
    if (all.length && !(await confirm({
      title: `Replace ${all.slice(0, 3).join(', ')}${all.length > 3 ? ` and ${counted(all.length - 3, 'more')}`.replace('mores', 'more') : ''} in ${this.#path}?`,
      text: 'Files of the same name are there already. What they hold is lost.', action: 'Replace',
    }))) return;
    const query = new URLSearchParams({ id_or_name: this.#container, path: this.#path });
    await this.#uploading.run(`${this.#app.base}docker/container/fs/upload?${query}`, entries, this.#path);
  }

  /** @param {DragEvent} event @param {boolean} over */
  #drag(event, over) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault(); // else the browser leaves the page for the file
    this.classList.toggle('over', over && this.#folder !== undefined);
  }

  /** @param {Event} event */
  #go(event) {
    event.preventDefault();
    if (this.#input.value.trim()) this.#app.go(this.#href(join(this.#input.value.startsWith('/') ? '/' : this.#path, this.#input.value.trim())));
  }

  /** @param {string} path */
  #href(path) {
    return `${this.#app.root}ui/containers/${encodeURIComponent(this.#container)}/files?path=${encodeURIComponent(path).replaceAll('%2F', '/')}`;
  }
}

customElements.define('hub-files', HubFiles);
export { HubFiles };
