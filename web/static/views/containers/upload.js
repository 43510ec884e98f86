// Files of this machine on their way into a folder of a container.

import { ApiError } from '../../lib/api.js';
import { tar } from '../../lib/tar.js';

/** @typedef {import('../../lib/tar.js').Entry} Entry */

/** The files of a field, with the folders they were chosen in. @param {Iterable<File>} files @returns {Entry[]} */
export const picked = (files) => [...files].map((file) => ({ name: file.webkitRelativePath || file.name, content: file, modified: file.lastModified }));

/**
 * The files and whole folders that were dropped.
 * @param {DataTransfer} drop
 * @returns {Promise<Entry[]>}
 */
export async function dropped(drop) {
  // The items are only there until the first wait.
  const roots = [...drop.items].filter(({ kind }) => kind === 'file').map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found = await Promise.all(roots.map(({ entry, file }) => (entry ? walk(entry, '') : picked(file ? [file] : []))));
  return found.flat();
}

/** @param {FileSystemEntry} entry @param {string} folder @returns {Promise<Entry[]>} */
async function walk(entry, folder) {
  const name = folder + entry.name;
  if (entry.isFile) {
    const file = await /** @type {Promise<File>} */ (new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)));
    return [{ name, content: file, modified: file.lastModified }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {Entry[]} */ const all = [{ name: `${name}/` }];
  for (;;) { // it gives out about a hundred at a time
    const some = await /** @type {Promise<FileSystemEntry[]>} */ (new Promise((resolve, reject) => reader.readEntries(resolve, reject)));
    if (!some.length) return all;
    for (const one of some) all.push(...await walk(one, `${name}/`));
  }
}

/**
 * Sends files. A fetch does not tell how far it has come, so it is the older way.
 * @param {string} url
 * @param {Entry[]} entries
 * @param {{each: (sent: number, total: number) => void, signal: AbortSignal}} on
 * @returns {Promise<{entries: number, bytes: number}>}
 */
export function send(url, entries, { each, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(signal.aborted
      ? new Error('the upload was cancelled; what had arrived before stays')
      : new ApiError('The upload broke off.', { fix: 'The hub or a file of yours could not be reached any more. What had arrived before stays; try again.' }));
    request.open('POST', url);
    request.setRequestHeader('Content-Type', 'application/x-tar');
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'text';
    request.upload.onprogress = ({ loaded, total }) => each(loaded, total);
    request.onerror = request.onabort = lost;
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 200) return resolve(body);
      const faults = Array.isArray(body?.detail) ? body.detail.map((/** @type {any} */ { msg }) => msg).join('; ') : body?.detail;
      reject(new ApiError(faults || `The hub answered ${request.status}.`, { status: request.status, requestId: request.getResponseHeader('X-Request-Id') ?? '' }));
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(tar(entries));
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's answer
  }
}
