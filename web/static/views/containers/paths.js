// Paths in a container, and what a list of files says of them. No document here.

/**
 * One file of a folder, as it is shown.
 * @typedef {{name: string, path: string, folder: boolean, size: number, mode: number, owner: string, modified: string, link: string}} File
 */

/** An absolute path without "." and "..", as a browser's address may hold them. @param {string} path */
export function clean(path) {
  /** @type {string[]} */ const parts = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** @param {string} folder @param {string} name */
export const join = (folder, name) => clean(`${folder}/${name}`);

/** The folder that a path lies in; the root's is itself. @param {string} path */
export const parent = (path) => clean(`${path}/..`);

/** The last name of a path; of the root "/". @param {string} path */
export const base = (path) => path.slice(path.lastIndexOf('/') + 1) || '/';

/** The folders that lead to a path, the root first. @param {string} path @returns {{name: string, path: string}[]} */
export function crumbs(path) {
  const parts = clean(path).split('/').filter(Boolean);
  return [{ name: '/', path: '/' }, ...parts.map((name, i) => ({ name, path: `/${parts.slice(0, i + 1).join('/')}` }))];
}

/** Why a name cannot be that of a new file, or "". @param {string} name */
export function wrongName(name) {
  if (!name) return 'is needed';
  if (name === '.' || name === '..') return 'is the folder itself or the one above';
  if (new TextEncoder().encode(name).length > 255) return 'is over 255 bytes';
  return name.includes('/') || name.includes('\0') ? 'cannot hold a slash' : '';
}

/**
 * The files of a folder out of the hub's list, whose first entry is the folder
 * itself; folders come first.
 * @param {string} folder
 * @param {{name: string, size: number, type: string, mode: number, uid: number, gid: number, mtime: string, link?: string}[]} entries
 * @returns {File[]}
 */
export function filesOf(folder, entries) {
  return entries.slice(1)
    .map(({ name, size, type, mode, uid, gid, mtime, link = '' }) => ({
      name: base(name), path: join(folder, base(name)), folder: type === 'dir', size, mode, owner: `${uid}:${gid}`, modified: mtime, link,
    }))
    .sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** As ls has it: drwxr-xr-x. @param {{folder: boolean, link: string, mode: number}} file */
export function modeWords({ folder, link, mode }) {
  const bits = [...'rwxrwxrwx'].map((letter, i) => (mode & (0o400 >> i) ? letter : '-'));
  for (const [bit, at, letter] of /** @type {[number, number, string][]} */ ([[0o4000, 2, 's'], [0o2000, 5, 's'], [0o1000, 8, 't']])) {
    if (mode & bit) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase();
  }
  return (folder ? 'd' : link ? 'l' : '-') + bits.join('');
}

/** The bytes that base64 stands for. @param {string} text */
export const decoded = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
