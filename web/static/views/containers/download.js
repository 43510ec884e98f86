// Files out of a container: one that is small as itself, all else as a tar.

import { post } from '../../lib/api.js';
import { el } from '../../lib/dom.js';
import { action } from '../../ui/action.js';
import { base, decoded } from './paths.js';
import { twice } from './twice.js';

const LARGEST = 8 << 20; // bytes that the hub reads of a file at once

/**
 * What downloads a file or folder.
 * @param {string} root the hub's root
 * @param {string} container
 * @param {{path: string, folder: boolean, link: string, size: number}} file
 */
export function downloading(root, container, { path, folder, link, size }) {
  if (folder || link || size > LARGEST) {
    return el('a', { class: 'button', download: true, href: tarHref(root, container, path), 'aria-label': `Download tar of ${path}` }, 'Download tar');
  }
  return action('Download', async () => {
    const { base64 } = await twice(() => post('docker/container/fs/read', { id_or_name: container, path }));
    save(new Blob([decoded(base64)], { type: 'application/octet-stream' }), base(path)) // of another type it would get another name;
  }, { name: `Download ${path}` });
}

/** @param {string} root @param {string} container @param {string} path */
export const tarHref = (root, container, path) =>
  `${root}docker/container/fs/download?${new URLSearchParams({ id_or_name: container, path })}`;

/** Gives a file to the browser to keep. @param {Blob} content @param {string} name */
function save(content, name) {
  const url = URL.createObjectURL(content);
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // by then it has been read
}
