// The files of a folder as a table.

import { post } from '../../lib/api.js';
import { el, say } from '../../lib/dom.js';
import { bytes } from '../../lib/format.js';
import { action } from '../../ui/action.js';
import { keyed } from '../../ui/keyed.js';
import { downloading } from './download.js';
import { modeWords } from './paths.js';

/** @typedef {import('./paths.js').File} File */
/** @typedef {{root: string, container: string, hrefOf: (path: string) => string, running: () => boolean, changed: () => void}} Place */

export class Folder {
  #body = el('tbody');
  #place;
  element = el('div', { class: 'scrolls' }, el('table', { class: 'table files', 'aria-label': 'Files' },
    el('thead', {}, el('tr', {}, ...['Name', 'Size', 'Permissions', 'Owner', 'Changed'].map((title) => el('th', { class: title === 'Size' ? 'num' : '' }, title)),
      el('th', {}, el('span', { class: 'unseen' }, 'Actions')))), this.#body));

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
    this.#body.addEventListener('keydown', (event) => this.#step(event));
  }

  /** @param {File[]} files */
  show(files) {
    // A file that was replaced by another kind is another row.
    keyed(this.#body, files, (file) => `${file.folder} ${file.link} ${file.path}`, (file) => this.#row(file), (row, file) => this.#update(row, file));
  }

  /** Puts the keyboard on the first file. */
  focus() {
    this.#body.querySelector('a')?.focus();
  }

  /** @param {File} file */
  #row(file) {
    const { root, container, hrefOf } = this.#place;
    const link = el('a', { href: hrefOf(file.path), class: file.folder ? 'folder' : '' }, file.folder ? `${file.name}/` : file.name);
    return el('tr', {},
      el('th', { scope: 'row' }, link, ...(file.link ? [el('span', { class: 'soft' }, ` → ${file.link}`)] : [])),
      el('td', { class: 'num size' }), el('td', { class: 'mono mode' }), el('td', { class: 'mono owner' }), el('td', { class: 'nums changed' }, el('time')),
      el('td', { class: 'actions' }, downloading(root, container, file), ' ', deleting(this.#place, file)));
  }

  /** @param {HTMLElement} row @param {File} file */
  #update(row, file) {
    const [, size, mode, owner, changed] = row.children;
    say(size, file.folder || file.link ? '' : bytes(file.size));
    say(mode, modeWords(file));
    say(owner, file.owner);
    const time = /** @type {HTMLTimeElement} */ (changed.firstChild);
    time.dateTime = file.modified;
    say(time, stamp(file.modified));
    fitDelete(/** @type {HTMLButtonElement} */ (row.querySelector('.delete')), this.#place.running());
  }

  /** Arrows go from file to file. @param {KeyboardEvent} event */
  #step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target instanceof Element && event.target.closest('tr');
    if (!by || !row || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = by > 0 ? row.nextElementSibling : row.previousElementSibling;
    event.preventDefault();
    next?.querySelector('a')?.focus();
  }
}

/**
 * The button that deletes a file.
 * @param {{container: string, running: () => boolean, changed: () => void}} place
 * @param {{path: string, folder: boolean}} file
 */
export function deleting({ container, changed }, { path, folder }) {
  return action('Delete', async () => {
    const { exit_code: code, output } = await post('docker/container/fs/delete', { id_or_name: container, path });
    if (code !== 0) throw new Error(`rm could not delete ${path} (exit code ${code}): ${output || 'it did not say why'}`);
    changed();
  }, {
    class: 'delete', name: `Delete ${path}`,
    confirm: { title: `Delete ${path}?`, text: folder ? 'The folder goes with all that is in it. This cannot be undone.' : 'This cannot be undone.', action: 'Delete' },
  });
}

/** Deleting is done by the container's own rm. @param {HTMLButtonElement} button @param {boolean} running */
export function fitDelete(button, running) {
  button.disabled = !running;
  button.title = running ? '' : 'Only a running container can delete its files: start it first';
}

/** @param {string} iso */
function stamp(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
